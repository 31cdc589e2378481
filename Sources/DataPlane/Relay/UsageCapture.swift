import Shared

/// Picks the usage out of a plain answer that is not held.
///
/// - Shape: pure; any pieces in. The bytes of a few fields are kept, within their bounds.
struct UsageCapture {
    private let request: ParsedRequest
    private var usageField: JSONFieldCapture
    private var otherField: JSONFieldCapture?
    private var tierField = JSONFieldCapture(name: "service_tier", byteCountMax: 64)

    init(of request: ParsedRequest) {
        self.request = request
        usageField = JSONFieldCapture(name: PassedUsage.field(of: request))
        otherField = PassedUsage.otherField(of: request).map { JSONFieldCapture(name: $0) }
    }

    mutating func feed(_ bytes: UnsafeRawBufferPointer) {
        unsafe usageField.feed(bytes)
        unsafe otherField?.feed(bytes)
        unsafe tierField.feed(bytes)
    }

    /// What has been told by now; nil: nothing that can be read.
    var found: PassedUsage? {
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
