import Shared
import XCTest

@testable import DataPlane

final class RouteConditionTests: XCTestCase {
    func testNothingAskedAlwaysHolds() throws { XCTAssertTrue(try FactsFixture().holds { _ in }) }

    func testEverythingAskedHasToHold() throws {
        let streaming = FactsFixture { $0.body = #"{"model":"chat","stream":true,"messages":[],"tools":[{}]}"# }
        XCTAssertTrue(
            try streaming.holds {
                $0.stream = true
                $0.has = [.tools]
            })
        XCTAssertFalse(
            try streaming.holds {
                $0.stream = true
                $0.lacks = [.tools]
            })
        XCTAssertFalse(try FactsFixture().holds { $0.stream = true })
        XCTAssertTrue(try FactsFixture().holds { $0.stream = false })
    }

    func testTheSizeOfTheInputIsEstimated() throws {
        let long = FactsFixture(user: String(repeating: "word ", count: 2_000))
        for (range, holds) in [
            ((2_000, 3_500), true), ((nil, 2_000), false), ((2_000, nil), true), ((4_000, nil), false),
        ]
            as [((Int?, Int?), Bool)]
        {
            XCTAssertEqual(
                try long.holds { $0.estimatedInputTokens = .init(min: range.0, max: range.1) }, holds, "\(range)")
        }
    }

    func testFeaturesAreThoseOfTheBody() throws {
        let bodies: [(String, [PolicyDocument.Condition.Feature])] = [
            (#"{"model":"chat","messages":[{"role":"user","content":"image_url json_schema"}]}"#, []),
            (#"{"model":"chat","functions":[{}],"messages":[]}"#, [.tools]),
            (
                #"{"model":"chat","messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"https://a/b.png"}}]}]}"#,
                [.images]
            ),
            (
                #"{"model":"chat","messages":[{"role":"user","content":[{"type":"input_audio","input_audio":{"data":"AAAA","format":"mp3"}}]}]}"#,
                [.audio]
            ),
            (
                #"{"messages":[],"response_format":{"type":"json_schema","json_schema":{}},"model":"chat"}"#,
                [.jsonSchema]
            ),
            (
                #"{"messages":[],"response_format" : {"x":{"type":"json_schema"},"type":"json_object"},"model":"chat"}"#,
                []
            ),
        ]
        for (body, has) in bodies {
            let request = FactsFixture { $0.body = body }
            for feature in PolicyDocument.Condition.Feature.allCases {
                XCTAssertEqual(try request.holds { $0.has = [feature] }, has.contains(feature), "\(feature) in \(body)")
                XCTAssertEqual(
                    try request.holds { $0.lacks = [feature] }, !has.contains(feature), "\(feature) in \(body)")
            }
        }
        let both = FactsFixture { $0.body = #"{"model":"chat","tools":[{}],"response_format":{"type":"json_schema"}}"# }
        XCTAssertTrue(try both.holds { $0.has = [.tools, .jsonSchema] })
        XCTAssertFalse(try both.holds { $0.has = [.tools, .images] })
        XCTAssertTrue(try both.holds { $0.lacks = [.audio, .images] })
        XCTAssertFalse(try both.holds { $0.lacks = [.audio, .tools] })
    }

    func testHeadersAreComparedByNameWithoutCaseAndByValue() throws {
        let request = FactsFixture { $0.head = "X-Tier: gold\r\nX-Tier: Silver\r\nX-Empty:\r\n" }
        for (name, values, holds) in [
            ("x-tier", ["bronze", "gold"], true), ("x-tier", ["Silver"], true), ("x-tier", ["silver"], false),
            ("x-tier", ["gol"], false), ("x-tier", ["*"], true), ("x-empty", ["*"], true), ("x-other", ["*"], false),
        ] as [(String, [String], Bool)] {
            XCTAssertEqual(
                try request.holds { $0.headers = [.init(name: name, values: values)] }, holds, "\(name) \(values)")
        }
        XCTAssertFalse(
            try request.holds {
                $0.headers = [.init(name: "x-tier", values: ["gold"]), .init(name: "x-other", values: ["*"])]
            }, "every one of them")
    }

    func testMetadataIsThatOfTheBody() throws {
        let request = FactsFixture {
            $0.body =
                #"{"metadata":{"a":"1"},"model":"chat","messages":[{"metadata":{"deep":"x"}}],"metadata":{"env":"pr\u006fd","n":5,"q\u00e9":"\"q\"","o":{"env":"x"}}}"#
        }
        for (name, values, holds) in [
            ("env", ["prod"], true), ("env", ["dev", "prod"], true), ("env", ["pro"], false), ("n", ["5"], true),
            ("q\u{e9}", ["\"q\""], true), ("a", ["*"], false), ("deep", ["*"], false), ("o", ["*"], true),
        ] as [(String, [String], Bool)] {
            XCTAssertEqual(
                try request.holds { $0.metadata = [.init(name: name, values: values)] }, holds, "\(name) \(values)")
        }
        XCTAssertFalse(try FactsFixture().holds { $0.metadata = [.init(name: "env", values: ["*"])] })
        let text = FactsFixture { $0.body = #"{"model":"chat","metadata":"env"}"# }
        XCTAssertFalse(try text.holds { $0.metadata = [.init(name: "env", values: ["*"])] })
    }

    func testTagsKeysTeamsAndEndUsers() throws {
        let team = ObjectID(high: 11, low: 1)
        let request = FactsFixture {
            $0.tags = #"{"env":"prod","tier":"gold"}"#
            $0.teamID = team
            $0.body = #"{"model":"chat","user":"ada","messages":[]}"#
        }
        XCTAssertTrue(try request.holds { $0.tags = [.init(name: "env", values: ["dev", "prod"])] })
        XCTAssertFalse(
            try request.holds { $0.tags = [.init(name: "env", values: ["*"]), .init(name: "tier", values: ["lead"])] })
        XCTAssertFalse(try FactsFixture().holds { $0.tags = [.init(name: "env", values: ["*"])] })
        XCTAssertTrue(try request.holds { $0.keys = ["000000000000", "abc123xyz789"] })
        XCTAssertFalse(try request.holds { $0.keys = ["000000000000"] })
        XCTAssertTrue(try request.holds { $0.teams = [.zero, team] })
        XCTAssertFalse(try request.holds { $0.teams = [.zero] })
        XCTAssertTrue(try request.holds { $0.endUsers = ["bob", "ada"] })
        XCTAssertFalse(try request.holds { $0.endUsers = ["bob"] })
    }

    func testThePatternIsLookedForInTheLastMessageOfTheUser() throws {
        let request = FactsFixture {
            $0.body = #"""
                {"model":"chat","messages":[{"role":"system","content":"refund"},{"content":"a \"bill\"\n\u00e9","role":"user"},
                {"role":"assistant","content":"invoice"}]}
                """#
        }
        XCTAssertTrue(try request.holds { $0.lastUserMessageMatches = "\"bill\"\né$" })
        XCTAssertFalse(try request.holds { $0.lastUserMessageMatches = "refund|invoice" })
        let parts = FactsFixture {
            $0.body =
                #"{"model":"chat","messages":[{"role":"user","content":[{"type":"text","text":"one"},{"type":"image_url"},{"type":"text","text":"two"}]}]}"#
        }
        XCTAssertTrue(try parts.holds { $0.lastUserMessageMatches = "^one\ntwo$" })
        let none = FactsFixture { $0.body = #"{"model":"chat","messages":[{"role":"system","content":"x"}]}"# }
        XCTAssertFalse(try none.holds { $0.lastUserMessageMatches = "x" })
        let embedding = FactsFixture {
            $0.endpoint = .embeddings
            $0.body = #"{"model":"chat","input":"x"}"#
        }
        XCTAssertFalse(try embedding.holds { $0.lastUserMessageMatches = "x" })
    }

    func testOnlyTheBeginningOfAMessageIsLookedAt() throws {
        let request = FactsFixture(user: "start" + String(repeating: "x", count: TextScratch.textBytesMax) + "end")
        XCTAssertTrue(try request.holds { $0.lastUserMessageMatches = "^startx+$" })
        XCTAssertFalse(try request.holds { $0.lastUserMessageMatches = "end" })
    }

    func testAnyAndNotCombine() throws {
        let request = FactsFixture()
        let isStream = PolicyDocument.Condition { $0.stream = true }
        let isPlain = PolicyDocument.Condition { $0.stream = false }
        XCTAssertTrue(try request.holds { $0.any = [isStream, isPlain] })
        XCTAssertFalse(try request.holds { $0.any = [isStream] })
        XCTAssertTrue(try request.holds { $0.not = [isStream] })
        XCTAssertFalse(try request.holds { $0.not = [isPlain] })
        XCTAssertTrue(try request.holds { $0.any = [.init { $0.not = [isStream] }] })
        XCTAssertFalse(
            try request.holds {
                $0.any = [isPlain]
                $0.not = [isPlain]
            })
    }

    func testWhatCannotBeAskedDoesNotCompile() {
        for condition in [
            PolicyDocument.Condition { $0.lastUserMessageMatches = "(" }, .init { $0.keys = ["x"] },
            .init { $0.any = [.init { $0.keys = ["x"] }] }, .init { $0.estimatedInputTokens = .init(min: 2, max: 1) },
        ] {
            XCTAssertNil([RouteCondition](condition, routeID: .zero, rule: "r"))
        }
    }

    // MARK: Time

    func testHoursAreThoseOfTheRulesClock() throws {
        typealias Hours = PolicyDocument.Condition.Hours
        // Thursday, 12:30 UTC.
        let noon: Int64 = 45_000
        let cases: [(Hours, Int64, Bool)] = [
            (Hours(), noon, true),
            (Hours(fromMinute: 750, toMinute: 751), noon, true),
            (Hours(fromMinute: 751, toMinute: 760), noon, false),
            (Hours(fromMinute: 700, toMinute: 750), noon, false),
            (Hours(days: [.thursday]), noon, true),
            (Hours(days: [.monday, .friday]), noon, false),
            (Hours(fromMinute: 750 + 330, toMinute: 751 + 330, offsetMinutes: 330), noon, true),
            (Hours(days: [.friday], fromMinute: 0, toMinute: 60, offsetMinutes: 720), noon, true),
            (Hours(days: [.wednesday], offsetMinutes: -720), noon - 3_600, true),
            // 22:00 to 06:00, beginning on a Thursday.
            (Hours(days: [.thursday], fromMinute: 1_320, toMinute: 360), noon + 10 * 3_600, true),
            (Hours(days: [.thursday], fromMinute: 1_320, toMinute: 360), noon + 17 * 3_600, true),
            (Hours(days: [.thursday], fromMinute: 1_320, toMinute: 360), noon + 18 * 3_600, false),
            (Hours(days: [.friday], fromMinute: 1_320, toMinute: 360), noon + 12 * 3_600, false),
            (Hours(days: [.sunday], fromMinute: 1_320, toMinute: 360), noon + 4 * 86_400 - 8 * 3_600, true),
            // The same minute twice: all day.
            (Hours(days: [.thursday], fromMinute: 720, toMinute: 720), noon, true),
            (Hours(days: [.wednesday], fromMinute: 780, toMinute: 780), noon, true),
            (Hours(days: [.wednesday], fromMinute: 720, toMinute: 720), noon, false),
            // Before 1970, for the arithmetic: Wednesday, 23:00.
            (Hours(days: [.wednesday], fromMinute: 1_380, toMinute: 1_381), -3_600, true),
        ]
        for (hours, now, holds) in cases {
            XCTAssertEqual(CompiledHours(hours).contains(unixSeconds: now), holds, "\(hours) at \(now)")
        }
    }

    // MARK: Canaries

    private func takes(share: Int, rule: String = "r", route: UInt64 = 1, key: UInt64) -> Bool {
        CompiledCanary(.init(share: share, by: .key), routeID: ObjectID(high: 3, low: route), rule: rule)
            .takes(StableHash.mixed(key))
    }

    func testACanaryTakesItsShareWithinAPoint() {
        for share in [0, 1, 100, 1_250, 5_000, 9_000, 10_000] {
            let taken = (0..<10_000).count { takes(share: share, key: UInt64($0)) }
            XCTAssertEqual(Double(taken) / 100, Double(share) / 100, accuracy: share == 0 || share == 10_000 ? 0 : 1)
        }
    }

    func testALargerShareOnlyAddsCallers() {
        for key in 0..<10_000 as Range<UInt64> {
            var wasTaken = false
            for share in stride(from: 0, through: 10_000, by: 500) {
                let isTaken = takes(share: share, key: key)
                XCTAssertFalse(wasTaken && !isTaken, "\(key) left at \(share)")
                wasTaken = isTaken
            }
            XCTAssertTrue(wasTaken)
        }
    }

    func testTwoRulesTakeDifferentCallers() {
        for other in [("other", 1), ("r", 2)] as [(String, UInt64)] {
            let both = (0..<10_000 as Range<UInt64>).count {
                takes(share: 1_000, key: $0) && takes(share: 1_000, rule: other.0, route: other.1, key: $0)
            }
            XCTAssertEqual(Double(both), 100, accuracy: 50, "a tenth of a tenth")
        }
    }

    func testACanaryGoesByWhatItIsToldTo() throws {
        func taken(_ canary: PolicyDocument.Condition.Canary, _ request: (Int) -> FactsFixture) throws -> Set<Int> {
            Set(try (0..<40).filter { try request($0).holds { $0.canary = canary } })
        }
        let half = PolicyDocument.Condition.Canary(share: 5_000, by: .endUser)
        func of(user: Int) -> FactsFixture {
            FactsFixture { $0.body = #"{"model":"chat","user":"u\#(user)","messages":[]}"# }
        }
        let users = try taken(half) { of(user: $0) }
        XCTAssertTrue((5...35).contains(users.count), "\(users.count)")
        XCTAssertEqual(try taken(half) { of(user: $0) }, users, "the same ones again")
        // Without what it goes by: by the virtual key, so all or nobody.
        for by in [PolicyDocument.Condition.Canary.Source.key, .endUser, .header] {
            let found = try taken(.init(share: 5_000, by: by, header: "x-a")) { number in
                FactsFixture { $0.requestID = ObjectID(high: UInt64(number), low: 0) }
            }
            XCTAssertTrue([0, 40].contains(found.count), "\(by)")
        }
        let requests = try taken(.init(share: 5_000, by: .request)) { number in
            FactsFixture { $0.requestID = ObjectID(high: UInt64(number), low: 0) }
        }
        XCTAssertTrue((5...35).contains(requests.count))
        let headers = try taken(.init(share: 5_000, by: .header, header: "x-a")) { number in
            FactsFixture { $0.head = "X-A: \(number)\r\n" }
        }
        XCTAssertTrue((5...35).contains(headers.count))
        let conversations = try taken(.init(share: 5_000, by: .conversation)) { number in
            FactsFixture { $0.body = #"{"model":"chat","messages":[{"role":"user","content":"\#(number)"}]}"# }
        }
        XCTAssertTrue((5...35).contains(conversations.count))
    }
}
