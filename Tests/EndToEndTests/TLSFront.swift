import Foundation
import TestSupport

/// nginx before a server that speaks plain HTTP: TLS 1.2, with a certificate of a test's own authority for 127.0.0.1.
enum TLSFront {
    /// - Parameters:
    ///   - settings: more of `http`.
    ///   - format: of the lines in `nginx/access.log`.
    /// - Returns: the port that speaks TLS, and who listens there. The process ends with the test run at the latest.
    static func start(
        in folder: String, _ authority: TestAuthority, before port: UInt16, settings: String = "",
        format: String = "$request $status"
    ) throws -> (port: UInt16, process: ChildProcess) {
        let folder = "\(folder)/nginx"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let pair = try authority.issue("provider", for: "IP:127.0.0.1")
        let own = freePort()
        try """
        daemon off; master_process off; pid \(folder)/nginx.pid; error_log stderr warn;
        events {}
        http {
            log_format tls "\(format)"; access_log \(folder)/access.log tls;
            client_max_body_size 0; \(settings)
            client_body_temp_path \(folder)/body; proxy_temp_path \(folder)/proxy;
            fastcgi_temp_path \(folder)/fastcgi; uwsgi_temp_path \(folder)/uwsgi; scgi_temp_path \(folder)/scgi;
            server {
                listen 127.0.0.1:\(own) ssl;
                ssl_protocols TLSv1.2; ssl_certificate \(pair.certificateFile); ssl_certificate_key \(pair.keyFile);
                location / { proxy_pass http://127.0.0.1:\(port); proxy_http_version 1.1; proxy_buffering off; }
            }
        }
        """.write(toFile: "\(folder)/nginx.conf", atomically: true, encoding: .utf8)
        let process = try ChildProcess(
            name: "nginx", executable: findTool("nginx"),
            arguments: ["-e", "stderr", "-p", folder, "-c", "\(folder)/nginx.conf"], log: "\(folder).log")
        try waitUntil("nginx listens", detail: { process.tail() }) {
            guard process.isRunning else { throw TestFailure("nginx does not start: \(process.tail())") }
            guard let connection = try? RawConnection(port: own) else { return false }
            connection.close()
            return true
        }
        return (own, process)
    }
}
