import Shared

/// The bytes that the upstream answers with, made once.
struct CannedAnswers: Sendable {
    /// In every answer, so that the load generator knows it for ours.
    static let marker: StaticString = "marker-5e1f"

    let plain: [UInt8]
    let streamHead: [UInt8]
    /// One HTTP chunk each, an event inside.
    let firstChunk: [UInt8]
    let chunk: [UInt8]
    let lastChunk: [UInt8]
    /// What a caller who asked for it gets between the last event and `[DONE]`.
    let usageChunk: [UInt8]
    let ending: [UInt8]

    init(chunks: Int) {
        let usage = #"""
            "usage":{"prompt_tokens":96,"completion_tokens":\#(chunks),"total_tokens":\#(96 + chunks),\#
            "prompt_tokens_details":{"cached_tokens":0,"audio_tokens":0},"completion_tokens_details":{\#
            "reasoning_tokens":0,"audio_tokens":0,"accepted_prediction_tokens":0,"rejected_prediction_tokens":0}}
            """#
        let body = #"""
            {"id":"chatcmpl-bench0000000000000000000","object":"chat.completion","created":1750000000,"model":"bench",\#
            "choices":[{"index":0,"message":{"role":"assistant","content":"Amelia Earhart is on shelf 629.13 in the \#
            young readers' room, and the copy with the maps is there today. A second one, with fewer pictures and \#
            more of her own letters, stands beside it and is lent out until the ninth. Ask at the desk if the shelf \#
            is empty: returned books wait there for an hour before they go back. \#(Self.marker)","refusal":null},\#
            "logprobs":null,"finish_reason":"stop"}],\#(usage),"service_tier":"default","system_fingerprint":"fp_bench"}
            """#
        plain = Self.answer(
            ["Content-Type: application/json", "Content-Length: \(body.utf8.count)", "x-request-id: req_bench"], body)
        streamHead = Self.answer(
            [
                "Content-Type: text/event-stream; charset=utf-8", "Cache-Control: no-cache",
                "Transfer-Encoding: chunked", "x-request-id: req_bench",
            ], "")
        firstChunk = Self.event(delta: #"{"role":"assistant","content":"\#(Self.marker)"}"#, finish: "null")
        chunk = Self.event(delta: #"{"content":" a word"}"#, finish: "null")
        lastChunk = Self.event(delta: "{}", finish: #""stop""#)
        usageChunk = Self.event(choices: "[]", rest: ",\(usage)")
        ending = Self.chunked("data: [DONE]\n\n") + Array("0\r\n\r\n".utf8)
    }

    private static func answer(_ headers: [String], _ body: String) -> [UInt8] {
        Array((["HTTP/1.1 200 OK"] + headers + ["", body]).joined(separator: "\r\n").utf8)
    }

    private static func event(delta: String, finish: String) -> [UInt8] {
        event(choices: #"[{"index":0,"delta":\#(delta),"logprobs":null,"finish_reason":\#(finish)}]"#, rest: "")
    }

    private static func event(choices: String, rest: String) -> [UInt8] {
        let data = #"""
            {"id":"chatcmpl-bench0000000000000000000","object":"chat.completion.chunk","created":1750000000,\#
            "model":"bench","system_fingerprint":"fp_bench","choices":\#(choices)\#(rest)}
            """#
        return chunked("data: \(data)\n\n")
    }

    private static func chunked(_ payload: String) -> [UInt8] {
        Array("\(String(payload.utf8.count, radix: 16))\r\n\(payload)\r\n".utf8)
    }
}

/// One connection of the upstream: reads a request, answers from the canned bytes, and so on.
///
/// Reads no more of a request than it must: its length, and whether a stream is wanted. It trusts its caller, which is the
/// gateway under measurement or the load generator itself.
struct UpstreamConnection {
    private let answers: CannedAnswers
    private let options: UpstreamOptions

    init(_ answers: CannedAnswers, _ options: UpstreamOptions) {
        self.answers = answers
        self.options = options
    }

    func serve(_ descriptor: Int32, on loop: EventLoop) async {
        guard let connection = try? Connection(adopting: descriptor, on: loop) else { return }
        defer { connection.close() }
        do {
            while try await answerOne(connection) {}
        } catch {
            // The peer left in the middle; there is nobody to tell.
        }
    }

    /// False at the end of the stream, and for a request that this server is not made for.
    private func answerOne(_ connection: Connection) async throws(ConnectionError) -> Bool {
        let input = connection.input
        var headEnd = input.find("\r\n\r\n")
        while headEnd == nil {
            if try await connection.fill() == 0 { return false }
            headEnd = input.find("\r\n\r\n")
        }
        guard let headEnd, let length = contentLength(input, headEnd: headEnd) else { return false }
        let whole = headEnd + 4 + length
        while input.count < whole {
            if try await connection.fill() == 0 { return false }
        }
        let isStreamed = input.find("\"stream\":true", from: headEnd) != nil
        let wantsUsage = isStreamed && input.find("\"include_usage\":true", from: headEnd) != nil
        input.consume(whole)
        if isStreamed {
            try await stream(to: connection, withUsage: wantsUsage)
        } else {
            connection.output.append(answers.plain)
            try await connection.flush()
        }
        return true
    }

    private func contentLength(_ input: ByteBuffer, headEnd: Int) -> Int? {
        // Without the first letter both spellings that are sent here begin alike.
        guard let start = input.find("ontent-Length:") ?? input.find("ontent-length:"), start < headEnd else {
            return nil
        }
        return unsafe AnswerReader.length(input.readable, from: start + 14)
    }

    /// Each chunk is a write of its own, as from a model that makes one token after another.
    private func stream(to connection: Connection, withUsage: Bool) async throws(ConnectionError) {
        connection.output.append(answers.streamHead)
        for index in 0..<options.chunks {
            connection.output.append(index == 0 ? answers.firstChunk : answers.chunk)
            try await connection.flush()
            if options.chunkDelayMilliseconds > 0 {
                await connection.loop.sleep(for: .milliseconds(options.chunkDelayMilliseconds))
            }
        }
        connection.output.append(answers.lastChunk)
        if withUsage { connection.output.append(answers.usageChunk) }
        connection.output.append(answers.ending)
        try await connection.flush()
    }
}
