import Glibc
import Shared

/// Which control plane to talk to, and as whom.
///
/// - Shape: a flag wins over the environment, which wins over `~/.config/weir/config.json`
///   (`{"url": "...", "admin_token": "..."}`); the URL is http://127.0.0.1:7070 where none is given.
struct Connection {
    static let urlDefault = "http://127.0.0.1:7070"

    var url: String
    var token: String
    /// Said when the control plane cannot be reached.
    var urlSource: String

    private struct File: Decodable {
        var url: String?
        var adminToken: String?
        enum CodingKeys: String, CodingKey {
            case url
            case adminToken = "admin_token"
        }
    }

    init(_ invocation: Invocation) throws {
        let path = (Self.environment("HOME") ?? "") + "/.config/weir/config.json"
        let file = try Self.file(path)
        let candidates: [(value: String?, source: String)] = [
            (invocation.flag("url"), "--url"), (Self.environment("WEIR_URL"), "WEIR_URL"), (file?.url, path),
            (Self.urlDefault, "the default"),
        ]
        let chosen = candidates.first { $0.value != nil }!
        var url = chosen.value!
        while url.hasSuffix("/") { url.removeLast() }
        guard url.hasPrefix("http://") || url.hasPrefix("https://") else {
            throw UsageError(
                "the URL \"\(url)\" (\(chosen.source)) does not begin with http:// or https://",
                hint: "Try --url \(Self.urlDefault).")
        }
        self.url = url
        urlSource = chosen.source

        var token = invocation.flag("token")
        if token == nil, let path = invocation.flag("token-file") { token = try Self.firstLine(of: path) }
        token = token ?? Self.environment("WEIR_ADMIN_TOKEN") ?? file?.adminToken
        guard let token, !token.isEmpty else {
            throw UsageError(
                "no admin token",
                hint:
                    "Set WEIR_ADMIN_TOKEN, give --token-file PATH, or put {\"admin_token\": \"weiradm_…\"} into \(path)."
            )
        }
        guard token.utf8.allSatisfy({ (33...126).contains($0) }) else {
            throw UsageError(
                "the admin token has characters that no token has", hint: "It looks like weiradm_ and 43 characters.")
        }
        self.token = token
    }

    /// The first line of a file, or of the standard input for `-`.
    static func firstLine(of path: String) throws -> String {
        let bytes = try read(path)
        return String(decoding: bytes.prefix { $0 != 10 && $0 != 13 }, as: UTF8.self)
    }

    /// The same, but a JSON object as a whole: clouds hand keys out in many lines.
    static func secret(in path: String) throws -> String {
        let bytes = try read(path)
        if bytes.first == UInt8(ascii: "{"), (try? JSONValue(parsing: bytes))?.object != nil {
            return String(decoding: bytes, as: UTF8.self)
        }
        return String(decoding: bytes.prefix { $0 != 10 && $0 != 13 }, as: UTF8.self)
    }

    static func read(_ path: String) throws -> [UInt8] {
        do throws(SmallFile.ReadError) { return try SmallFile.read(path == "-" ? "/dev/stdin" : path) } catch {
            throw UsageError("\(error)", hint: "Name a file that you may read, or - for the standard input.")
        }
    }

    private static func file(_ path: String) throws -> File? {
        guard unsafe access(path, F_OK) == 0 else { return nil }
        let bytes = try read(path)
        do throws(StrictDecodingError) {
            return try StrictJSONDecoder.decode(File.self, from: bytes)
        } catch { throw UsageError("\(path): \(error)", hint: "It holds url and admin_token, nothing else.") }
    }

    /// Set and not empty.
    private static func environment(_ name: String) -> String? {
        ProcessEnvironment.variables()[name].flatMap { $0.isEmpty ? nil : $0 }
    }
}
