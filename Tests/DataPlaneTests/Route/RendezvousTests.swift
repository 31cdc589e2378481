import Shared
import XCTest

@testable import DataPlane

final class RendezvousTests: XCTestCase {
    private func identities(_ count: Int, using random: inout SeededRandom) -> [UInt64] {
        (0..<count).map { _ in
            Rendezvous.identity(
                provider: ObjectID(high: random.next(), low: random.next()),
                model: ObjectID(high: random.next(), low: random.next()), upstreamModelName: Array("model".utf8))
        }
    }

    private func choose(_ key: UInt64, _ targets: [UInt64], without gone: UInt64? = nil) -> UInt64? {
        Rendezvous.choose(
            count: targets.count, key: key, isAvailable: { targets[$0] != gone }, identity: { targets[$0] },
            inFlight: { _ in 0 }
        ).map { targets[$0] }
    }

    func testIdentitiesAndKeysAreTheSameInEveryProcess() {
        // Written down: replicas of different versions have to agree.
        XCTAssertEqual(
            Rendezvous.identity(
                provider: ObjectID(high: 1, low: 2), model: ObjectID(high: 3, low: 4),
                upstreamModelName: Array("gpt-4o-mini".utf8)), 1_478_452_824_444_992_542)
        XCTAssertEqual(StickyKey.endUser("alice"), 4_717_065_143_837_348_300)
        XCTAssertEqual(StickyKey.virtualKey(VirtualKeyID(high: 1, low: 2)), 8_765_990_976_030_731_250)
    }

    func testTheOrderOfTheListDoesNotMatter() {
        var random = SeededRandom(seed: 1)
        for _ in 0..<2_000 {
            let targets = identities(Int.random(in: 1...6, using: &random), using: &random)
            let key = random.next()
            XCTAssertEqual(choose(key, targets), choose(key, targets.shuffled(using: &random)))
        }
    }

    func testATargetThatGoesAwayMovesOnlyItsOwnKeys() {
        var random = SeededRandom(seed: 2)
        for _ in 0..<100 {
            let targets = identities(Int.random(in: 2...8, using: &random), using: &random)
            let gone = targets.randomElement(using: &random)!
            for _ in 0..<50 {
                let key = random.next()
                let before = choose(key, targets)
                let unavailable = choose(key, targets, without: gone)
                XCTAssertEqual(
                    choose(key, targets.filter { $0 != gone }), unavailable, "removed or set aside is the same")
                if before != gone { XCTAssertEqual(before, unavailable) } else { XCTAssertNotEqual(unavailable, gone) }
            }
        }
        XCTAssertNil(choose(1, []))
        XCTAssertNil(choose(1, [7], without: 7))
    }

    func testKeysSpreadEvenlyAlsoWhenATargetIsGone() {
        var random = SeededRandom(seed: 3)
        let targets = identities(4, using: &random)
        var counts: [UInt64: Int] = [:]
        var second: [UInt64: Int] = [:]
        for number in 0..<8_000 {
            let key = StickyKey.endUser("user-\(number)")!
            counts[choose(key, targets)!, default: 0] += 1
            if choose(key, targets) == targets[0] {
                second[choose(key, targets, without: targets[0])!, default: 0] += 1
            }
        }
        for target in targets { XCTAssertEqual(Double(counts[target] ?? 0), 2_000, accuracy: 200) }
        for target in targets.dropFirst() {
            XCTAssertEqual(Double(second[target] ?? 0), Double(counts[targets[0]] ?? 0) / 3, accuracy: 100)
        }
    }

    func testNoTargetGetsMoreThanItsBoundWhateverTheKeys() {
        var random = SeededRandom(seed: 4)
        for _ in 0..<100 {
            let targets = identities(Int.random(in: 1...6, using: &random), using: &random)
            let keys = (0..<Int.random(in: 1...4, using: &random)).map { _ in random.next() }
            var inFlight = [Int](repeating: 0, count: targets.count)
            for _ in 0..<100 {
                if Int.random(in: 0..<4, using: &random) == 0, let done = inFlight.firstIndex(where: { $0 > 0 }) {
                    inFlight[done] -= 1
                    continue
                }
                let mask = Int.random(in: 0..<(1 << targets.count), using: &random)
                let available = targets.indices.filter { mask >> $0 & 1 == 1 }
                let total = available.reduce(0) { $0 + inFlight[$1] }
                let chosen = Rendezvous.choose(
                    count: targets.count, key: keys.randomElement(using: &random)!,
                    isAvailable: { mask >> $0 & 1 == 1 },
                    identity: { targets[$0] }, inFlight: { inFlight[$0] })
                guard let chosen else {
                    XCTAssertEqual(available, [], "somebody always has room")
                    continue
                }
                XCTAssertTrue(available.contains(chosen))
                inFlight[chosen] += 1
                XCTAssertLessThanOrEqual(
                    inFlight[chosen], Rendezvous.bound(inFlight: total, targets: available.count))
            }
        }
    }

    func testTheBoundIsAQuarterAboveTheAverageAndNeverBelowAHandful() {
        XCTAssertEqual(Rendezvous.bound(inFlight: 0, targets: 3), 4)
        XCTAssertEqual(Rendezvous.bound(inFlight: 9, targets: 2), 7, "6.25 rounded up")
        XCTAssertEqual(Rendezvous.bound(inFlight: 99, targets: 1), 125)
        XCTAssertEqual(Rendezvous.bound(inFlight: 399, targets: 4), 125)
    }
}

final class StickyKeyTests: XCTestCase {
    private func key(_ body: String, _ source: PolicyDocument.Sticky.Source, endpoint: Endpoint = .chatCompletions)
        throws
        -> UInt64?
    {
        try unsafe Array(body.utf8).withUnsafeBytes { bytes in
            let request = try unsafe RequestParser.parse(bytes, endpoint: endpoint)
            return unsafe source == .conversation
                ? StickyKey.conversation(of: request, bytes) : StickyKey.promptPrefix(of: request, bytes)
        }
    }

    private func chat(_ messages: String...) -> String {
        #"{"model":"m","messages":["# + messages.joined(separator: ",") + "]}"
    }

    private let system = #"{"role":"system","content":"Be \"kind\"."}"#
    private let user = #"{"role":"user","content":"Hello"}"#
    private let answer = #"{"role":"assistant","content":"Hi","tool_calls":[{"id":"{]"}]}"#
    private let more = #"{"role":"user","content":"And now?"}"#

    func testEveryTurnOfAConversationHasTheSameKey() throws {
        let first = try XCTUnwrap(key(chat(system, user), .conversation))
        XCTAssertEqual(try key(chat(system, user, answer, more), .conversation), first)
        // What a client adds to its messages on the way, and how it lays them out.
        let marked =
            #"{ "role" : "user", "name": {"a":[1,{"b":"}"}]}, "content" : [{"type":"text","text":"Hello","cache_control":{"type":"ephemeral"}}] }"#
        XCTAssertEqual(try key(chat(system, marked, answer), .conversation), first)
        XCTAssertNotEqual(try key(chat(user), .conversation), first)
        XCTAssertNotEqual(try key(chat(system, more), .conversation), first)
        XCTAssertNotEqual(try key(chat(user, system), .conversation), first)
        XCTAssertNotEqual(try key(chat(#"{"role":"developer","content":"Be \"kind\"."}"#, user), .conversation), first)
    }

    func testOnlyTheBeginningOfALongFirstMessageCountsAndItsLength() throws {
        func conversation(_ text: String) throws -> UInt64? {
            try key(chat(#"{"role":"user","content":"\#(text)"}"#), .conversation)
        }
        let start = String(repeating: "a", count: StickyKey.conversationTextBytesMax)
        XCTAssertEqual(try conversation(start + "x"), try conversation(start + "y"))
        XCTAssertNotEqual(try conversation(start + "x"), try conversation(start + "xx"))
        XCTAssertNotEqual(try conversation("x" + start), try conversation("y" + start))
    }

    func testWhatBeginsAlikeHasTheSamePrefix() throws {
        let long = String(repeating: "rules ", count: 200)
        let rules = #"{"role":"system","content":"\#(long)"}"#
        let first = try XCTUnwrap(key(chat(rules, user), .promptPrefix))
        XCTAssertEqual(try key(chat(rules, more, answer, user), .promptPrefix), first)
        XCTAssertEqual(try key(chat(#"{"content":[{"text":"\#(long)","type":"text"}]}"#), .promptPrefix), first)
        XCTAssertNotEqual(try key(chat(user, rules), .promptPrefix), first)
        XCTAssertEqual(try key(chat(user, rules), .promptPrefix), try key(chat(user, rules, more), .promptPrefix))
        XCTAssertNotEqual(try key(chat(user), .promptPrefix), try key(chat(user, more), .promptPrefix), "still short")
    }

    func testARequestWithoutMessagesOrTextsHasNoKeyOfItsOwn() throws {
        for body in [
            #"{"model":"m"}"#, #"{"model":"m","messages":null}"#, #"{"model":"m","messages":"text"}"#,
            #"{"model":"m","messages":[]}"#, #"{"model":"m","messages":[1,"a",[{}],null,true]}"#,
        ] {
            XCTAssertNil(try key(body, .conversation), body)
            XCTAssertNil(try key(body, .promptPrefix), body)
        }
        for body in [chat("{}"), chat(#"{"role":"user","content":null}"#), chat(#"{"role":1,"content":[1,{}]}"#)] {
            XCTAssertNotNil(try key(body, .conversation), body)
            XCTAssertNil(try key(body, .promptPrefix), body)
        }
    }

    func testEveryShapeOfMessageIsWalkedToItsEnd() throws {
        // The last message is found behind whatever stands before it, so that its text makes a difference.
        let odd = [
            "{}", "[]", "1", "-1.5e3", "null", #""a\\""#, #"{"content":{"text":"x"}}"#,
            #"{"content":[[],[{}],"a",{"text":[]}]}"#,
            #"{"x":{"y":[{"z":"]}"}]},"content":""}"#, #"{"role":[],"content":[{"text":"\u00e9\"","a":[]},{"b":{}}]}"#,
        ]
        var random = SeededRandom(seed: 5)
        for _ in 0..<500 {
            let before = (0..<Int.random(in: 0...4, using: &random)).map { _ in odd.randomElement(using: &random)! }
            let bodies = ["one", "two"].map { word in
                #"{"model":"m","messages":[ "#
                    + (before + [#"{"role":"user","content":"\#(word)"}"#]).joined(separator: " , ")
                    + " ]}"
            }
            for source in [PolicyDocument.Sticky.Source.conversation, .promptPrefix] {
                XCTAssertNotEqual(try key(bodies[0], source), try key(bodies[1], source), bodies[0])
            }
        }
    }

    func testAHeaderIsFoundByItsNameInAnyCase() throws {
        func header(_ name: String, _ lines: String) throws -> UInt64? {
            let head = HTTPHead()
            let buffer = ByteBuffer(Array("GET / HTTP/1.1\r\nHost: a\r\n\(lines)\r\n".utf8))
            defer { withExtendedLifetime(buffer) {} }
            XCTAssertTrue(try unsafe head.parseRequest(buffer.readable, headBytesMax: 4096))
            return unsafe StickyKey.header(named: Array(name.utf8), in: head, buffer.readable)
        }
        let first = try XCTUnwrap(header("x-session_id", "X-Session_ID:  abc \r\n"))
        XCTAssertEqual(try header("x-session_id", "x-other: 1\r\nx-session_id: abc\r\nx-session_id: def\r\n"), first)
        XCTAssertNotEqual(try header("x-session_id", "x-session_id: ABC\r\n"), first)
        XCTAssertNil(try header("x-session_id", "x-session-id: abc\r\n"))
        XCTAssertNil(try header("x-session_id", "x-session_id: \r\n"))
        XCTAssertNil(try header("", "x-session_id: abc\r\n"))
    }

    func testTheEndUsersLabelIsHashedWhole() {
        var random = SeededRandom(seed: 6)
        var seen: Set<UInt64> = []
        for length in 1...40 {
            for _ in 0..<20 {
                let label = String((0..<length).map { _ in "abé".randomElement(using: &random)! }) + "\(seen.count)"
                XCTAssertTrue(seen.insert(StickyKey.endUser(label)!).inserted)
            }
        }
        XCTAssertNil(StickyKey.endUser(""))
    }

    func testARequestThatDoesNotSayIsKeptByItsVirtualKey() throws {
        let head = HTTPHead()
        let body = Array(#"{"model":"m","input":"x"}"#.utf8)
        try unsafe body.withUnsafeBytes { bytes in
            let request = try unsafe RequestParser.parse(bytes, endpoint: .embeddings)
            for source in PolicyDocument.Sticky.Source.allCases {
                let key = unsafe StickyKey.of(
                    request, by: source, headerName: Array("x-session".utf8), head: head, headBytes: bytes, body: bytes,
                    virtualKeyID: VirtualKeyID(high: 1, low: 2))
                XCTAssertEqual(key, StickyKey.virtualKey(VirtualKeyID(high: 1, low: 2)))
            }
        }
    }
}
