import Shared
import XCTest

@testable import DataPlane

/// Each line of a batch's input is a request that the key may send.
final class BatchInputTests: XCTestCase {
    private let chat = BatchEndpoint.all[0]

    private func line(
        _ body: String, url: String = "/v1/chat/completions", id: String = "1", more: String = ""
    ) -> String {
        #"{"custom_id":"\#(id)","method":"POST","url":"\#(url)"\#(more),"body":\#(body)}"#
    }

    private func chatBody(_ text: String, model: String = "gpt", more: String = #","max_tokens":10"#) -> String {
        #"{"model":"\#(model)","messages":[{"role":"user","content":"\#(text)"}]\#(more)}"#
    }

    /// - Parameter cuts: where the text is split.
    private func read(
        _ text: String, _ fixture: StoredFixture, for lines: BatchEndpoint? = nil, cuts: [Int] = [],
        lineBytesMax: Int = 100_000
    ) throws -> (worth: BatchWorth, plan: RoutePlan) {
        var input = BatchInput(
            lines ?? chat, at: fixture.pin(), fixture.places, lineBytesMax: lineBytesMax,
            nowUnixSeconds: StoredFixture.startUnixSeconds)
        let bytes = Array(text.utf8)
        let buffer = ByteBuffer()
        var start = 0
        for cut in cuts + [bytes.count] {
            buffer.append(Array(bytes[start..<cut]))
            try input.take(buffer, isEnd: false)
            start = cut
        }
        try input.take(buffer, isEnd: true)
        XCTAssertTrue(buffer.isEmpty)
        return try input.end()
    }

    private func endpoint(_ path: String) throws -> BatchEndpoint {
        try XCTUnwrap(BatchEndpoint.all.first { $0.path == path })
    }

    // MARK: Pieces

    func testAnyPiecesGiveTheSame() throws {
        let fixture = try StoredFixture()
        let lines = ["river", "sea \u{e9}\u{1f600}", ""].map { line(chatBody($0)) }
        let text = lines.joined(separator: "\n")
        let whole = try read(text, fixture)
        XCTAssertEqual(whole.worth.lineCount, 3)
        func isSame(_ other: BatchWorth) -> Bool {
            other.worst == whole.worth.worst && other.usage == whole.worth.usage && other.lineCount == 3
        }
        for cut in 0...text.utf8.count { XCTAssertTrue(isSame(try read(text, fixture, cuts: [cut]).worth), "\(cut)") }
        var random = SeededRandom(seed: 5)
        for _ in 0..<50 {
            let cuts = (0..<Int.random(in: 0...40, using: &random))
                .map { _ in Int.random(in: 0...text.utf8.count, using: &random) }.sorted()
            XCTAssertTrue(isSame(try read(text, fixture, cuts: cuts).worth), "\(cuts)")
        }
        for same in [
            text + "\n", "\n\n" + text, text + "\n \t\r\n\n", lines.joined(separator: "\r\n"),
            lines.joined(separator: "\n\n"),
        ] {
            XCTAssertTrue(isSame(try read(same, fixture).worth), same)
        }
    }

    func testAFileHasRequests() throws {
        let fixture = try StoredFixture()
        for text in ["", "\n", " \n\t\n"] {
            let told = refusal { try read(text, fixture) }
            XCTAssertEqual(told?.status, 400)
            XCTAssertEqual(told?.param, "input_file_id")
        }
    }

    // MARK: What it can come to

    func testTheWorstIsTheSumOfItsLinesAtThePricesOfBatches() throws {
        let fixture = try StoredFixture()
        var sum = WorstCase()
        var input: UInt64 = 0
        let bodies = (1...20).map {
            chatBody(String(repeating: "x", count: $0 * 7), more: #","max_tokens":\#($0 * 10),"n":2"#)
        }
        for body in bodies {
            let request = try unsafe Array(body.utf8).withUnsafeBytes {
                unsafe try RequestParser.parse($0, endpoint: .chatCompletions)
            }
            sum.add(WorstCase(ofBatched: request, by: fixture.target, nowUnixSeconds: StoredFixture.startUnixSeconds))
            input += (request.prompt.textTokens + 3) / 4
        }
        let (worth, plan) = try read(bodies.map { line($0) }.joined(separator: "\n"), fixture)
        XCTAssertEqual(worth.worst, sum)
        XCTAssertEqual(worth.usage, TokenUsage(input: UInt32(input), serviceTier: .batch))
        XCTAssertEqual(worth.lineCount, 20)
        XCTAssertEqual(plan.targets.map(\.identity.modelName), ["gpt"])
        let output = (1...20).reduce(0) { $0 + $1 * 10 * 2 }
        XCTAssertGreaterThanOrEqual(worth.worst.cost.nanodollars, Int64(output) * 4)
        let standard = try StoredFixture { $0.models[0].prices[0].tiers = [] }
        XCTAssertGreaterThan(
            try read(line(bodies[0]), standard).worth.worst.cost, try read(line(bodies[0]), fixture).worth.worst.cost)
    }

    func testWhatHasNoPriceOrNoBoundIsAProblemOfTheWhole() throws {
        let unpriced = try StoredFixture { $0.models[0] = StoredFixture.model("gpt", 1, isPriced: false) }
        XCTAssertEqual(try read(line(chatBody("a")), unpriced).worth.worst.problem, .unpriced(model: "gpt"))
        let unbounded = try StoredFixture { $0.models[0] = StoredFixture.model("gpt", 1, output: nil) }
        let text = line(chatBody("a")) + "\n" + line(chatBody("a", more: ""))
        XCTAssertEqual(try read(text, unbounded).worth.worst.problem, .unboundedOutput(model: "gpt"))
        XCTAssertNil(try read(line(chatBody("a")), unbounded).worth.worst.problem)
        let search = chatBody("a", more: #","max_tokens":1,"web_search_options":{}"#)
        XCTAssertEqual(try read(line(search), unpriced).worth.worst.problem, .unboundedInput(model: "gpt"))
    }

    func testEveryKindOfRequestHasItsOwnWorst() throws {
        let fixture = try StoredFixture {
            $0.providers[0].quirks = .init(responses: true)
            $0.models += [
                StoredFixture.model("embed", 2, .embedding),
                StoredFixture.model("mod", 3, .moderation, isPriced: false),
            ]
            $0.routes += [StoredFixture.route("embed", 2, model: 2), StoredFixture.route("mod", 3, model: 3)]
        }
        func worst(_ path: String, _ body: String) throws -> WorstCase {
            try read(line(body, url: path), fixture, for: try endpoint(path)).worth.worst
        }
        XCTAssertGreaterThan(try worst("/v1/embeddings", #"{"model":"embed","input":"a"}"#).cost, .zero)
        XCTAssertEqual(try worst("/v1/moderations", #"{"model":"mod","input":"a"}"#), WorstCase(), "it is free")
        let completion = try worst("/v1/completions", #"{"model":"gpt","prompt":["a","b"],"max_tokens":50}"#)
        XCTAssertGreaterThanOrEqual(completion.cost.nanodollars, 2 * 50 * 4)
        let response = try worst("/v1/responses", #"{"model":"gpt","input":"hello","max_output_tokens":50}"#)
        XCTAssertNil(response.problem)
        XCTAssertGreaterThanOrEqual(response.cost.nanodollars, 50 * 4)
        XCTAssertLessThan(response.cost.nanodollars, 50 * 4 + 2_000)
        let more = try worst("/v1/responses", #"{"model":"gpt","input":"hello","max_output_tokens":90}"#)
        XCTAssertGreaterThanOrEqual(more.cost.nanodollars - response.cost.nanodollars, 40 * 4)
        XCTAssertEqual(
            try worst(
                "/v1/responses", #"{"model":"gpt","input":"a","max_output_tokens":5,"previous_response_id":"resp_1"}"#
            ).problem,
            .unboundedInput(model: "gpt"), "nobody sees how long that is")
    }

    // MARK: Lines that cannot be used

    private func told(_ text: String, _ fixture: StoredFixture, for lines: BatchEndpoint? = nil) -> String {
        let told = refusal { try read(text, fixture, for: lines) }
        XCTAssertEqual(told?.status, 400, text)
        XCTAssertEqual(told?.param, "input_file_id", text)
        return told?.message ?? ""
    }

    func testALineThatCannotBeUsedIsToldByItsNumber() throws {
        let fixture = try StoredFixture()
        let good = line(chatBody("a"))
        for (bad, reason) in [
            ("{", "not a JSON object"), ("[]", "not a JSON object"), ("7", "not a JSON object"),
            (good + good, "not a JSON object"),
            (#"{"custom_id":"1"}"#, "'url'"), (line(chatBody("a"), url: "/v1/embeddings"), "'url'"),
            (line(chatBody("a"), url: "/v1/chat/completions/"), "'url'"), (#"{"url":7,"body":{}}"#, "'url'"),
            (#"{"url":"/v1/chat/completions"}"#, "'body'"), (line("[]"), "'body'"), (line("null"), "'body'"),
            (line("{}"), "'model'"), (line(#"{"model":7}"#), "'model'"),
            (line(#"{"model":"gpt","model":"gpt"}"#), "'model'"),
            (line(chatBody("a", more: #","max_tokens":"9""#)), "'max_tokens'"),
            (line(chatBody("a", more: #","n":1,"n":9"#)), "'n'"),
            (line(chatBody("a", more: #","messages":[]"#)), "'messages'"),
            (line(chatBody("a"), more: #","url":"/v1/embeddings""#), "stands in it twice"),
            (line(chatBody("a"), more: #","body":{}"#), "stands in it twice"),
            (line(chatBody("a"), more: #","b\u006fdy":{}"#), "stands in it twice"),
            (line(chatBody("a"), more: #","custom_id":"2""#), "stands in it twice"),
            (line(chatBody("a"), more: #","method":"GET""#), "stands in it twice"),
        ] {
            for (text, number) in [(bad, 1), (good + "\n\n" + bad + "\n" + good, 3)] {
                let message = told(text, fixture)
                XCTAssertTrue(message.contains("line \(number) of the file"), message)
                XCTAssertTrue(message.contains(reason), "\(message), not \(reason)")
            }
        }
    }

    func testAllLinesAreForOneModelThatTheKeyMayUse() throws {
        let fixture = try StoredFixture(key: StoredFixture.key { $0.allowedRoutes = [ObjectID(high: 3, low: 1)] }) {
            $0.models.append(StoredFixture.model("dear", 2))
            $0.routes.append(StoredFixture.route("dear", 2, model: 2))
            $0.models.append(StoredFixture.model("second", 3))
            $0.routes[0].targets.append(
                .init(providerID: StoredFixture.providerID(1), modelID: StoredFixture.modelID(3)))
        }
        let good = line(chatBody("a"))
        for model in ["dear", "nobody", "", "chat", #"gp\u0074x"#] {
            XCTAssertTrue(told(line(chatBody("a", model: model)), fixture).contains("no route to"), model)
        }
        for model in ["dear", "second", "GPT", "gpt "] {
            let message = told(good + "\n" + line(chatBody("a", model: model)), fixture)
            XCTAssertTrue(message.contains("line 2"), message)
            XCTAssertTrue(message.contains("one model"), message)
        }
        let plan = try read(good + "\n" + line(chatBody("b", model: #"g\u0070t"#)), fixture).plan
        XCTAssertEqual(plan.targets.map(\.identity.modelName), ["gpt"], "written in another way it is the same")
    }

    // MARK: Bounds

    func testALineHasNoMoreThanABody() throws {
        let fixture = try StoredFixture()
        let long = line(chatBody(String(repeating: "x", count: 500)))
        let bytes = long.utf8.count
        XCTAssertNoThrow(try read(long, fixture, lineBytesMax: bytes))
        let told = refusal { try read(long, fixture, lineBytesMax: bytes - 1) }
        XCTAssertTrue(told?.message.contains("longer than \(bytes - 1) bytes") == true, told?.message ?? "")
    }

    func testAFileHasNoMoreThanSoManyRequests() throws {
        let fixture = try StoredFixture {
            $0.models.append(StoredFixture.model("mod", 3, .moderation, isPriced: false))
            $0.routes.append(StoredFixture.route("mod", 3, model: 3))
        }
        let one = #"{"url":"/v1/moderations","body":{"model":"mod","input":""}}"# + "\n"
        var input = BatchInput(
            try endpoint("/v1/moderations"), at: fixture.pin(), fixture.places, lineBytesMax: 1_000,
            nowUnixSeconds: StoredFixture.startUnixSeconds)
        let thousand = Array(String(repeating: one, count: 1_000).utf8)
        for _ in 0..<BatchInput.lineCountMax / 1_000 { try input.take(ByteBuffer(thousand), isEnd: false) }
        XCTAssertEqual(try input.end().worth.lineCount, BatchInput.lineCountMax)
        let told = refusal { try input.take(ByteBuffer(Array(one.utf8)), isEnd: false) }
        XCTAssertEqual(told?.param, "input_file_id")
        XCTAssertTrue(told?.message.contains("\(BatchInput.lineCountMax)") == true)
    }

    func testEmptyLinesAreBytesToo() throws {
        let fixture = try StoredFixture()
        var input = BatchInput(
            chat, at: fixture.pin(), fixture.places, lineBytesMax: 1_000, byteCountMax: 100,
            nowUnixSeconds: StoredFixture.startUnixSeconds)
        for _ in 0..<10 { try input.take(ByteBuffer(Array("    \n\n\n\n\n\n".utf8)), isEnd: false) }
        XCTAssertEqual(refusal { try input.take(ByteBuffer([0x0a]), isEnd: false) }?.param, "input_file_id")
    }
}
