import Foundation
import TestSupport

/// Debian's nginx as the upstream: reads what Weir sends in its own way, and passes what it understood on to the stub provider.
final class NginxNode {
    let port: UInt16
    private let folder: String
    private let process: ChildProcess

    init(folder: String, template: URL, upstream: UInt16) throws {
        guard let program = ["/usr/sbin/nginx", "/usr/bin/nginx"].first(where: FileManager.default.isExecutableFile)
        else { throw TestFailure("no nginx: deploy/dependencies.sh test installs it") }
        self.folder = folder
        port = freePort()
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        var text = try String(contentsOf: template, encoding: .utf8)
        for (name, value) in [("folder", folder), ("port", "\(port)"), ("upstream", "\(upstream)")] {
            text = text.replacingOccurrences(of: "@\(name)@", with: value)
        }
        try text.write(toFile: "\(folder)/nginx.conf", atomically: true, encoding: .utf8)
        process = try ChildProcess(
            name: "nginx", executable: program,
            arguments: ["-p", folder, "-c", "\(folder)/nginx.conf", "-e", "\(folder)/error.log"],
            log: "\(folder)/nginx.log")
        let port = port
        let process = process
        try waitUntil("nginx listens", detail: { process.tail() }) {
            guard process.isRunning else { throw TestFailure("nginx ended: \(process.tail())") }
            return (try? RawConnection(port: port)) != nil
        }
    }

    func end() { process.terminate() }

    /// One line for each request that nginx saw: its ID, its status, and that of the upstream ("-": nginx refused it itself).
    func log() -> [(id: String, status: String, upstreamStatus: String)] {
        let text = (try? String(contentsOfFile: "\(folder)/access.log", encoding: .utf8)) ?? ""
        return text.split(separator: "\n").map { line in
            let words = line.split(separator: " ").map(String.init) + ["", "", ""]
            return (words[0], words[1], words[2])
        }
    }
}
