import Foundation
import Glibc
import TestSupport
import XCTest

@testable import Shared

/// Both ends of a TLS connection, as Weir speaks it, and what it takes to bring one about.
final class TLSTests: XCTestCase {
    private var authority: TestAuthority!

    override func setUpWithError() throws { authority = try TestAuthority() }

    override func tearDown() { authority = nil }

    /// What the test's server saw of its connections.
    ///
    /// Concurrency: on the loop of the test only.
    private final class Seen: @unchecked Sendable {
        var failures: [TLSFailure] = []
        var resumed: [Bool] = []
        var versions: [String?] = []
    }

    /// A server that answers each connection's first bytes with what `body` makes of the connection.
    private static func serve(
        _ context: TLSServerContext, _ seen: Seen, on loop: EventLoop, timeout: Duration = .seconds(20),
        _ body: @escaping @Sendable (Connection) async throws -> Void
    ) throws -> Listener {
        try Listener(on: SocketAddress(numeric: "127.0.0.1", port: 0)!, loop: loop, sharesPort: false) { descriptor in
            loop.spawn { _ in
                guard let connection = try? Connection(adopting: descriptor, on: loop) else { return }
                defer { connection.close() }
                do throws(TLSFailure) {
                    try await connection.secure(asServer: context, by: loop.refreshedNow().advanced(by: timeout))
                } catch { return seen.failures.append(error) }
                seen.resumed.append(connection.isResumed)
                seen.versions.append(connection.tlsVersion)
                try? await body(connection)
            }
        }
    }

    /// Sends back what comes.
    private static let echo: @Sendable (Connection) async throws -> Void = { connection in
        while try await connection.fill() > 0 {
            connection.output.append(connection.input.array)
            connection.input.removeAll()
            try await connection.flush()
        }
    }

    private static func connect(
        _ port: UInt16, _ trust: TLSClientContext, host: String = "a.example", sessions: TLSSessionStore? = nil,
        on loop: EventLoop, timeout: Duration = .seconds(20)
    ) async throws -> Connection {
        let deadline = loop.refreshedNow().advanced(by: timeout)
        let connection = try await Connection.connect(
            to: SocketAddress(numeric: "127.0.0.1", port: port)!, on: loop, deadline: deadline)
        do {
            try await connection.secure(
                asClientOf: host, trust, sessions: sessions ?? TLSSessionStore(), by: deadline)
        } catch {
            connection.close()
            throw error
        }
        return connection
    }

    private static func failure(_ body: () async throws -> Connection) async -> TLSFailure? {
        do { try await body().close() } catch { return error as? TLSFailure }
        return nil
    }

    func testBytesArriveWholeInBothDirectionsWhateverTheirNumber() throws {
        let pair = try authority.issue("server", for: "DNS:a.example")
        let file = authority.file
        try onLoop { actor in
            let loop = actor.loop
            let context = try TLSServerContext([pair], tickets: TLSTicketKeys())
            let listener = try Self.serve(context, Seen(), on: loop, Self.echo)
            defer { listener.close() }
            let connection = try await Self.connect(
                listener.address.port, TLSClientContext(authoritiesFile: file), on: loop)
            defer { connection.close() }
            XCTAssertEqual(connection.tlsVersion, "TLSv1.3")
            for count in [1, 100, 16_383, 16_384, 16_385, 100_000, 1_500_000] {
                let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ count) }
                // More than the sockets hold: both ends write and wait for each other to read.
                let sender = Sender(connection)
                loop.spawn { _ in await sender.send(bytes) }
                while connection.input.count < count {
                    let length = try await connection.fill()
                    XCTAssertGreaterThan(length, 0)
                    if length == 0 { return }
                }
                XCTAssertTrue(connection.input.array == bytes, "\(count) bytes")
                connection.input.removeAll()
            }
            XCTAssertTrue(connection.isQuiet(), "session tickets are no data")
        }
    }

    func testASecondConnectionResumesTheSessionOfTheFirstUntilItsTicketKeyIsGone() throws {
        let pair = try authority.issue("server", for: "DNS:a.example")
        let file = authority.file
        try onLoop { actor in
            let loop = actor.loop
            let tickets = TLSTicketKeys()
            let seen = Seen()
            let context = try TLSServerContext([pair], tickets: tickets)
            let listener = try Self.serve(context, seen, on: loop, Self.echo)
            defer { listener.close() }
            let trust = try TLSClientContext(authoritiesFile: file)
            let sessions = TLSSessionStore()
            func connectOnce() async throws -> Bool {
                let connection = try await Self.connect(listener.address.port, trust, sessions: sessions, on: loop)
                connection.output.append("x")
                try await connection.flush()
                // The ticket comes with the answer at the latest.
                _ = try await connection.fill()
                connection.close()
                return connection.isResumed
            }
            var resumed: [Bool] = []
            for _ in 0..<3 { resumed.append(try await connectOnce()) }
            tickets.rotate()
            resumed.append(try await connectOnce())
            for _ in 0..<4 { tickets.rotate() }
            resumed.append(try await connectOnce())
            resumed.append(try await connectOnce())
            XCTAssertEqual(seen.resumed, [false, true, true, true, false, true])
        }
    }

    func testCertificatesThatMustNotBeTrustedAreRefusedWithTheirReason() throws {
        let good = try authority.issue("good", for: "DNS:a.example,DNS:*.b.example,IP:127.0.0.1")
        let expired = try authority.issue("expired", for: "DNS:a.example", days: -1)
        let other = try TestAuthority(in: authority.folder, name: "other")
        let (file, otherFile) = (authority.file, other.file)
        try onLoop { actor in
            let loop = actor.loop
            let cases: [(pair: TLSKeyPair, host: String, authorities: String, reason: String?)] = [
                (good, "a.example", file, nil), (good, "x.b.example", file, nil), (good, "127.0.0.1", file, nil),
                (good, "a.example.", file, nil),
                (good, "b.example", file, "hostname mismatch"), (good, "x.y.b.example", file, "hostname mismatch"),
                (good, "127.0.0.2", file, "IP address mismatch"),
                (good, "a.example", otherFile, "unable to get local issuer certificate"),
                (good, "a.example", "", "unable to get local issuer certificate"),
                (expired, "a.example", file, "certificate has expired"),
            ]
            for (pair, host, authorities, reason) in cases {
                let context = try TLSServerContext([pair], tickets: TLSTicketKeys())
                let listener = try Self.serve(context, Seen(), on: loop, Self.echo)
                defer { listener.close() }
                let trust = try TLSClientContext(authoritiesFile: authorities)
                let failure = await Self.failure {
                    try await Self.connect(listener.address.port, trust, host: host, on: loop)
                }
                XCTAssertEqual(failure, reason.map { .certificateRefused($0) }, "\(host) \(authorities)")
            }
        }
    }

    func testAPeerThatStallsOrLeavesInTheHandshakeCostsItsDeadlineAtMost() throws {
        let pair = try authority.issue("server", for: "DNS:a.example")
        let file = authority.file
        try onLoop { actor in
            let loop = actor.loop
            let seen = Seen()
            let context = try TLSServerContext([pair], tickets: TLSTicketKeys())
            let listener = try Self.serve(context, seen, on: loop, timeout: .milliseconds(50), Self.echo)
            defer { listener.close() }
            // The first bytes of a handshake, and then nothing; or the end; or something else.
            for start: [UInt8] in [[], [22], [22, 3, 1, 2, 0, 1, 0]] {
                let connection = try await Connection.connect(
                    to: listener.address, on: loop, deadline: loop.now.advanced(by: .seconds(5)))
                connection.output.append(start)
                try await connection.flush()
                connection.setDeadline(after: .seconds(5))
                let length = try await connection.fill()
                XCTAssertEqual(length, 0, "the server closes")
                connection.close()
            }
            XCTAssertEqual(seen.failures, [.timedOut, .timedOut, .timedOut])
            seen.failures = []
            for (bytes, expected) in [
                ("GET / HTTP/1.1\r\n\r\n", TLSFailure.plainHTTP), ("\u{16}", .peerLeft),
                ("SSH-2.0-x\r\n", .refused("wrong version number")),
            ] {
                let connection = try await Connection.connect(
                    to: listener.address, on: loop, deadline: loop.now.advanced(by: .seconds(5)))
                connection.output.append(bytes)
                try await connection.flush()
                connection.close()
                let end = loop.refreshedNow().advanced(by: .seconds(5))
                while seen.failures.isEmpty, loop.refreshedNow() < end { await Task.yield() }
                XCTAssertEqual(seen.failures, [expected])
                seen.failures = []
            }

            // A server that accepts and says nothing.
            let silent = try Listener(
                on: SocketAddress(numeric: "127.0.0.1", port: 0)!, loop: loop, sharesPort: false
            ) { descriptor in
                loop.spawn { _ in
                    guard let connection = try? Connection(adopting: descriptor, on: loop) else { return }
                    while (try? await connection.fill()) ?? 0 > 0 {}
                    connection.close()
                }
            }
            defer { silent.close() }
            let trust = try TLSClientContext(authoritiesFile: file)
            let failure = await Self.failure {
                try await Self.connect(silent.address.port, trust, on: loop, timeout: .milliseconds(50))
            }
            XCTAssertEqual(failure, .timedOut)
        }
    }

    func testTheEndOfAStreamIsBelievedOnlyWithCloseNotify() throws {
        let pair = try authority.issue("server", for: "DNS:a.example")
        let file = authority.file
        try onLoop { actor in
            let loop = actor.loop
            for isSaid in [true, false] {
                let context = try TLSServerContext([pair], tickets: TLSTicketKeys())
                let listener = try Self.serve(context, Seen(), on: loop) { connection in
                    connection.output.append("half")
                    try await connection.flush()
                    if !isSaid {
                        connection.tls?.endSilently()
                        connection.tls = nil
                    }
                }
                defer { listener.close() }
                let connection = try await Self.connect(
                    listener.address.port, TLSClientContext(authoritiesFile: file), on: loop)
                defer { connection.close() }
                var ending: ConnectionError?
                do { while try await connection.fill() > 0 {} } catch { ending = error as? ConnectionError }
                XCTAssertEqual(connection.input.array, Array("half".utf8))
                XCTAssertEqual(ending, isSaid ? nil : .broken)
            }
        }
    }

    func testFilesThatCannotBeUsedAreNamedWithTheRemedy() throws {
        let one = try authority.issue("one", for: "DNS:a.example")
        let two = try authority.issue("two", for: "DNS:a.example")
        let encrypted = "\(authority.folder)/encrypted.pem"
        let made = try runTool(
            "openssl", ["pkey", "-in", one.keyFile, "-aes256", "-passout", "pass:secret", "-out", encrypted])
        XCTAssertEqual(made.status, 0, made.output)
        let missing = "\(authority.folder)/missing.pem"
        let cases: [(TLSKeyPair, TLSSetupError.Subject, [String])] = [
            (TLSKeyPair(certificateFile: missing, keyFile: one.keyFile), .certificate(0), [missing, "No such file"]),
            (TLSKeyPair(certificateFile: one.certificateFile, keyFile: missing), .key(0), [missing, "No such file"]),
            (TLSKeyPair(certificateFile: one.keyFile, keyFile: one.keyFile), .certificate(0), ["PEM", one.keyFile]),
            (TLSKeyPair(certificateFile: one.certificateFile, keyFile: one.certificateFile), .key(0), ["PEM"]),
            (TLSKeyPair(certificateFile: one.certificateFile, keyFile: two.keyFile), .key(0), ["not the key of"]),
            (TLSKeyPair(certificateFile: one.certificateFile, keyFile: encrypted), .key(0), ["passphrase"]),
        ]
        for (pair, subject, words) in cases {
            XCTAssertThrowsError(try TLSServerContext([pair], tickets: TLSTicketKeys())) { error in
                XCTAssertEqual((error as? TLSSetupError)?.subject, subject, "\(error)")
                for word in words { XCTAssertTrue("\(error)".contains(word), "\(error)") }
            }
        }
        XCTAssertThrowsError(
            try TLSServerContext(
                [one], clientCertificates: .require, authoritiesFile: one.keyFile, tickets: TLSTicketKeys())
        ) { XCTAssertEqual(($0 as? TLSSetupError)?.subject, .authorities) }
        XCTAssertThrowsError(try TLSClientContext(authoritiesFile: one.keyFile)) {
            XCTAssertEqual(($0 as? TLSSetupError)?.subject, .authorities)
        }
    }
}

/// Lets a task of its own send while the test reads.
///
/// Concurrency: both tasks are of the connection's loop.
private final class Sender: @unchecked Sendable {
    private let connection: Connection
    init(_ connection: Connection) { self.connection = connection }

    func send(_ bytes: [UInt8]) async {
        connection.output.append(bytes)
        try? await connection.flush()
    }
}
