import Foundation
import Glibc
import TestSupport
import XCTest

@testable import Shared

/// libcurl against servers with certificates of their own: Python's for HTTP/1.1, nginx for HTTP/2.
final class CurlTLSTests: XCTestCase {
    private var folder = ""
    private var processes: [ChildProcess] = []

    override func setUpWithError() throws {
        folder = NSTemporaryDirectory() + "weir-tls-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    }

    override func tearDown() {
        for process in processes { process.terminate() }
        processes = []
        try? FileManager.default.removeItem(atPath: folder)
    }

    private func start(_ program: String, _ arguments: [String]) throws -> ChildProcess {
        let process = try ChildProcess(
            name: program, executable: try Self.find(program), arguments: arguments, log: "\(folder)/\(program).log")
        processes.append(process)
        return process
    }

    /// An ordinary user's PATH has no folder for servers.
    private static func find(_ program: String) throws -> String {
        let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
        let candidates = (path.split(separator: ":") + ["/usr/bin", "/usr/sbin"]).map { "\($0)/\(program)" }
        guard let found = candidates.first(where: FileManager.default.isExecutableFile(atPath:)) else {
            throw TestFailure("finds no \(program): `deploy/dependencies.sh test` installs it")
        }
        return found
    }

    /// A certificate that is its own authority.
    private func makeCertificate(for subject: String) throws {
        let openssl = try start(
            "openssl",
            [
                "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
                "-subj", "/CN=weir test", "-addext", "subjectAltName=\(subject)", "-keyout", "\(folder)/key.pem",
                "-out",
                certificate,
            ])
        guard openssl.waitForExit() == .status(0) else { throw TestFailure(openssl.tail()) }
    }

    private var certificate: String { "\(folder)/certificate.pem" }

    /// Answers everything with "secure", over HTTP/1.1.
    private func startPythonServer() throws -> Int {
        let script = """
            import http.server, ssl
            class Handler(http.server.BaseHTTPRequestHandler):
                protocol_version = "HTTP/1.1"
                def do_GET(self):
                    self.send_response(200)
                    self.send_header("content-length", "6")
                    self.end_headers()
                    self.wfile.write(b"secure")
            server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain("\(certificate)", "\(folder)/key.pem")
            server.socket = context.wrap_socket(server.socket, server_side=True)
            print("port", server.server_port, flush=True)
            server.serve_forever()
            """
        let server = try start("python3", ["-c", script])
        try waitUntil("the server listens", detail: { server.tail() }) { server.output.contains("port ") }
        let line = server.output.split(separator: "\n").first { $0.hasPrefix("port ") }!
        return Int(line.dropFirst(5))!
    }

    /// nginx with HTTP/2; `/` answers with protocol and connection number, `/large` with 16 MiB.
    private func startNginx() throws -> Int {
        let free = try LoopServer { _, _, _ in }
        free.stop()
        let port = Int(free.port)
        try Data(count: 16 * 1024 * 1024).write(to: URL(fileURLWithPath: "\(folder)/large"))
        try """
        daemon off; master_process off; pid \(folder)/nginx.pid; error_log stderr warn;
        events {}
        http {
            access_log off;
            client_body_temp_path \(folder)/body; proxy_temp_path \(folder)/proxy;
            fastcgi_temp_path \(folder)/fastcgi; uwsgi_temp_path \(folder)/uwsgi; scgi_temp_path \(folder)/scgi;
            server {
                listen 127.0.0.1:\(port) ssl http2;
                ssl_certificate \(certificate); ssl_certificate_key \(folder)/key.pem;
                location = / { default_type text/plain; return 200 "$server_protocol $connection $http_x_one"; }
                location /large { root \(folder); }
            }
        }
        """.write(toFile: "\(folder)/nginx.conf", atomically: true, encoding: .utf8)
        let server = try start(
            "nginx", ["-e", "stderr", "-p", folder, "-c", "\(folder)/nginx.conf"])
        try waitUntil("nginx listens", detail: { server.tail() }) {
            guard server.isRunning else { throw TestFailure("nginx does not start: \(server.tail())") }
            guard let connection = try? RawConnection(port: UInt16(port)) else { return false }
            connection.close()
            return true
        }
        return port
    }

    private static func failure(_ body: () async throws(CurlError) -> Void) async -> CurlError? {
        do { try await body() } catch { return error }
        return nil
    }

    func testACertificateOfAnUnknownAuthorityIsRefusedAndAcceptedWithItsBundle() throws {
        try makeCertificate(for: "IP:127.0.0.1")
        let url = "https://127.0.0.1:\(try startPythonServer())/"
        let bundle = certificate
        try onLoop { actor in
            let error = await Self.failure { () async throws(CurlError) in
                _ = try await CurlClient(on: actor.loop).send(method: "GET", url: url)
            }
            XCTAssertEqual(error?.kind, .certificate)
            XCTAssertEqual(error?.sentNothing, true)
            let client = CurlClient(on: actor.loop, caBundlePath: bundle)
            for _ in 0..<3 {
                let response = try await client.send(method: "GET", url: url)
                XCTAssertEqual(response.body, Array("secure".utf8))
            }
        }
    }

    func testACertificateForAnotherNameAndABundleThatIsNotThereAreRefused() throws {
        try makeCertificate(for: "DNS:weir.example")
        let url = "https://127.0.0.1:\(try startPythonServer())/"
        for (bundle, kind) in [(certificate, CurlError.Kind.certificate), ("\(folder)/missing.pem", .tls)] {
            try onLoop { actor in
                let error = await Self.failure { () async throws(CurlError) in
                    _ = try await CurlClient(on: actor.loop, caBundlePath: bundle).send(method: "GET", url: url)
                }
                XCTAssertEqual(error?.kind, kind)
            }
        }
    }

    func testAHandshakeThatIsNotAnsweredIsAConnectTimeout() throws {
        // A server that waits for the end of a head in what it is sent.
        let server = try RawListener { _ in .init(status: 200) }
        defer { server.close() }
        try onLoop { actor in
            let error = await Self.failure { () async throws(CurlError) in
                _ = try await CurlClient(on: actor.loop).send(
                    method: "GET", url: "https://127.0.0.1:\(server.port)/", connectTimeout: .milliseconds(80))
            }
            XCTAssertEqual(error?.kind, .connectTimeout)
        }
    }

    func testHTTP2IsSpokenWhereItIsOfferedAndItsHeadIsReadAsAnyOther() throws {
        try makeCertificate(for: "IP:127.0.0.1")
        let url = "https://127.0.0.1:\(try startNginx())/"
        let bundle = certificate
        try onLoop { actor in
            let client = CurlClient(on: actor.loop, caBundlePath: bundle)
            var connections: Set<Substring> = []
            for number in 0..<20 {
                let response = try await client.send(method: "GET", url: url, headers: [("X-One", "\(number)")])
                XCTAssertEqual(response.status, 200)
                XCTAssertEqual(response.headers.first("content-type"), "text/plain")
                let words = String(decoding: response.body, as: UTF8.self).split(separator: " ")
                XCTAssertEqual(words.first, "HTTP/2.0")
                XCTAssertEqual(words.last, "\(number)")
                connections.insert(words[1])
            }
            XCTAssertEqual(connections.count, 1)
        }
    }

    func testAnAbortedStreamLeavesItsConnectionToTheOthers() throws {
        try makeCertificate(for: "IP:127.0.0.1")
        let url = "https://127.0.0.1:\(try startNginx())"
        let bundle = certificate
        try onLoop { actor in
            let multi = CurlMulti(on: actor.loop)
            let start = { (path: String) in
                var request = CurlRequest(method: "GET", url: url + path)
                request.caBundlePath = bundle
                return CurlTransfer(request, on: multi)
            }
            let connection = { () async throws(CurlError) -> String in
                let transfer = start("/")
                try await transfer.receiveHead()
                let buffer = ByteBuffer()
                while try await transfer.read(into: buffer) > 0 {}
                return String(decoding: buffer.array, as: UTF8.self)
            }
            let first = try await connection()
            let stopped = start("/large")
            try await stopped.receiveHead()
            let aborted = start("/large")
            try await aborted.receiveHead()
            _ = try await aborted.read(into: ByteBuffer())
            aborted.abort()
            // One stream stands still, one was reset: the third has the same connection and is served.
            let third = try await connection()
            XCTAssertEqual(third, first)
            XCTAssertLessThanOrEqual(stopped.unreadBytes, CurlTransfer.bufferBytesMax)
            let buffer = ByteBuffer()
            var received = 0
            while true {
                let count = try await stopped.read(into: buffer)
                if count == 0 { break }
                received += count
                buffer.removeAll()
            }
            XCTAssertEqual(received, 16 * 1024 * 1024)
            XCTAssertEqual(multi.transferCount, 0)
        }
    }
}
