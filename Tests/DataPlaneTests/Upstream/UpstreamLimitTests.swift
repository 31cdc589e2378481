import Foundation
import Glibc
import Synchronization
import TestSupport
import XCTest

@testable import DataPlane
@testable import Shared

/// How many connections to a provider there may be, and what a request that has to wait for one notices of it.
final class UpstreamLimitTests: UpstreamTestCase {
    // MARK: Limits

    func testRequestsBeyondTheLimitWaitInOrderAndGetTheConnectionsOfThoseBeforeThem() throws {
        try onLoop { actor in
            let loop = actor.loop
            let provider = try Provider("here", holds: true, on: loop)
            defer { provider.stop() }
            let transport = try Self.transport(on: loop) { $0.connectionsPerThreadMax = 2 }
            let crowd = Crowd(transport, on: loop)
            for _ in 0..<6 { try crowd.begin("http://127.0.0.1:\(provider.port)") }
            _ = await provider.arrivals.wait(beyond: 1, timeout: .seconds(20))
            await Self.until("all wait", on: loop) { transport.waitingRequests == 4 }
            XCTAssertEqual(transport.openConnections, 2)
            for turn in 1...6 {
                provider.answers.raise(to: UInt64(turn))
                await crowd.wait(for: turn)
            }
            XCTAssertEqual(crowd.results.map(\.caller), [0, 1, 2, 3, 4, 5])
            XCTAssertTrue(crowd.results.allSatisfy { $0.result == .answer("here") }, "\(crowd.results)")
            XCTAssertEqual(provider.accepted, 2)
            XCTAssertEqual(transport.idleConnections, 2)
        }
    }

    func testThePlaceOfAConnectionThatClosesGoesToWhoWaits() throws {
        try onLoop { actor in
            let loop = actor.loop
            let provider = try Provider("here", holds: true, on: loop)
            defer { provider.stop() }
            provider.closes = true
            let transport = try Self.transport(on: loop) { $0.connectionsPerThreadMax = 1 }
            let crowd = Crowd(transport, on: loop)
            for _ in 0..<4 { try crowd.begin("http://127.0.0.1:\(provider.port)") }
            await Self.until("all wait", on: loop) { transport.waitingRequests == 3 }
            provider.answers.raise(to: .max / 2)
            await crowd.wait(for: 4)
            XCTAssertEqual(crowd.results.map(\.caller), [0, 1, 2, 3])
            XCTAssertTrue(crowd.results.allSatisfy { $0.result == .answer("here") }, "\(crowd.results)")
            XCTAssertEqual(provider.accepted, 4)
            XCTAssertEqual(transport.openConnections, 0)
        }
    }

    func testARequestThatGoesOutOnceMoreKeepsItsPlaceInLine() throws {
        try onLoop { actor in
            let loop = actor.loop
            let provider = try Provider("here", on: loop)
            defer { provider.stop() }
            provider.breaksKept = true
            let transport = try Self.transport(on: loop) {
                $0.connectionsPerThreadMax = 1
                $0.waitingPerThreadMax = 1
            }
            let url = "http://127.0.0.1:\(provider.port)"
            _ = try await Self.ask(transport, url, on: loop)
            XCTAssertEqual(transport.idleConnections, 1)
            let crowd = Crowd(transport, on: loop)
            // On the kept connection, and waiting for it: nobody else may wait.
            for _ in 0..<2 { try crowd.begin(url) }
            await crowd.wait(for: 2)
            XCTAssertEqual(crowd.results.map(\.caller), [0, 1])
            XCTAssertEqual(crowd.results.map(\.result), [.answer("here"), .answer("here")])
            XCTAssertEqual(provider.accepted, 3)
            XCTAssertEqual(transport.openConnections, 1)
        }
    }

    func testWaitingEndsWithTheTimeWithTheCallerAndWithTheQueue() throws {
        try onLoop { actor in
            let loop = actor.loop
            let provider = try Provider("here", holds: true, on: loop)
            defer { provider.stop() }
            let registry = MetricsRegistry()
            let transport = try Self.transport(on: loop, metrics: UpstreamMetrics(registry)) {
                $0.connectionsPerThreadMax = 1
                $0.waitingPerThreadMax = 3
            }
            let url = "http://127.0.0.1:\(provider.port)"
            let crowd = Crowd(transport, on: loop)
            try crowd.begin(url)
            _ = await provider.arrivals.wait(beyond: 0, timeout: .seconds(20))
            try crowd.begin(url, connect: .milliseconds(400))
            try crowd.begin(url)
            try crowd.begin(url)
            await Self.until("all wait", on: loop) { transport.waitingRequests == 3 }
            let full = try await Self.ask(transport, url, on: loop)
            XCTAssertEqual(full, .failed(.connectionsInUse), "the queue is full")
            await crowd.wait(for: 1)
            XCTAssertEqual(crowd.results[0].result, .failed(.connectionsInUse), "its time is over")
            XCTAssertEqual(crowd.results[0].caller, 1)
            shutdown(crowd.callers[2].peer, Int32(SHUT_RDWR))
            await crowd.wait(for: 2)
            XCTAssertEqual(crowd.results[1].result, .failed(.callerGone))
            XCTAssertEqual(transport.waitingRequests, 1)
            provider.answers.raise(to: .max / 2)
            await crowd.wait(for: 4)
            XCTAssertEqual(crowd.results.map(\.caller), [1, 2, 0, 3])
            XCTAssertEqual(crowd.results[3].result, .answer("here"))
            XCTAssertEqual(transport.idleConnections, 1)
            let text = String(decoding: registry.render(), as: UTF8.self)
            XCTAssertTrue(text.contains("weir_upstream_waits_total 3"), text)
            XCTAssertTrue(text.contains("weir_upstream_waiting_requests 0"), text)
            XCTAssertTrue(
                text.contains("weir_upstream_connect_failures_total{cause=\"connections_in_use\"} 2"), text)
        }
    }

    func testNoMoreConnectionsAreKeptThanMayBe() throws {
        try onLoop { actor in
            let loop = actor.loop
            let provider = try Provider("here", holds: true, on: loop)
            defer { provider.stop() }
            let transport = try Self.transport(on: loop) { $0.idleConnectionsPerThreadMax = 2 }
            let crowd = Crowd(transport, on: loop)
            for _ in 0..<5 { try crowd.begin("http://127.0.0.1:\(provider.port)") }
            _ = await provider.arrivals.wait(beyond: 4, timeout: .seconds(20))
            provider.answers.raise(to: .max / 2)
            await crowd.wait(for: 5)
            XCTAssertEqual(transport.idleConnections, 2)
            XCTAssertEqual(transport.openConnections, 2)
        }
    }

    func testProvidersThatNobodyAsksForAreForgottenWhenThereAreTooMany() throws {
        try onLoop(timeout: .seconds(60)) { actor in
            let loop = actor.loop
            let provider = try Provider("here", on: loop)
            defer { provider.stop() }
            let transport = try Self.transport(on: loop)
            let kept = try await Self.ask(transport, "http://127.0.0.1:\(provider.port)", on: loop)
            XCTAssertEqual(kept, .answer("here"))
            for port in 1...1_100 {
                _ = try await Self.ask(transport, "http://host-\(port).test:1", on: loop)
            }
            XCTAssertLessThanOrEqual(transport.poolCount, 1_024)
            XCTAssertEqual(transport.idleConnections, 1, "who has a connection is not forgotten")
            let again = try await Self.ask(transport, "http://127.0.0.1:\(provider.port)", on: loop)
            XCTAssertEqual(again, .answer("here"))
            XCTAssertEqual(provider.accepted, 1)
        }
    }

    // MARK: Descriptors

    func testWithoutADescriptorTheAnswerNamesTheReasonAndIdleConnectionsGoFirst() throws {
        try onLoop { actor in
            let loop = actor.loop
            let one = try Provider("one", on: loop)
            let two = try Provider("two", holds: true, on: loop)
            defer { for provider in [one, two] { provider.stop() } }
            let transport = try Self.transport(on: loop)
            let first = try await Self.ask(transport, "http://127.0.0.1:\(one.port)", on: loop)
            XCTAssertEqual(first, .answer("one"))
            XCTAssertEqual(transport.idleConnections, 1)
            let crowd = Crowd(transport, on: loop)
            try crowd.admit()
            let limit = try DescriptorSqueeze()
            defer { limit.end() }
            // The idle connection to the other provider gives its descriptor.
            crowd.ask("http://127.0.0.1:\(two.port)")
            await Self.until("the idle connection closed", on: loop) { transport.idleConnections == 0 }
            limit.end()
            _ = await two.arrivals.wait(beyond: 0, timeout: .seconds(20))
            let other = try Caller(on: loop, head: CurlTransportTests.plainHead)
            let again = try DescriptorSqueeze()
            let result = try await Self.ask(transport, "http://127.0.0.1:\(two.port)", by: other, on: loop)
            again.end()
            XCTAssertEqual(result, .failed(.descriptorsExhausted))
            two.answers.raise(to: .max / 2)
            await crowd.wait(for: 1)
            XCTAssertEqual(crowd.results.map(\.result), [.answer("two")])
        }
        let error = GatewayError(AttemptError.descriptorsExhausted)
        XCTAssertEqual(error.status, 503)
        XCTAssertEqual(error.code.description, "open_files_limit_reached")
        XCTAssertEqual(GatewayError(AttemptError.connectionsInUse).status, 503)
    }
}

/// No further descriptor for this process until `end`.
private final class DescriptorSqueeze {
    private var before = rlimit()
    private var isOn = true
    private static let resource = __rlimit_resource_t(UInt32(RLIMIT_NOFILE.rawValue))

    init() throws {
        guard unsafe getrlimit(Self.resource, &before) == 0 else { throw TestFailure("getrlimit: \(errnoText())") }
        // The lowest free number is what the next one would get.
        let next = unsafe open("/dev/null", O_RDONLY | O_CLOEXEC)
        close(next)
        var limit = before
        limit.rlim_cur = rlim_t(next)
        guard unsafe setrlimit(Self.resource, &limit) == 0 else { throw TestFailure("setrlimit: \(errnoText())") }
    }

    func end() {
        guard isOn else { return }
        isOn = false
        _ = unsafe setrlimit(Self.resource, &before)
    }
}
