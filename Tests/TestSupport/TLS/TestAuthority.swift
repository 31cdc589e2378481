import Foundation
public import Shared

/// A certificate authority of a test's own, and the certificates that it issues, as PEM files in its folder.
public final class TestAuthority {
    public let folder: String
    /// Its own certificate.
    public let file: String
    private let keyFile: String
    private var ownFolder: TemporaryFolder?

    /// One in a folder of its own, which goes away with it.
    public convenience init() throws {
        let folder = try TemporaryFolder()
        try self.init(in: folder.path)
        ownFolder = folder
    }

    public init(in folder: String, name: String = "authority") throws {
        self.folder = folder
        file = "\(folder)/\(name).pem"
        keyFile = "\(folder)/\(name)-key.pem"
        try Self.openssl(
            [
                "req", "-x509", "-days", "2", "-subj", "/CN=weir test \(name)", "-addext",
                "basicConstraints=critical,CA:TRUE",
            ]
                + Self.newKey + ["-keyout", keyFile, "-out", file])
    }

    /// One that was made before.
    public init(reading name: String, in folder: String) {
        self.folder = folder
        file = "\(folder)/\(name).pem"
        keyFile = "\(folder)/\(name)-key.pem"
    }

    private static let newKey = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]

    /// - Parameters:
    ///   - subjects: `DNS:a.example,IP:127.0.0.1`.
    ///   - days: from now on; negative for a certificate that has expired.
    public func issue(_ name: String, for subjects: String, days: Int = 2) throws -> TLSKeyPair {
        let pair = TLSKeyPair(certificateFile: "\(folder)/\(name).pem", keyFile: "\(folder)/\(name)-key.pem")
        let request = "\(folder)/\(name)-request.pem"
        try Self.openssl(
            ["req", "-subj", "/CN=\(name.replacing("/", with: "-"))", "-addext", "subjectAltName=\(subjects)"]
                + Self.newKey
                + ["-keyout", pair.keyFile, "-out", request])
        try Self.openssl([
            "x509", "-req", "-in", request, "-CA", file, "-CAkey", keyFile, "-days", "\(days)", "-copy_extensions",
            "copyall", "-out", pair.certificateFile,
        ])
        return pair
    }

    private static func openssl(_ arguments: [String]) throws {
        let (output, status) = try runTool("openssl", arguments)
        guard status == 0 else { throw TestFailure("openssl \(arguments.joined(separator: " ")): \(output)") }
    }
}

/// A folder that a test fills and that goes away with it.
public final class TemporaryFolder {
    public let path: String

    public init() throws {
        path = FileManager.default.temporaryDirectory.path + "/weir-test-\(getpid())-\(UUID().uuidString.prefix(8))"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }
}

/// Where a program is. An ordinary user's PATH has no folder for servers.
public func findTool(_ program: String) throws -> String {
    let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
    let candidates = (path.split(separator: ":") + ["/usr/bin", "/usr/sbin"]).map { "\($0)/\(program)" }
    guard let found = candidates.first(where: FileManager.default.isExecutableFile(atPath:)) else {
        throw TestFailure("finds no \(program): `deploy/dependencies.sh test` installs it")
    }
    return found
}

/// Runs a program to its end, with `input` as all of its standard input; both outputs come back as one.
public func runTool(
    _ program: String, _ arguments: [String], input: String = ""
) throws -> (output: String, status: Int32) {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: try findTool(program))
    process.arguments = arguments
    let output = Pipe()
    let source = Pipe()
    process.standardOutput = output
    process.standardError = output
    process.standardInput = source
    try process.run()
    try source.fileHandleForWriting.write(contentsOf: Data(input.utf8))
    try source.fileHandleForWriting.close()
    let bytes = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return (String(decoding: bytes, as: UTF8.self), process.terminationStatus)
}
