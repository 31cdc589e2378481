import Foundation
import Synchronization
import TestSupport
import XCTest

/// Where requests go under each strategy, measured at real replicas in front of real providers that differ in speed, price, room and health.
///
/// Each test prints what it measured in a line that begins with `strategies:`.
final class StrategyDistributionTests: FleetTestCase {
    private static let providers = ["a", "b", "c"]
    private static let wideLimit = 300
    private static let narrowLimit = 100

    override class func makeFleet() throws -> TestFleet {
        try TestFleet.made { fleet in
            try fleet.startControl()
            for name in providers { try fleet.addStub(name, ["--key=sk-stub", "--requests-max=0"]) }
            for (name, limit) in [("wide", wideLimit), ("narrow", narrowLimit)] {
                try fleet.addStub(name, ["--key=sk-stub", "--requests-max=0", "--requests-per-minute=\(limit)"])
            }
            // One thread each: what is measured is what one chooser does.
            for number in 1...2 {
                try fleet.addDataPlane(
                    "data-\(number)", arguments: ["--threads=1"], environment: ["STUB_KEY": "sk-stub"])
            }
            try fleet.addTenant()
            try fleet.addProvidersOfStubs { _ in ["breaker": ["open_seconds": 1, "open_seconds_max": 1]] }
            try addModels(to: fleet)
            try addRoutes(to: fleet)
        }
    }

    private class func addModels(to fleet: TestFleet) throws {
        // In picodollars for a token of input and of output.
        let prices = [
            "plain": (100_000, 400_000), "cheap-input": (100_000, 2_000_000), "cheap-output": (1_000_000, 200_000),
            "dear": (9_000_000, 9_000_000), "cheap": (1_000_000, 1_000_000), "middle": (4_000_000, 4_000_000),
        ]
        for (name, (input, output)) in prices {
            let price = ["input_picodollars_per_token": input, "output_picodollars_per_token": output]
            try fleet.admin("POST", "models", ["name": name, "kind": "chat", "prices": [price]])
        }
        try fleet.admin("POST", "models", ["name": "unpriced", "kind": "chat"])
    }

    private class func addRoutes(to fleet: TestFleet) throws {
        // The health of a target is that of its name upstream; each route has its own.
        func targets(_ names: [String], _ upstream: String) -> [[String: Any]] {
            names.map { ["provider": $0, "model": "plain", "upstream_model_name": upstream] }
        }
        try fleet.addRoute(
            "weighted", strategy: "weighted",
            [
                ["provider": "a", "model": "plain", "upstream_model_name": "weighted", "weight": 70],
                ["provider": "b", "model": "plain", "upstream_model_name": "weighted", "weight": 30],
            ])
        try fleet.addRoute("latency", strategy: "least_latency", targets(["a", "b"], "latency"))
        try fleet.addRoute("busy", strategy: "least_busy", targets(["a", "b"], "busy"))
        try fleet.addRoute(
            "cost", strategy: "lowest_cost",
            [
                ["provider": "c", "model": "unpriced"], ["provider": "a", "model": "cheap-input"],
                ["provider": "b", "model": "cheap-output"],
            ])
        try fleet.addRoute(
            "cost-order", strategy: "lowest_cost",
            [
                ["provider": "a", "model": "dear"], ["provider": "b", "model": "cheap"],
                ["provider": "c", "model": "middle"],
            ])
        try fleet.addRoute("headroom", strategy: "headroom", targets(["narrow", "wide"], "headroom"))
        for by in ["header", "end_user", "conversation", "prompt_prefix"] {
            var sticky = ["by": by]
            if by == "header" { sticky["header"] = "x-session" }
            try fleet.addRoute(
                "sticky-\(by)", strategy: "sticky", targets(providers, "sticky-\(by)"), fields: ["sticky": sticky])
        }
    }

    /// One answer as its caller saw it.
    private struct Served: Sendable {
        /// The provider's name.
        var provider: String
        var status: Int
        var attempts: Int
        var endedMicroseconds: Int

        init(_ answer: HTTPAnswer) {
            provider = answer.header("x-weir-target")?.split(separator: "/").first.map(String.init) ?? ""
            status = answer.status
            attempts = answer.header("x-weir-attempts").flatMap(Int.init) ?? 0
            endedMicroseconds = monotonicMicroseconds()
        }
    }

    private func makeKey(_ fleet: TestFleet) throws -> String {
        let key = try fleet.makeKey("strategies-\(UUID().uuidString.prefix(8))").text
        try fleet.waitUntilConfigured()
        return key
    }

    /// So many requests of callers that each wait for their answer before they ask again, in the order of the answers.
    private func load(
        _ fleet: TestFleet, _ key: String, _ body: String, requests: Int, callers: Int
    ) throws -> [Served] {
        let left = Mutex(requests)
        let seen = Mutex<[Served]>([])
        let problems = Mutex<[String]>([])
        let port = fleet.data.port
        let threads = CallerThreads()
        threads.start(callers) { _ in
            let caller = HTTPCaller(port: port, timeout: .seconds(30))
            while left.withLock({ left in
                left -= 1
                return left >= 0
            }) {
                do {
                    let answer = try caller.chat(key, body)
                    if answer.status != 200 { problems.withLock { $0.append(answer.text) } }
                    let served = Served(answer)
                    seen.withLock { $0.append(served) }
                } catch { problems.withLock { $0.append("\(error)") } }
            }
        }
        try waitUntil("the load is over", timeout: .seconds(60), detail: { fleet.tails }) { threads.areDone }
        XCTAssertEqual(problems.withLock { $0 }, [])
        return seen.withLock { $0 }.sorted { $0.endedMicroseconds < $1.endedMicroseconds }
    }

    private static func share(_ provider: String, _ served: some Collection<Served>) -> Double {
        served.isEmpty ? 0 : Double(served.count { $0.provider == provider }) / Double(served.count)
    }

    private static func percent(_ share: Double) -> String { String(format: "%.2f%%", share * 100) }

    // MARK: weighted

    func testWeightsHoldAtEveryMomentOfTenThousandRequests() throws {
        let fleet = try fleet()
        let key = try makeKey(fleet)
        let caller = fleet.data.caller()
        let body = chatBody("weighted", extra: #","max_tokens":1"#)
        let requests = 10_000
        var first = 0
        var worst = 0.0
        let began = monotonicMicroseconds()
        for number in 1...requests {
            let served = Served(try caller.chat(key, body))
            XCTAssertEqual(served.status, 200)
            if served.provider == "a" { first += 1 }
            if number > 200 { worst = max(worst, abs(Double(first) / Double(number) - 0.7)) }
        }
        let seconds = Double(monotonicMicroseconds() - began) / 1_000_000
        XCTAssertLessThanOrEqual(worst, 0.005)
        let share = Double(first) / Double(requests)
        print(
            "strategies: weighted 70/30 requests=\(requests) a=\(Self.percent(share)) b=\(Self.percent(1 - share)) "
                + "furthest_off_after_200=\(Self.percent(worst)) seconds=\(String(format: "%.1f", seconds))")
    }

    // MARK: least_latency

    func testTheQuickerTargetGetsTheTrafficAndLosesItWhenItBecomesSlow() throws {
        let fleet = try fleet()
        let (a, b) = (fleet.stubs[0], fleet.stubs[1])
        defer { for stub in [a, b] { _ = Result { try stub.befall(nil) } } }
        let key = try makeKey(fleet)
        let body = chatBody("latency", extra: #","max_tokens":1"#)
        try a.befall("slow;first=5")
        try b.befall("slow;first=200")
        let before = try load(fleet, key, body, requests: 400, callers: 4)
        try a.befall("slow;first=200")
        try b.befall("slow;first=5")
        let after = try load(fleet, key, body, requests: 400, callers: 4)
        let quickBefore = Self.share("a", before)
        let quickAfter = Self.share("b", after)
        XCTAssertGreaterThan(quickBefore, 0.8)
        XCTAssertGreaterThan(quickAfter, 0.8)
        // The first of ten answers in a row that are of the target that is quick now, but for one at most.
        let moved = (0..<(after.count - 10)).first { Self.share("b", after[$0..<($0 + 10)]) >= 0.9 }
        XCTAssertLessThan(moved ?? .max, 50)
        print(
            "strategies: least_latency a=5ms b=200ms: a=\(Self.percent(quickBefore)); then a=200ms b=5ms: "
                + "b=\(Self.percent(quickAfter)), moved after \(moved ?? -1) answers; requests=\(before.count + after.count)"
        )
    }

    // MARK: least_busy

    func testRequestsInFlightStayBalancedBetweenAQuickAndASlowTarget() throws {
        let fleet = try fleet()
        let (a, b) = (fleet.stubs[0], fleet.stubs[1])
        defer { for stub in [a, b] { _ = Result { try stub.befall(nil) } } }
        let key = try makeKey(fleet)
        try a.befall("slow;first=20")
        try b.befall("slow;first=80")
        let callers = 8
        let served = try load(
            fleet, key, chatBody("busy", extra: #","max_tokens":1"#), requests: 500, callers: callers)

        // The providers' own books, by one clock: what each had in flight from moment to moment.
        let bills = try [a, b].map { try $0.ledger().filter { $0.model == "busy" } }
        XCTAssertEqual(bills[0].count + bills[1].count, 500)
        var changes: [(at: Int, provider: Int, step: Int)] = []
        for (provider, bills) in bills.enumerated() {
            for bill in bills {
                changes.append((bill.begunMicroseconds, provider, 1))
                changes.append((bill.finishedMicroseconds, provider, -1))
            }
        }
        changes.sort { $0.at < $1.at }
        let lastBegun = bills.joined().map(\.begunMicroseconds).max() ?? 0
        var inFlight = [0, 0]
        var total = [0.0, 0.0]
        var apart = 0.0
        var time = 0.0
        var hasBegun = false
        for (index, change) in changes.enumerated() where change.at < lastBegun {
            inFlight[change.provider] += change.step
            hasBegun = hasBegun || inFlight[0] + inFlight[1] == callers
            guard hasBegun, index + 1 < changes.count else { continue }
            let lasted = Double(changes[index + 1].at - change.at)
            for provider in 0...1 { total[provider] += lasted * Double(inFlight[provider]) }
            apart += lasted * Double(abs(inFlight[0] - inFlight[1]))
            time += lasted
        }
        let means = total.map { $0 / time }
        // Equal turns would make it 1.6 and 6.4. What is on its way is in nobody's books, so that a busy machine shows as a difference too.
        XCTAssertLessThan(abs(means[0] - means[1]), 1, "in flight on average: \(means)")
        XCTAssertLessThan(apart / time, 1.5, "the two differ by so much on average")
        let quick = Self.share("a", served)
        XCTAssertGreaterThan(quick, 0.65, "the quicker one should have served more")
        print(
            "strategies: least_busy a=20ms b=80ms callers=\(callers): in flight on average "
                + String(format: "a=%.2f b=%.2f, apart=%.2f", means[0], means[1], apart / time)
                + "; served a=\(Self.percent(quick)) b=\(Self.percent(1 - quick)) requests=500")
    }

    // MARK: lowest_cost

    func testEachRequestGoesWhereItCostsLeastAndUnpricedTargetsComeLast() throws {
        let fleet = try fleet()
        let key = try makeKey(fleet)
        let long = String(repeating: "A long prompt, whose answer is short. ", count: 200)
        var counts: [String: [String: Int]] = [:]
        func ask(_ kind: String, _ body: String) throws {
            for node in fleet.dataPlanes {
                let caller = node.caller()
                for _ in 1...50 {
                    let served = Served(try caller.chat(key, body))
                    XCTAssertEqual(served.status, 200)
                    counts[kind, default: [:]][served.provider, default: 0] += 1
                }
            }
        }
        try ask("long prompts", chatBody("cost", long, extra: #","max_tokens":5"#))
        try ask("long answers", chatBody("cost", extra: #","max_tokens":500"#))
        XCTAssertEqual(counts["long prompts"], ["a": 100])
        XCTAssertEqual(counts["long answers"], ["b": 100])

        // With both that have a price down, what has none is better than nothing.
        for stub in fleet.stubs[0...1] { try stub.befall("status-500") }
        defer { for stub in fleet.stubs[0...1] { _ = Result { try stub.befall(nil) } } }
        let last = Served(try fleet.data.caller().chat(key, chatBody("cost", extra: #","max_tokens":5"#)))
        XCTAssertEqual(last.status, 200)
        XCTAssertEqual(last.provider, "c")
        XCTAssertEqual(last.attempts, 3)
        print(
            "strategies: lowest_cost long prompts: a(cheap input)=\(counts["long prompts"]?["a"] ?? 0)/100; "
                + "long answers: b(cheap output)=\(counts["long answers"]?["b"] ?? 0)/100; "
                + "both down: \(last.provider)(unpriced) at attempt \(last.attempts)")
    }

    func testTheSecondCheapestFollowsTheCheapestWhateverTheOrderOfTheList() throws {
        let fleet = try fleet()
        let key = try makeKey(fleet)
        let body = chatBody("cost-order", extra: #","max_tokens":5"#)
        let caller = fleet.data.caller()
        XCTAssertEqual(Served(try caller.chat(key, body)).provider, "b")
        try fleet.stubs[1].befall("status-500")
        defer { _ = Result { try fleet.stubs[1].befall(nil) } }
        let served = try (1...10).map { _ in Served(try caller.chat(key, body)) }
        XCTAssertEqual(served.map(\.status), Array(repeating: 200, count: 10))
        XCTAssertEqual(served.map(\.provider), Array(repeating: "c", count: 10))
        XCTAssertEqual(served.first?.attempts, 2)
        print(
            "strategies: fallback order of lowest_cost (list: dear, cheap, middle): cheap down, middle="
                + "\(served.count { $0.provider == "c" })/10")
    }

    // MARK: headroom

    func testTrafficGoesWhereMoreIsLeftAndNobodyIsRefusedWhileAnythingIs() throws {
        let fleet = try fleet()
        let key = try makeKey(fleet)
        let body = chatBody("headroom", extra: #","max_tokens":1"#)
        let callers = fleet.dataPlanes.map { $0.caller() }
        var used = ["wide": 0, "narrow": 0]
        var refused = 0
        var furthest = 0.0
        // All but a twentieth of what both providers take in this minute, by two replicas that know of each other only what the answers say.
        let requests = (Self.wideLimit + Self.narrowLimit) * 19 / 20
        for number in 0..<requests {
            let served = Served(try callers[number % 2].chat(key, body))
            XCTAssertEqual(served.status, 200)
            refused += served.attempts - 1
            used[served.provider, default: 0] += 1
            let wide = Double(used["wide"] ?? 0) / Double(Self.wideLimit)
            let narrow = Double(used["narrow"] ?? 0) / Double(Self.narrowLimit)
            furthest = max(furthest, abs(wide - narrow))
        }
        XCTAssertEqual(refused, 0)
        XCTAssertLessThan(furthest, 0.05)
        print(
            "strategies: headroom wide=\(used["wide"] ?? 0)/\(Self.wideLimit) narrow=\(used["narrow"] ?? 0)/\(Self.narrowLimit) "
                + "requests=\(requests) refused=\(refused) shares_furthest_apart=\(Self.percent(furthest))")
    }

    // MARK: sticky

    private static let values = 90

    /// The request of a value in its n-th turn: what the route keeps together stays, the rest changes.
    private static func request(_ by: String, _ value: Int, turn: Int) -> (body: String, headers: [(String, String)]) {
        var messages = [("system", "You are a river."), ("user", "Question of turn \(turn)")]
        var extra = #","max_tokens":1"#
        var headers: [(String, String)] = []
        switch by {
        case "header": headers = [("X-Session", "session-\(value)")]
        case "end_user": extra += #","user":"user-\#(value)""#
        case "conversation":
            messages[1].1 = "Question \(value)"
            for turn in 0..<turn { messages += [("assistant", "Answer \(turn)"), ("user", "And then, \(turn)?")] }
        default:
            messages[0].1 = String(repeating: "Rule \(value) of the house. ", count: 60)
        }
        let list = messages.map { #"{"role":"\#($0.0)","content":"\#($0.1)"}"# }.joined(separator: ",")
        return (#"{"model":"sticky-\#(by)","messages":[\#(list)]\#(extra)}"#, headers)
    }

    /// Where the values are served at a replica.
    private func places(
        _ values: some Sequence<Int>, by: String, turn: Int, _ key: String, _ caller: HTTPCaller
    ) throws -> [Int: String] {
        try values.reduce(into: [:]) { places, value in
            let (body, headers) = Self.request(by, value, turn: turn)
            let answer = try caller.chat(key, body, headers: headers)
            XCTAssertEqual(answer.status, 200, answer.text)
            places[value] = Served(answer).provider
        }
    }

    private func spread(_ places: [Int: String]) -> String {
        Self.providers.map { name in "\(name)=\(places.values.count { $0 == name })" }.joined(separator: " ")
    }

    func testWhatBelongsTogetherStaysTogetherOnEveryReplica() throws {
        let fleet = try fleet()
        let key = try makeKey(fleet)
        let callers = fleet.dataPlanes.map { $0.caller() }
        for by in ["header", "end_user", "conversation", "prompt_prefix"] {
            let first = try places(0..<Self.values, by: by, turn: 0, key, callers[0])
            var moved = 0
            for turn in 0...2 {
                for caller in callers {
                    let places = try places(0..<Self.values, by: by, turn: turn, key, caller)
                    moved += places.count { first[$0.key] != $0.value }
                }
            }
            XCTAssertEqual(moved, 0, by)
            for name in Self.providers {
                XCTAssertGreaterThanOrEqual(first.values.count { $0 == name }, 10, "\(by): \(name)")
            }
            print(
                "strategies: sticky by \(by) values=\(Self.values) \(spread(first)) moved=\(moved) replicas=2 turns=3")
        }
    }

    func testOnlyTheValuesOfATargetThatGoesAwayMoveAndTheyComeBack() throws {
        let fleet = try fleet()
        let key = try makeKey(fleet)
        let callers = fleet.dataPlanes.map { $0.caller() }
        let before = try places(0..<Self.values, by: "header", turn: 0, key, callers[0])
        let own = before.filter { $0.value == "a" }.keys.sorted()
        try fleet.stubs[0].befall("status-500")
        defer { _ = Result { try fleet.stubs[0].befall(nil) } }
        let during = try callers.map { try places(0..<Self.values, by: "header", turn: 1, key, $0) }
        XCTAssertEqual(during[0], during[1], "the replicas disagree on where to go instead")
        let others = during[0].filter { !own.contains($0.key) }
        XCTAssertEqual(others, before.filter { $0.value != "a" }, "a value of another target moved")
        // Each to the one that is second for it, rather than all to the next of the list.
        let moved = own.compactMap { during[0][$0] }
        XCTAssertFalse(moved.contains("a"))
        for name in ["b", "c"] { XCTAssertGreaterThanOrEqual(moved.count { $0 == name }, 3, name) }

        try fleet.stubs[0].befall(nil)
        let since = monotonicMicroseconds()
        try waitUntil("the values are back at both replicas", timeout: .seconds(15), detail: { fleet.tails }) {
            try callers.allSatisfy { caller in
                try places(own, by: "header", turn: 2, key, caller).values.allSatisfy { $0 == "a" }
            }
        }
        let seconds = Double(monotonicMicroseconds() - since) / 1_000_000
        for caller in callers {
            XCTAssertEqual(try places(0..<Self.values, by: "header", turn: 3, key, caller), before)
        }
        print(
            "strategies: sticky when a goes away: its values=\(own.count) moved to b=\(moved.count { $0 == "b" }) "
                + "c=\(moved.count { $0 == "c" }), others moved=0, all back after \(String(format: "%.1f", seconds)) s")
    }
}
