import Shared

/// Puts what callers know a response by in the place of what its provider calls it, wherever an answer names it.
///
/// - Shape: every other byte stays. Identities are plain ASCII, so that they stand in JSON as they are.
struct ResponseNaming {
    private let suffix: [UInt8]
    /// Quoted: from the provider's to the caller's.
    private var names: [(provider: [UInt8], caller: [UInt8])] = []
    private var knowsOwn = false

    /// - Parameter previous: what the request goes on from, which its answer names too.
    init(_ pin: ProviderPin, _ previous: PreviousResponse?) {
        suffix = Array(pin.suffix.utf8)
        if let previous, previous.pin != nil { add(previous.provider, previous.caller) }
    }

    /// The identity of the response itself, once it is known.
    mutating func learn(_ id: String) {
        guard !knowsOwn, !id.isEmpty else { return }
        knowsOwn = true
        add(id, id + String(decoding: suffix, as: UTF8.self))
    }

    private mutating func add(_ provider: String, _ caller: String) {
        let isPlain = provider.utf8.allSatisfy { (0x21...0x7e).contains($0) && $0 != 0x22 && $0 != 0x5c }
        guard isPlain else { return }
        names.append((Array("\"\(provider)\"".utf8), Array("\"\(caller)\"".utf8)))
    }

    /// Appends `bytes`, a whole JSON text or event, with the names changed.
    func append(_ bytes: UnsafeRawBufferPointer, to output: ByteBuffer) {
        var start = 0
        while let hit = unsafe next(in: bytes, from: start) {
            unsafe output.append(UnsafeRawBufferPointer(rebasing: bytes[start..<hit.place]))
            output.append(hit.name.caller)
            start = hit.place + hit.name.provider.count
        }
        unsafe output.append(UnsafeRawBufferPointer(rebasing: bytes[start...]))
    }

    private func next(
        in bytes: UnsafeRawBufferPointer, from start: Int
    ) -> (place: Int, name: (provider: [UInt8], caller: [UInt8]))? {
        var first: (place: Int, name: (provider: [UInt8], caller: [UInt8]))?
        for name in names {
            let place = unsafe name.provider.withUnsafeBytes { unsafe bytes.find($0, from: start) }
            if let place, place < first?.place ?? .max { first = (place, name) }
        }
        return first
    }
}
