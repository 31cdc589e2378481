import Shared

/// Picks the usage out of a plain answer that is not held.
///
/// - Shape: pure; any pieces in. The bytes of two fields are kept, within their bounds.
struct UsageCapture {
    private let request: ParsedRequest
    private var usageField: JSONFieldCapture
    private var tierField = JSONFieldCapture(name: "service_tier", byteCountMax: 64)

    init(of request: ParsedRequest) {
        self.request = request
        usageField = JSONFieldCapture(name: PassedUsage.field(of: request))
    }

    mutating func feed(_ bytes: UnsafeRawBufferPointer) {
        unsafe usageField.feed(bytes)
        unsafe tierField.feed(bytes)
    }

    /// What has been told by now; nil: nothing that can be read.
    var usage: TokenUsage? {
        guard let value = usageField.value,
            var usage = unsafe value.withUnsafeBytes({ unsafe UsageReader.read($0, in: 0..<$0.count) })
                ?? PassedUsage.read(value, of: request)
        else { return nil }
        // Captured with its quotes.
        let name = tierField.value.map { String(decoding: $0.dropFirst().dropLast(), as: UTF8.self) } ?? ""
        usage.serviceTier = ServiceTier(reported: name) ?? .standard
        return usage
    }
}
