import Foundation

/// Files that hold the bytes that other processes, and later versions, rely on.
///
/// - Shape: `Tests/Golden/<folder>/<name>`. With `WEIR_GOLDEN=rewrite` in the environment a test writes its file anew, and
///   the difference is for the review.
public enum Golden {
    public struct Mismatch: Error, CustomStringConvertible {
        public let description: String
    }

    /// Compares `actual` with the file.
    public static func check(_ actual: [UInt8], against name: String) throws {
        let file = root.appendingPathComponent(name)
        if ProcessInfo.processInfo.environment["WEIR_GOLDEN"] == "rewrite" {
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(actual).write(to: file)
            return
        }
        guard let expected = try? Data(contentsOf: file) else {
            throw Mismatch(description: "\(name) is missing; write it with WEIR_GOLDEN=rewrite")
        }
        guard expected != Data(actual) else { return }
        let position =
            zip(expected, actual).enumerated().first { $1.0 != $1.1 }?.offset ?? min(expected.count, actual.count)
        throw Mismatch(
            description: "\(name) differs at byte \(position) (\(expected.count) expected, \(actual.count) actual)")
    }

    /// The lines of a file that is never rewritten: what an earlier version wrote.
    public static func lines(of name: String) throws -> [String] {
        try String(contentsOf: root.appendingPathComponent(name), encoding: .utf8).split(separator: "\n").map(
            String.init)
    }

    /// What a file holds; nil where it is missing.
    public static func contents(of name: String) -> [UInt8]? {
        (try? Data(contentsOf: root.appendingPathComponent(name))).map(Array.init)
    }

    /// The names of the folders in a folder, sorted.
    public static func folders(in name: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(
            at: root.appendingPathComponent(name), includingPropertiesForKeys: [.isDirectoryKey]
        )
        .filter {
            try $0.resourceValues(forKeys: [.isDirectoryKey]).isDirectory == true
                && $0.lastPathComponent != "__pycache__"
        }
        .map(\.lastPathComponent).sorted()
    }

    private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("Golden")
}
