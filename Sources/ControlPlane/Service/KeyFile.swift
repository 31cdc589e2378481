import Glibc
import Shared

/// The files that hold a key of 32 bytes: one line of standard base64.
enum KeyFile {
    /// - Errors: `CommandFailure` that names the file: missing, readable by everybody, or not a key.
    static func read(_ path: String, setting: String) throws(CommandFailure) -> [UInt8] {
        var status = stat()
        guard unsafe stat(path, &status) == 0 else {
            throw CommandFailure(
                unsafe "cannot read \(path) (\(setting)): \(String(cString: strerror(errno))). weir-control init makes it."
            )
        }
        // A group may read it (secrets mounted by an orchestrator); nobody else, and nobody but the owner may write.
        guard status.st_mode & 0o027 == 0 else {
            throw CommandFailure("\(path) (\(setting)) is open to other users: chmod 0600 \(path)")
        }
        let text: [UInt8]
        do { text = try SmallFile.read(path) } catch { throw CommandFailure("\(error) (\(setting))") }
        let line = String(decoding: text.prefix { $0 != 10 && $0 != 13 && $0 != 32 }, as: UTF8.self)
        guard let key = Base64.decode(line), key.count == 32 else {
            throw CommandFailure("\(path) (\(setting)) does not hold a key: want 32 bytes as base64")
        }
        return key
    }

    /// Reads the key, or writes a new one where there is no file. The folder must be there.
    static func readOrCreate(_ path: String, setting: String) throws(CommandFailure) -> (key: [UInt8], isNew: Bool) {
        let descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            if errno == EEXIST { return (key: try read(path, setting: setting), isNew: false) }
            throw CommandFailure(unsafe "cannot create \(path) (\(setting)): \(String(cString: strerror(errno)))")
        }
        let key = SecureRandom.bytes(32)
        let line = Array((Base64.encode(key) + "\n").utf8)
        let written = unsafe line.withUnsafeBytes { unsafe write(descriptor, $0.baseAddress, $0.count) }
        let isDurable = written == line.count && fsync(descriptor) == 0
        close(descriptor)
        guard isDurable else {
            unsafe unlink(path)
            throw CommandFailure("cannot write \(path) (\(setting))")
        }
        return (key: key, isNew: true)
    }
}

/// Why a command of `weir-control` ends without success: one line for the person who called it.
public struct CommandFailure: Error, Equatable, Sendable, CustomStringConvertible {
    public var description: String
    public init(_ description: String) { self.description = description }
}
