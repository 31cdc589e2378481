import Shared

/// Picks the usage out of an answer that is not held: one object of JSON, or a stream of events with one in each.
///
/// - Shape: pure; any pieces in. The bytes of a few fields are kept, within their bounds. Of the usages of several events the last counts, or
///   their sum where each tells of another image.
struct UsageCapture {
    private let request: ParsedRequest
    private var usageField: JSONFieldCapture
    private var otherField: JSONFieldCapture?
    private var tierField = JSONFieldCapture(name: "service_tier", byteCountMax: 64)
    /// Nil: the answer is one object.
    private var lines: EventLines?
    private var ofEvents: PassedUsage?

    init(of request: ParsedRequest, isEvents: Bool = false) {
        self.request = request
        usageField = JSONFieldCapture(name: PassedUsage.field(of: request))
        otherField = PassedUsage.otherField(of: request).map { JSONFieldCapture(name: $0) }
        if isEvents { lines = EventLines() }
    }

    mutating func feed(_ bytes: UnsafeRawBufferPointer) {
        guard lines != nil else { return unsafe feed(object: bytes) }
        var start = 0
        while let piece = unsafe lines?.next(bytes, from: &start) {
            switch piece {
            case .data(let range): unsafe feed(object: UnsafeRawBufferPointer(rebasing: bytes[range]))
            case .eventEnd: endEvent()
            }
        }
    }

    private mutating func feed(object bytes: UnsafeRawBufferPointer) {
        unsafe usageField.feed(bytes)
        unsafe otherField?.feed(bytes)
        unsafe tierField.feed(bytes)
    }

    private mutating func endEvent() {
        if let found = ofObject {
            if request.endpoint.makesMedia, let earlier = ofEvents {
                ofEvents = PassedUsage(usage: earlier.usage.adding(found.usage))
            } else {
                ofEvents = found
            }
        }
        usageField.reset()
        otherField?.reset()
        tierField.reset()
    }

    /// What has been told by now; nil: nothing that can be read.
    var found: PassedUsage? { lines == nil ? ofObject : ofEvents }

    private var ofObject: PassedUsage? {
        guard let value = usageField.value else {
            return otherField?.value.flatMap { PassedUsage.read($0, of: request) }
        }
        guard var usage = unsafe value.withUnsafeBytes({ unsafe UsageReader.read($0, in: 0..<$0.count) }) else {
            return PassedUsage.read(value, of: request)
        }
        // Captured with its quotes.
        let name = tierField.value.map { String(decoding: $0.dropFirst().dropLast(), as: UTF8.self) } ?? ""
        usage.serviceTier = ServiceTier(reported: name) ?? .standard
        return PassedUsage(usage: usage)
    }
}

extension Outcome {
    /// The provider has said what it bills.
    func take(_ found: PassedUsage) {
        usage = found.usage
        units = found.units
        usageReported = true
    }
}

extension TokenUsage {
    /// Of two answers together.
    fileprivate func adding(_ other: TokenUsage) -> TokenUsage {
        TokenUsage(
            input: input.addingSaturating(other.input), cachedInput: cachedInput.addingSaturating(other.cachedInput),
            audioInput: audioInput.addingSaturating(other.audioInput),
            imageInput: imageInput.addingSaturating(other.imageInput), output: output.addingSaturating(other.output),
            reasoning: reasoning.addingSaturating(other.reasoning),
            audioOutput: audioOutput.addingSaturating(other.audioOutput),
            imageOutput: imageOutput.addingSaturating(other.imageOutput), serviceTier: other.serviceTier)
    }
}
