/// What was wrong with the command line.
struct UsageError: Error {
    var message: String
    init(_ message: String) { self.message = message }
}

/// `command --name=value --flag`. Every argument must be asked for once: what remains at the end is an error.
struct Arguments {
    let command: String?
    private var values: [String: String] = [:]

    init(_ arguments: some Sequence<String>) {
        let all = Array(arguments)
        command = all.first
        for argument in all.dropFirst() {
            let parts = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            values[String(parts[0])] = parts.count > 1 ? String(parts[1]) : ""
        }
    }

    mutating func text(_ name: String, default fallback: String) -> String {
        values.removeValue(forKey: name) ?? fallback
    }

    mutating func flag(_ name: String) -> Bool { values.removeValue(forKey: name) != nil }

    mutating func number(
        _ name: String, in range: ClosedRange<Int>, default fallback: Int? = nil
    ) throws(UsageError) -> Int {
        guard let text = values.removeValue(forKey: name) else {
            guard let fallback else { throw UsageError("\(name) is missing") }
            return fallback
        }
        guard let number = Int(text), range.contains(number) else {
            throw UsageError("\(name): got \"\(text)\", want \(range.lowerBound)...\(range.upperBound)")
        }
        return number
    }

    func finish() throws(UsageError) {
        if let unknown = values.keys.min() { throw UsageError("\(unknown) is not an option of this command") }
    }
}

struct LoadOptions: Sendable {
    var port: UInt16
    var connections: Int
    var seconds: Int
    /// Of these: what is asked in them has no part in the quantiles.
    var warmUpMilliseconds: Int
    var timeoutSeconds: Int
    /// Authorities of the server's certificate; empty: plain.
    var caFile: String
    /// Of a streamed answer, without `[DONE]`; nil for a plain one.
    var events: Int?
    /// The whole request, head and body: the same bytes each time.
    var request: [UInt8]

    init(_ arguments: inout Arguments) throws(UsageError) {
        port = UInt16(try arguments.number("--port", in: 1...65_535))
        connections = try arguments.number("--connections", in: 1...10_000, default: 64)
        seconds = try arguments.number("--seconds", in: 1...3600, default: 5)
        warmUpMilliseconds = try arguments.number("--warm-up-milliseconds", in: 0...60_000, default: 0)
        timeoutSeconds = try arguments.number("--timeout-seconds", in: 1...3600, default: 30)
        caFile = arguments.text("--ca-file", default: "")
        let path = arguments.text("--path", default: "/v1/chat/completions")
        let key = arguments.text("--key", default: "none")
        let model = arguments.text("--model", default: "bench")
        let bodyBytes = try arguments.number("--body-bytes", in: 0...1_000_000, default: 0)
        let expected = try arguments.number("--events", in: 1...1_000_000, default: 51)
        events = arguments.flag("--stream") ? expected : nil
        try arguments.finish()
        request = ChatRequest.bytes(
            port: port, path: path, key: key, model: model, isStreamed: events != nil, bodyBytesMin: bodyBytes)
    }
}

/// A small chat request, the same bytes each time.
enum ChatRequest {
    /// - Parameter bodyBytesMin: the user's message is so much longer that the body has as many bytes, where it has not.
    static func bytes(
        port: UInt16, path: String = "/v1/chat/completions", key: String, model: String, isStreamed: Bool,
        bodyBytesMin: Int = 0
    ) -> [UInt8] {
        let short = body(model: model, isStreamed: isStreamed)
        let words = "and so on, "
        let more = max(0, bodyBytesMin - short.utf8.count)
        let padding = String(repeating: words, count: more / words.utf8.count + 1).prefix(more)
        let body = body(model: model, isStreamed: isStreamed, ending: padding)
        return Array((head(port: port, path: path, key: key, bodyBytes: body.utf8.count) + body).utf8)
    }

    static func head(
        port: UInt16, path: String = "/v1/chat/completions", key: String, bodyBytes: Int
    ) -> String {
        """
        POST \(path) HTTP/1.1\r
        Host: 127.0.0.1:\(port)\r
        Authorization: Bearer \(key)\r
        Content-Type: application/json\r
        Accept: application/json\r
        User-Agent: weir-load\r
        Content-Length: \(bodyBytes)\r
        \r

        """
    }

    /// Half a kilobyte, as a small chat request is.
    static func body(model: String, isStreamed: Bool, ending: Substring = "") -> String {
        #"""
        {"model":"\#(model)","messages":[{"role":"system","content":"You are the assistant of a public library. Answer \#
        in two sentences, name the shelf, and say when you do not know."},{"role":"user","content":"I read about the \#
        first woman who crossed the Atlantic alone in an aeroplane and would like a book about her, one that a \#
        twelve-year-old enjoys, with maps if there is such a thing. Which shelf do I go to, and is it lent out at the \#
        moment?\#(ending)"}],"temperature":0.7,"max_tokens":256,"stream":\#(isStreamed)}
        """#
    }
}

struct UpstreamOptions: Sendable {
    var port: UInt16
    /// Content chunks of a stream; one that ends it, the usage where asked for and `[DONE]` follow.
    var chunks: Int
    var chunkDelayMilliseconds: Int

    init(_ arguments: inout Arguments) throws(UsageError) {
        port = UInt16(try arguments.number("--port", in: 0...65_535))
        chunks = try arguments.number("--chunks", in: 1...100_000, default: 50)
        chunkDelayMilliseconds = try arguments.number("--chunk-delay-milliseconds", in: 0...60_000, default: 2)
        try arguments.finish()
    }
}
