import Foundation
import Shared
import Synchronization
import TestSupport
import XCTest

/// TLS on both legs: callers to a data plane with certificates of a private authority, and from there to a provider at https.
final class TLSTests: FleetTestCase {
    /// - Shape: `tls/current` is a link to a folder with the certificates, as Kubernetes has it with secrets. `data-1` speaks plain
    ///   HTTP too, `data-2` wants certificates of its callers and has little patience.
    override class func makeFleet() throws -> TestFleet {
        try TestFleet.made { fleet in
            let folder = "\(fleet.folder)/tls"
            try FileManager.default.createDirectory(atPath: "\(folder)/first", withIntermediateDirectories: true)
            let authority = try TestAuthority(in: folder)
            for (name, subjects) in [("a", "DNS:a.example,DNS:localhost,IP:127.0.0.1"), ("b", "DNS:*.b.example")] {
                _ = try authority.issue("first/\(name)", for: subjects)
            }
            try use("first", in: fleet)
            try fleet.startControl()
            let stub = try fleet.addStub("stub", ["--key=sk-stub"])
            let certificates = [
                "--tls-certificate-files=\(folder)/current/a.pem,\(folder)/current/b.pem",
                "--tls-key-files=\(folder)/current/a-key.pem,\(folder)/current/b-key.pem",
                "--upstream-ca-file=\(authority.file)",
            ]
            try fleet.addDataPlane(
                arguments: certificates + ["--tls-listen-port=\(freePort())"], environment: ["STUB_KEY": "sk-stub"])
            try fleet.addDataPlane(
                "data-2",
                arguments: certificates + [
                    "--tls-listen-port=\(freePort())", "--serves-plain-http=false", "--tls-client-certificates=require",
                    "--tls-client-ca-file=\(authority.file)", "--tls-handshakes-max=4",
                    "--tls-handshake-timeout-milliseconds=1500",
                ], environment: ["STUB_KEY": "sk-stub"])
            // Closes connections often, and notes how each began.
            let (provider, _) = try TLSFront.start(
                in: fleet.folder, authority, before: stub.port, settings: "keepalive_requests 4;",
                format: "$ssl_protocol $ssl_session_reused")
            try fleet.addTenant()
            try fleet.addProvider(at: "https://127.0.0.1:\(provider)/v1")
            try fleet.addChatAndEmbedding()
        }
    }

    /// Exchanges the certificates, all at once.
    private static func use(_ version: String, in fleet: TestFleet) throws {
        let link = "\(fleet.folder)/tls/new"
        try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: version)
        guard unsafe rename(link, "\(fleet.folder)/tls/current") == 0 else {
            throw TestFailure("rename: \(errnoText())")
        }
    }

    private func port(_ index: Int = 0) throws -> UInt16 {
        let prefix = "--tls-listen-port="
        let argument = try XCTUnwrap(try fleet().dataPlanes[index].allArguments.first { $0.hasPrefix(prefix) })
        return try XCTUnwrap(UInt16(argument.dropFirst(prefix.count)))
    }

    private func authorityFile() throws -> String { try fleet().folder + "/tls/authority.pem" }

    private func key(_ name: String = #function) throws -> String {
        let key = try fleet().makeKey(String(name.prefix { $0 != "(" }))
        try fleet().waitUntilConfigured()
        return key.text
    }

    private func sClient(
        _ arguments: [String], dataPlane: Int = 0, input: String = ""
    ) throws -> (output: String, status: Int32) {
        try runTool(
            "openssl",
            [
                "s_client", "-connect", "127.0.0.1:\(port(dataPlane))", "-CAfile", authorityFile(),
                "-verify_return_error",
            ]
                + arguments, input: input)
    }

    func testTheOfficialClientIsServedWithTLSOnBothLegs() throws {
        let fleet = try fleet()
        let (output, _) = try runTool(
            "env",
            [
                "SSL_CERT_FILE=\(authorityFile())", PythonTools.python.get(),
                "\(PythonTools.folder)/openai_client_checks.py", "--base-url", "https://localhost:\(port())/v1",
                "--key",
                key(), "--chat", "chat", "--embedding", "embedding", "--provider", "stub", "--weir",
            ])
        let report = try JSONDecoder().decode(PythonTools.ClientReport.self, from: Data(output.utf8))
        for check in report.checks { XCTAssertNil(check.failure, check.name) }
        XCTAssertGreaterThanOrEqual(report.checks.filter { !$0.skipped }.count, 16)
        XCTAssertGreaterThan(try fleet.data.metric("weir_tls_handshakes_total"), 0)
        let lines = try String(contentsOfFile: "\(fleet.folder)/nginx/access.log", encoding: .utf8).split(
            separator: "\n")
        XCTAssertTrue(lines.allSatisfy { $0.hasPrefix("TLSv1.2 ") }, "\(lines)")
        XCTAssertTrue(lines.contains("TLSv1.2 r"), "Weir resumes its sessions with the provider: \(lines)")
    }

    func testVersionsNamesAndProtocolsAreNegotiated() throws {
        for (flag, version) in [("-tls1_2", "TLSv1.2"), ("-tls1_3", "TLSv1.3")] {
            let (output, status) = try sClient([flag, "-alpn", "h2,http/1.1"])
            XCTAssertEqual(status, 0, output)
            XCTAssertTrue(output.contains("New, \(version)"), output)
            XCTAssertTrue(output.contains("ALPN protocol: http/1.1"), output)
            XCTAssertTrue(output.contains("Verify return code: 0 (ok)"), output)
            XCTAssertTrue(output.contains("Compression: NONE"), output)
        }
        let (again, _) = try sClient(["-tls1_2", "-reconnect"])
        XCTAssertEqual(again.components(separatedBy: "Reused, TLSv1.2").count - 1, 5, again)
        // The client is talked into offering what it would not by itself.
        let old = try sClient(["-tls1_1", "-cipher", "ALL@SECLEVEL=0"])
        XCTAssertNotEqual(old.status, 0)
        XCTAssertTrue(old.output.contains("alert protocol version"), old.output)
        let weak = try sClient(["-tls1_2", "-cipher", "AES128-SHA"])
        XCTAssertNotEqual(weak.status, 0, "no forward secrecy")
        let other = try sClient(["-alpn", "h2"])
        XCTAssertTrue(other.output.contains("no application protocol"), other.output)
        for (name, subject) in [
            ("a.example", "a"), ("x.b.example", "b"), ("unknown.example", "a"), ("x.y.b.example", "a"),
        ] {
            let (output, _) = try sClient(["-servername", name])
            XCTAssertTrue(output.contains("subject=CN = first-\(subject)"), "\(name): \(output)")
        }
        let (nameless, _) = try sClient(["-noservername"])
        XCTAssertTrue(nameless.contains("subject=CN = first-a"), nameless)
        let (renegotiated, _) = try sClient(["-tls1_2"], input: "R\n")
        XCTAssertTrue(renegotiated.contains("no renegotiation"), renegotiated)
    }

    func testAProviderIsProbedOverTLS() throws {
        let fleet = try fleet()
        try fleet.change("providers", named: "stub", ["probe": ["interval_seconds": 1, "failures": 1]])
        defer { _ = Result { try fleet.change("providers", named: "stub", ["probe": NSNull()]) } }
        try waitUntil("a probe was answered", detail: { fleet.tails }) {
            try fleet.data.metric(#"weir_probes_total{provider="stub",outcome="answered"}"#) > 0
        }
        XCTAssertEqual(try fleet.data.metric("weir_provider_down"), 0)
    }

    func testPlainHTTPOnTheTLSPortIsToldSo() throws {
        let answer = try HTTPCaller(port: port()).send("GET", "/v1/models")
        XCTAssertEqual(answer.status, 400)
        XCTAssertEqual((answer.json["error"] as? [String: Any])?["code"] as? String, "https_required")
    }

    func testACertificateOfTheCallerIsRequiredWhereThatIsSet() throws {
        let fleet = try fleet()
        let key = try key()
        let authority = TestAuthority(reading: "authority", in: "\(fleet.folder)/tls")
        let caller = try authority.issue("caller", for: "DNS:caller.example")
        let stranger = try TestAuthority(in: "\(fleet.folder)/tls", name: "strangers").issue(
            "stranger", for: "DNS:caller.example")
        let request = "GET /v1/models HTTP/1.1\r\nhost: w\r\nauthorization: Bearer \(key)\r\nconnection: close\r\n\r\n"
        for version in ["-tls1_2", "-tls1_3"] {
            func ask(_ pair: TLSKeyPair?) throws -> String {
                let arguments = pair.map { ["-cert", $0.certificateFile, "-key", $0.keyFile] } ?? []
                return try sClient([version, "-quiet", "-ign_eof"] + arguments, dataPlane: 1, input: request).output
            }
            let served = try ask(caller)
            XCTAssertTrue(served.contains("HTTP/1.1 200"), served)
            let without = try ask(nil)
            XCTAssertFalse(without.contains("HTTP/1.1"), without)
            XCTAssertTrue(without.contains("alert"), without)
            let strange = try ask(stranger)
            XCTAssertFalse(strange.contains("HTTP/1.1"), strange)
            XCTAssertTrue(strange.contains("alert unknown ca"), strange)
        }
        XCTAssertThrowsError(try RawConnection(port: fleet.dataPlanes[1].port), "there is no plain listener")
    }

    func testHandshakesThatDoNotMoveAreBoundedInNumberAndTime() throws {
        let node = try fleet().dataPlanes[1]
        // Four may be under way, on two threads.
        let connections = try (0..<10).map { _ in try RawConnection(port: port(1)) }
        var ended = 0
        for connection in connections { if try connection.receive() == .end { ended += 1 } }
        XCTAssertEqual(ended, 10)
        XCTAssertGreaterThanOrEqual(try node.metric("weir_tls_handshakes_refused_total"), 6)
        XCTAssertGreaterThanOrEqual(try node.metric("weir_tls_handshake_failures_total"), 2)
        XCTAssertEqual(try node.metric("weir_tls_handshakes_under_way"), 0)
    }

    func testNewCertificatesAreTakenUnderLoadAndBrokenOnesChangeNothing() throws {
        let fleet = try fleet()
        let folder = "\(fleet.folder)/tls"
        let load = try SecureLoad(port: port(), authorities: authorityFile(), key: key())
        let authority = TestAuthority(reading: "authority", in: folder)
        for version in ["second", "broken"] {
            try FileManager.default.createDirectory(atPath: "\(folder)/\(version)", withIntermediateDirectories: true)
            for name in ["a", "b"] {
                _ = try authority.issue("\(version)/\(name)", for: "DNS:a.example,DNS:localhost,IP:127.0.0.1")
            }
        }
        // A key of another certificate.
        try FileManager.default.removeItem(atPath: "\(folder)/broken/b-key.pem")
        try FileManager.default.copyItem(atPath: "\(folder)/second/a-key.pem", toPath: "\(folder)/broken/b-key.pem")
        func shown() throws -> String {
            let (output, _) = try sClient([])
            return output.split(separator: "\n").first { $0.hasPrefix("subject=") }.map(String.init) ?? output
        }
        func trouble() throws -> String? { try fleet.data.readiness().json["tls"] as? String }
        XCTAssertNil(try trouble())

        try Self.use("broken", in: fleet)
        try waitUntil("readiness tells of the broken pair") { try trouble() != nil }
        let told = try trouble() ?? ""
        XCTAssertTrue(told.contains("tls.keyFiles[1]"), told)
        XCTAssertEqual(try fleet.data.readiness().status, 200, "it serves")
        XCTAssertEqual(try fleet.data.metric("weir_tls_stale"), 1)
        XCTAssertEqual(try shown(), "subject=CN = first-a")
        try Self.use("second", in: fleet)
        try waitUntil("the new certificate is shown") { try shown() == "subject=CN = second-a" }
        XCTAssertNil(try trouble())
        XCTAssertEqual(try fleet.data.metric("weir_tls_stale"), 0)

        let reloads = try fleet.data.metric("weir_tls_reloads_total")
        fleet.data.process?.send(signal: SIGHUP)
        try waitUntil("SIGHUP reads them again") { try fleet.data.metric("weir_tls_reloads_total") > reloads }
        try Self.use("first", in: fleet)
        try waitUntil("the first one is back") { try shown() == "subject=CN = first-a" }
        let (requests, failures) = load.stop()
        XCTAssertEqual(failures, [])
        XCTAssertGreaterThan(requests, 100)
        let metrics = try HTTPCaller(port: fleet.data.opsPort).send("GET", "/metrics").text
        let resumed = metrics.split(separator: "\n").first {
            $0.hasPrefix(#"weir_tls_handshakes_total{kind="resumed"}"#)
        }
        XCTAssertFalse(try XCTUnwrap(resumed).hasSuffix(" 0"), "sessions are resumed, on every thread")
    }

    func testTheTLSListenerIsTakenOverWithoutAFailedRequest() throws {
        let fleet = try fleet()
        let first = try fleet.data.takeOver(["--drain-announce-milliseconds=400"])
        XCTAssertEqual(first?.waitForExit(timeout: .seconds(20)), .status(0), first?.tail() ?? "")
        let load = try SecureLoad(port: port(), authorities: authorityFile(), key: key())
        let second = try fleet.data.takeOver(["--threads=3"])
        XCTAssertEqual(second?.waitForExit(timeout: .seconds(20)), .status(0), second?.tail() ?? "")
        let (requests, failures) = load.stop()
        XCTAssertEqual(failures, [])
        XCTAssertGreaterThan(requests, 50)
    }

    func testWhatCannotBeUsedAtTheStartIsNamed() throws {
        let fleet = try fleet()
        let arguments = fleet.data.allArguments
        let missing = try fleet.run(
            "weir-data", arguments + ["--tls-certificate-files=/no/such.pem", "--tls-key-files=/no/such.pem"],
            environment: ["NODE_TOKEN": "x"], expecting: 1)
        XCTAssertTrue(missing.contains("tls.certificateFiles[0]: cannot read /no/such.pem"), missing)
        let checked = try fleet.run(
            "weir-data",
            arguments + ["--check", "--tls-certificate-files=/no/such.pem", "--tls-key-files=/no/such.pem"],
            environment: ["NODE_TOKEN": "x"], expecting: 1)
        XCTAssertTrue(checked.contains("tls.certificateFiles[0]: cannot read /no/such.pem"), checked)
        let trust = try fleet.run(
            "weir-data", arguments + ["--upstream-ca-file=/no/such.pem"], environment: ["NODE_TOKEN": "x"], expecting: 1
        )
        XCTAssertTrue(trust.contains("upstreamCAFile: cannot read /no/such.pem"), trust)
        let uneven = try fleet.run(
            "weir-data", arguments + ["--tls-key-files=/no/such.pem", "--tls-client-certificates=require"],
            environment: ["NODE_TOKEN": "x"], expecting: 2)
        XCTAssertTrue(uneven.contains("tls.keyFiles"), uneven)
        XCTAssertTrue(uneven.contains("tls.clientCAFile"), uneven)
    }
}

/// Callers that ask for the list of models over and over, each time some on one connection.
///
/// Concurrency: the counters are under the mutex; everything else is constant, or of the loop.
private final class SecureLoad: @unchecked Sendable {
    private struct Counts {
        var requests = 0
        var failures: [String] = []
        var running = 0
        var isStopping = false
    }

    private let counts = Mutex(Counts())
    private let loop: EventLoop
    private static let callers = 4
    private static let requestsPerConnection = 5

    init(port: UInt16, authorities: String, key: String) throws {
        loop = try EventLoop(name: "load")
        loop.start()
        let trust = try TLSClientContext(authoritiesFile: authorities)
        counts.withLock { $0.running = Self.callers }
        for _ in 0..<Self.callers {
            loop.spawn { [self] _ in
                let sessions = TLSSessionStore()
                while !counts.withLock({ $0.isStopping }) {
                    do { try await connectAndAsk(port, trust, sessions, key) } catch {
                        counts.withLock { $0.failures.append("\(error)") }
                    }
                }
                counts.withLock { $0.running -= 1 }
            }
        }
    }

    private func connectAndAsk(
        _ port: UInt16, _ trust: TLSClientContext, _ sessions: TLSSessionStore, _ key: String
    ) async throws {
        let deadline = loop.refreshedNow().advanced(by: .seconds(15))
        let connection = try await Connection.connect(
            to: SocketAddress(numeric: "127.0.0.1", port: port)!, on: loop, deadline: deadline)
        defer { connection.close() }
        try await connection.secure(asClientOf: "a.example", trust, sessions: sessions, by: deadline)
        for _ in 0..<Self.requestsPerConnection {
            connection.setDeadline(after: .seconds(15))
            connection.output.append(
                "GET /v1/models HTTP/1.1\r\nhost: a.example\r\nauthorization: Bearer \(key)\r\n\r\n")
            try await connection.flush()
            let head = HTTPHead()
            let input = connection.input
            while try unsafe input.isEmpty || !head.parseResponse(input.readable, headBytesMax: 65_536) {
                if try await connection.fill() == 0 { throw TestFailure("the connection ended") }
            }
            guard head.status == 200, case .length(let length) = head.framing else {
                throw TestFailure("status \(head.status)")
            }
            while input.count < head.byteCount + Int(length) {
                if try await connection.fill() == 0 { throw TestFailure("the answer was cut") }
            }
            input.consume(head.byteCount + Int(length))
            counts.withLock { $0.requests += 1 }
            // The other side ends, and says so.
            if !head.keepsAlive { return }
        }
    }

    func stop() -> (requests: Int, failures: [String]) {
        counts.withLock { $0.isStopping = true }
        try? waitUntil("the callers have ended") { counts.withLock { $0.running == 0 } }
        loop.stop()
        loop.join()
        return counts.withLock { ($0.requests, $0.failures) }
    }
}
