import Shared
import Translate

/// The usage of answers that pass, where it is not written as in a chat of OpenAI's.
struct PassedUsage: Equatable {
    var usage: TokenUsage
    /// What a provider bills that does not bill tokens.
    var units: UInt64 = 1

    /// The top-level field that holds it.
    static func field(of request: ParsedRequest) -> String {
        request.dialect.embedding?.usageField ?? "usage"
    }

    /// Where it stands in its place; nil: nowhere.
    static func otherField(of request: ParsedRequest) -> String? { request.endpoint == .rerank ? "meta" : nil }

    /// What a whole answer says that it used; nil when it says nothing that can be read.
    static func read(answer bytes: UnsafeRawBufferPointer, to request: ParsedRequest) -> PassedUsage? {
        if let usage = unsafe UsageReader.read(answer: bytes) { return PassedUsage(usage: usage) }
        for name in [field(of: request), otherField(of: request)] {
            guard let name else { continue }
            var capture = JSONFieldCapture(name: name)
            unsafe capture.feed(bytes)
            if let found = capture.value.flatMap({ read($0, of: request) }) { return found }
        }
        return nil
    }

    /// What the value of one of the two fields says.
    static func read(_ value: [UInt8], of request: ParsedRequest) -> PassedUsage? {
        guard let json = try? JSONValue(parsing: value), json.object != nil else { return nil }
        if let codec = request.dialect.embedding { return codec.usage(of: json).map { PassedUsage(usage: $0) } }
        return searches(json) ?? tokens(json, request.endpoint)
    }

    /// - Source: OpenAI API reference, `usage` of images, of speech and of transcriptions, whose seconds are tokens here; Jina, "Reranker API": `total_tokens` alone.
    private static func tokens(_ json: JSONValue, _ endpoint: Endpoint) -> PassedUsage? {
        if json["type"]?.string == "duration", let seconds = count(json["seconds"]) {
            let input = UInt32(clamping: seconds)
            return PassedUsage(usage: TokenUsage(input: input, audioInput: input))
        }
        var usage = OpenAIUsage()
        usage.completion = count(json["output_tokens"]) ?? 0
        usage.total = count(json["total_tokens"]) ?? 0
        guard let input = count(json["input_tokens"]) ?? (usage.total > 0 ? usage.total : nil) else { return nil }
        usage.prompt = input
        let inputs = json["input_tokens_details"] ?? json["input_token_details"]
        usage.cached = count(inputs?["cached_tokens"]) ?? 0
        usage.imageInput = count(inputs?["image_tokens"]) ?? 0
        usage.audioInput = count(inputs?["audio_tokens"]) ?? 0
        let outputs = json["output_tokens_details"]
        let text = count(outputs?["text_tokens"]) ?? 0
        // What is made is not text, where nothing else is said.
        let media = usage.completion - min(text, usage.completion)
        if endpoint.isOfImages { usage.imageOutput = count(outputs?["image_tokens"]) ?? media }
        if endpoint == .speech { usage.audioOutput = count(outputs?["audio_tokens"]) ?? media }
        return PassedUsage(usage: usage.normalized)
    }

    /// - Source: Cohere, "Rerank": `meta.billed_units`, beside which `meta.tokens` counts what is not billed.
    private static func searches(_ meta: JSONValue) -> PassedUsage? {
        guard let units = count(meta["billed_units"]?["search_units"]) else { return nil }
        return PassedUsage(usage: .zero, units: max(1, units))
    }

    /// Some servers write whole numbers with a fraction.
    private static func count(_ value: JSONValue?) -> UInt64? {
        guard let number = value?.number else { return nil }
        if let whole = number.integer(as: UInt64.self) { return whole }
        return number.double.flatMap { $0 >= 0 && $0 < 0x1p63 ? UInt64($0.rounded(.up)) : nil }
    }
}
