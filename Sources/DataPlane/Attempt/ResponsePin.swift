import Shared

/// Which provider keeps a response, and under which credential: who goes on from it (`previous_response_id`) can do so there only.
///
/// - Shape: every data plane has to know, and none remembers. So it stands behind the identity that the provider gave: `resp_...-weir` and
///   sixteen hexadecimal digits. Callers give identities back as they are.
struct ResponsePin: Hashable, Sendable {
    /// The last 32 bits of the provider's and of the credential's ID, which are random.
    private let provider: UInt32
    private let credential: UInt32

    private static let mark = "-weir"
    private static let digits = 16

    init(_ target: CompiledTarget, _ credential: CompiledCredential) {
        provider = UInt32(truncatingIfNeeded: target.provider.id.low)
        self.credential = UInt32(truncatingIfNeeded: credential.id.low)
    }

    /// The identity as its provider knows it, and who that is; nil where nobody has said.
    static func read(_ id: String) -> (id: String, pin: ResponsePin)? {
        let bytes = Array(id.utf8)
        guard bytes.count > mark.utf8.count + digits,
            let value = UInt64(String(decoding: bytes.suffix(digits), as: UTF8.self), radix: 16),
            bytes.dropLast(digits).suffix(mark.utf8.count).elementsEqual(mark.utf8)
        else { return nil }
        let own = String(decoding: bytes.dropLast(digits + mark.utf8.count), as: UTF8.self)
        return (own, ResponsePin(provider: UInt32(value >> 32), credential: UInt32(truncatingIfNeeded: value)))
    }

    private init(provider: UInt32, credential: UInt32) {
        (self.provider, self.credential) = (provider, credential)
    }

    /// - Errors: `inexpressible`, where the target's provider does not keep it.
    func check(_ target: CompiledTarget) throws(AttemptError) {
        guard provider == UInt32(truncatingIfNeeded: target.provider.id.low) else {
            throw .inexpressible(field: PreviousResponse.field, reason: "another provider gave and keeps that response")
        }
    }

    /// What stands behind the identity.
    var suffix: String {
        let digits = String(UInt64(provider) << 32 | UInt64(credential), radix: 16)
        return Self.mark + String(repeating: "0", count: Self.digits - digits.count) + digits
    }

    func names(_ credential: CompiledCredential) -> Bool {
        self.credential == UInt32(truncatingIfNeeded: credential.id.low)
    }
}

/// Puts what callers know a response by in the place of what its provider calls it, wherever an answer names it.
///
/// - Shape: every other byte stays. Identities are plain ASCII, so that they stand in JSON as they are.
struct ResponseNaming {
    private let suffix: [UInt8]
    /// Quoted: from the provider's to the caller's.
    private var names: [(provider: [UInt8], caller: [UInt8])] = []
    private var knowsOwn = false

    /// - Parameter previous: what the request goes on from, which its answer names too.
    init(_ pin: ResponsePin, _ previous: PreviousResponse?) {
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
