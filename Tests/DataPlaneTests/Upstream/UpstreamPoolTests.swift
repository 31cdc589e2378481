import Foundation
import Glibc
import Synchronization
import TestSupport
import XCTest

@testable import DataPlane
@testable import Shared

/// Connections to providers with several addresses, and with names that move.
final class UpstreamPoolTests: UpstreamTestCase {
    // MARK: Several addresses

    func testASilentAddressCostsOneDelayOnceAndIsTriedLastAfterwards() throws {
        for (silent, open) in [("127.0.0.2", "127.0.0.1"), ("::1", "127.0.0.1"), ("127.0.0.2", "::1")] {
            try onLoop { actor in
                let loop = actor.loop
                let provider = try Provider("here", at: open, on: loop)
                defer { provider.stop() }
                provider.closes = true
                let hole = try BlackHole(at: silent, port: provider.port)
                let names = Names()
                names["two.test"] = [silent, open]
                let transport = try Self.transport(names, on: loop) { $0.connectAttemptDelayMilliseconds = 400 }
                let url = "http://two.test:\(provider.port)"
                let began = loop.refreshedNow()
                let first = try await Self.ask(transport, url, on: loop)
                let took = began.duration(to: loop.refreshedNow())
                XCTAssertEqual(first, .answer("here"))
                XCTAssertGreaterThanOrEqual(took, .milliseconds(400))
                XCTAssertLessThan(took, .seconds(5))
                for _ in 0..<3 {
                    let again = loop.refreshedNow()
                    let answer = try await Self.ask(transport, url, on: loop)
                    XCTAssertEqual(answer, .answer("here"))
                    XCTAssertLessThan(again.duration(to: loop.refreshedNow()), .milliseconds(400))
                }
                XCTAssertEqual(transport.openConnections, 0, "the silent ones were closed")
                withExtendedLifetime(hole) {}
            }
        }
    }

    func testARefusalIsNoReasonToWait() throws {
        try onLoop { actor in
            let loop = actor.loop
            let provider = try Provider("here", on: loop)
            defer { provider.stop() }
            let names = Names()
            names["three.test"] = ["127.0.0.3", "::1", "127.0.0.1"]
            let transport = try Self.transport(names, on: loop) { $0.connectAttemptDelayMilliseconds = 10_000 }
            let began = loop.refreshedNow()
            let answer = try await Self.ask(transport, "http://three.test:\(provider.port)", on: loop)
            XCTAssertEqual(answer, .answer("here"))
            XCTAssertLessThan(began.duration(to: loop.refreshedNow()), .seconds(5))
        }
    }

    func testTheConnectTimeoutBoundsAllAttemptsTogether() throws {
        try onLoop { actor in
            let loop = actor.loop
            let hole = try BlackHole(at: "127.0.0.2", port: 0)
            let other = try BlackHole(at: "::1", port: hole.port)
            let names = Names()
            names["dark.test"] = ["127.0.0.2", "::1"]
            let transport = try Self.transport(names, on: loop) { $0.connectAttemptDelayMilliseconds = 20 }
            let before = openSockets()
            let result = try await Self.ask(
                transport, "http://dark.test:\(hole.port)", connect: .milliseconds(80), on: loop)
            XCTAssertEqual(result, .failed(.connectTimedOut))
            XCTAssertEqual(transport.openConnections, 0)
            XCTAssertLessThanOrEqual(openSockets(), before)
            withExtendedLifetime((hole, other)) {}
        }
    }

    func testACallerThatLeavesEndsConnectingAtOnce() throws {
        try onLoop { actor in
            let loop = actor.loop
            let hole = try BlackHole(at: "127.0.0.2", port: 0)
            let transport = try Self.transport(on: loop)
            let crowd = Crowd(transport, on: loop)
            try crowd.begin("http://127.0.0.2:\(hole.port)")
            await Self.until("connecting", on: loop) { transport.openConnections == 1 }
            shutdown(crowd.callers[0].peer, Int32(SHUT_RDWR))
            await crowd.wait(for: 1)
            XCTAssertEqual(crowd.results.map(\.result), [.failed(.callerGone)])
            XCTAssertEqual(transport.openConnections, 0)
            withExtendedLifetime(hole) {}
        }
    }

    // MARK: Names

    func testANameThatMovesTakesItsTrafficAlongWithinItsLife() throws {
        try onLoop { actor in
            let loop = actor.loop
            let old = try Provider("old", at: "127.0.0.1", on: loop)
            let new = try Provider("new", at: "127.0.0.2", port: old.port, on: loop)
            let busy = try Provider("busy", at: "127.0.0.3", port: old.port, holds: true, on: loop)
            defer { for provider in [old, new, busy] { provider.stop() } }
            let names = Names()
            names["moving.test"] = ["127.0.0.3"]
            let metrics = UpstreamMetrics(MetricsRegistry())
            let transport = try Self.transport(names, on: loop, metrics: metrics) { $0.dnsLifeTimeSeconds = 1 }
            let url = "http://moving.test:\(old.port)"
            // One that is in use while the name moves.
            let crowd = Crowd(transport, on: loop)
            try crowd.begin(url)
            _ = await busy.arrivals.wait(beyond: 0, timeout: .seconds(20))
            names["moving.test"] = ["127.0.0.1"]
            await Self.until("looked up again", on: loop) { metrics.found.current >= 2 }
            let first = try await Self.ask(transport, url, on: loop)
            XCTAssertEqual(first, .answer("old"))
            XCTAssertEqual(transport.idleConnections, 1)
            names["moving.test"] = ["127.0.0.2"]
            // Nobody asks meanwhile: it is looked up because there are connections.
            await Self.until("the idle connection closed", on: loop) { transport.idleConnections == 0 }
            let second = try await Self.ask(transport, url, on: loop)
            XCTAssertEqual(second, .answer("new"))
            busy.answers.raise(to: 1)
            await crowd.wait(for: 1)
            XCTAssertEqual(crowd.results.map(\.result), [.answer("busy")], "what is in use goes on")
            XCTAssertEqual(transport.openConnections, 1, "and closes when it comes back")
            XCTAssertEqual(transport.idleConnections, 1)
            XCTAssertEqual(metrics.closedForAddress.current, 2)
            XCTAssertEqual(metrics.open.current, 1)
        }
    }

    func testConnectionsToAddressesThatStayAreKept() throws {
        try onLoop { actor in
            let loop = actor.loop
            let provider = try Provider("here", on: loop)
            defer { provider.stop() }
            let names = Names()
            names["growing.test"] = ["127.0.0.1", "127.0.0.2"]
            let transport = try Self.transport(names, on: loop) { $0.dnsLifeTimeSeconds = 1 }
            let url = "http://growing.test:\(provider.port)"
            _ = try await Self.ask(transport, url, on: loop)
            names["growing.test"] = ["127.0.0.1"]
            await Self.until("looked up again", on: loop) { names.asked.count >= 3 }
            for _ in 0..<3 {
                let answer = try await Self.ask(transport, url, on: loop)
                XCTAssertEqual(answer, .answer("here"))
            }
            XCTAssertEqual(provider.accepted, 1)
        }
    }

    func testANameThatCannotBeLookedUpAnyMoreIsUsedAsItWas() throws {
        try onLoop { actor in
            let loop = actor.loop
            let provider = try Provider("here", on: loop)
            defer { provider.stop() }
            let names = Names()
            names["fading.test"] = ["127.0.0.1"]
            let transport = try Self.transport(names, on: loop) { $0.dnsLifeTimeSeconds = 1 }
            let url = "http://fading.test:\(provider.port)"
            _ = try await Self.ask(transport, url, on: loop)
            names["fading.test"] = []
            // Ahead of its end, and again after that.
            await Self.until("looked up twice more", on: loop) { names.asked.count == 3 }
            transport.closeIdle()
            provider.closes = true
            for _ in 0..<3 {
                let answer = try await Self.ask(transport, url, on: loop)
                XCTAssertEqual(answer, .answer("here"))
            }
            XCTAssertEqual(provider.accepted, 4)
            XCTAssertEqual(names.asked.count, 3, "and asked for again only after a while")
            let unknown = try await Self.ask(transport, "http://unknown.test:1", on: loop)
            XCTAssertEqual(unknown, .failed(.connectFailed))
        }
    }

    func testALookUpThatHangsHoldsUpNobodyElse() throws {
        let names = Names()
        defer { names.silence.signal() }
        try onLoop { actor in
            let loop = actor.loop
            let provider = try Provider("here", on: loop)
            defer { provider.stop() }
            names["other.test"] = ["127.0.0.1"]
            let transport = try Self.transport(names, on: loop)
            let crowd = Crowd(transport, on: loop)
            try crowd.begin("http://silent.test:\(provider.port)", connect: .milliseconds(60))
            try crowd.begin("http://silent.test:\(provider.port)")
            await Self.until("asked for", on: loop) { names.asked == ["silent.test"] }
            let answer = try await Self.ask(transport, "http://other.test:\(provider.port)", on: loop)
            XCTAssertEqual(answer, .answer("here"))
            await crowd.wait(for: 1)
            XCTAssertEqual(crowd.results.map(\.result), [.failed(.connectTimedOut)])
            shutdown(crowd.callers[1].peer, Int32(SHUT_RDWR))
            await crowd.wait(for: 2)
            XCTAssertEqual(crowd.results.last?.result, .failed(.callerGone))
            XCTAssertEqual(names.asked.count { $0 == "silent.test" }, 1, "all wait for one look-up")
        }
    }

    func testTheSystemsResolverKnowsThisMachine() throws {
        XCTAssertTrue(
            Resolver.askSystem("localhost").contains { ["127.0.0.1", "::1"].contains($0.host) },
            "\(Resolver.askSystem("localhost"))")
        XCTAssertEqual(Resolver.askSystem("127.0.0.1").map(\.host), ["127.0.0.1"])
        XCTAssertEqual(Resolver.askSystem("no such name"), [])
        try onLoop { actor in
            let provider = try Provider("here", on: actor.loop)
            defer { provider.stop() }
            let transport = DirectTransport(
                on: actor.loop, resolver: Resolver(), trust: try TLSClientContext(authoritiesFile: ""))
            let answer = try await Self.ask(transport, "http://localhost:\(provider.port)", on: actor.loop)
            XCTAssertEqual(answer, .answer("here"))
        }
    }
}
