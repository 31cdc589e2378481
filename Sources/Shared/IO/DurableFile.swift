import Glibc

/// Whole small files that are either as they were or as they should be, whatever happens in between.
public enum DurableFile {
    /// Replaces `path`: writes beside it, synchronizes, renames over it, and synchronizes the directory.
    ///
    /// - Parameter suffix: of the file beside it; where two processes may write at once, one that each has for itself.
    public static func write(
        _ bytes: [UInt8], to path: String, mode: UInt32 = 0o600, beside suffix: String = ".new"
    ) throws(FileError) {
        let temporary = path + suffix
        let descriptor = unsafe open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode)
        guard descriptor >= 0 else { throw FileError(call: "open", path: temporary, code: errno) }
        do throws(FileError) {
            try writeAll(bytes, to: descriptor, path: temporary)
            guard fsync(descriptor) == 0 else { throw FileError(call: "fsync", path: temporary, code: errno) }
        } catch {
            close(descriptor)
            unsafe unlink(temporary)
            throw error
        }
        close(descriptor)
        guard unsafe rename(temporary, path) == 0 else {
            let code = errno
            unsafe unlink(temporary)
            throw FileError(call: "rename", path: path, code: code)
        }
        try synchronizeDirectory(Self.directory(of: path))
    }

    /// The whole file.
    ///
    /// - Errors: `EFBIG` for a file longer than `limit`.
    public static func read(_ path: String, limit: Int) throws(FileError) -> [UInt8] {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw FileError(call: "open", path: path, code: errno) }
        defer { close(descriptor) }
        var bytes = [UInt8]()
        var chunk = [UInt8](repeating: 0, count: 64 * 1024)
        while true {
            let count = unsafe chunk.withUnsafeMutableBytes { unsafe Glibc.read(descriptor, $0.baseAddress, $0.count) }
            if count == 0 { return bytes }
            if count < 0 {
                if errno == EINTR { continue }
                throw FileError(call: "read", path: path, code: errno)
            }
            bytes += chunk[..<count]
            guard bytes.count <= limit else { throw FileError(call: "read", path: path, code: EFBIG) }
        }
    }

    public static func remove(_ path: String) throws(FileError) {
        guard unsafe unlink(path) == 0 || errno == ENOENT else {
            throw FileError(call: "unlink", path: path, code: errno)
        }
    }

    /// Gives a file a second name; it stays where it is. Nothing happens when the name is taken.
    public static func link(_ path: String, to second: String) throws(FileError) {
        guard unsafe Glibc.link(path, second) == 0 || errno == EEXIST else {
            throw FileError(call: "link", path: second, code: errno)
        }
    }

    /// Renames within one file system.
    public static func move(_ path: String, to other: String) throws(FileError) {
        guard unsafe rename(path, other) == 0 else { throw FileError(call: "rename", path: other, code: errno) }
    }

    public static func exists(_ path: String) -> Bool { unsafe access(path, F_OK) == 0 }

    /// Makes the directory and those above it.
    public static func createDirectory(_ path: String, mode: UInt32 = 0o700) throws(FileError) {
        if unsafe mkdir(path, mode) == 0 || errno == EEXIST { return }
        guard errno == ENOENT, path.contains("/"), directory(of: path) != path else {
            throw FileError(call: "mkdir", path: path, code: errno)
        }
        try createDirectory(directory(of: path), mode: mode)
        guard unsafe mkdir(path, mode) == 0 || errno == EEXIST else {
            throw FileError(call: "mkdir", path: path, code: errno)
        }
    }

    /// The names in a directory, sorted, without `.` and `..`.
    public static func list(_ path: String) throws(FileError) -> [String] {
        guard let stream = unsafe opendir(path) else { throw FileError(call: "opendir", path: path, code: errno) }
        defer { unsafe closedir(stream) }
        var names = [String]()
        while let entry = unsafe readdir(stream) {
            let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) {
                unsafe $0.withMemoryRebound(to: CChar.self, capacity: 256) { unsafe String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted()
    }

    /// Removes an empty directory.
    public static func removeDirectory(_ path: String) throws(FileError) {
        guard unsafe rmdir(path) == 0 || errno == ENOENT else {
            throw FileError(call: "rmdir", path: path, code: errno)
        }
    }

    /// Makes the names in the directory durable: a rename or a new file is only there for good after this.
    public static func synchronizeDirectory(_ path: String) throws(FileError) {
        let descriptor = unsafe open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw FileError(call: "open", path: path, code: errno) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw FileError(call: "fsync", path: path, code: errno) }
    }

    /// The bytes that an unprivileged process may still write to the file system of `path`.
    public static func freeBytes(at path: String) throws(FileError) -> Int64 {
        var status = statvfs()
        guard unsafe statvfs(path, &status) == 0 else { throw FileError(call: "statvfs", path: path, code: errno) }
        return Int64(clamping: UInt64(status.f_bavail) * UInt64(status.f_frsize))
    }

    private static func writeAll(_ bytes: [UInt8], to descriptor: Int32, path: String) throws(FileError) {
        var offset = 0
        while offset < bytes.count {
            let count = unsafe bytes.withUnsafeBytes {
                unsafe Glibc.write(descriptor, $0.baseAddress! + offset, $0.count - offset)
            }
            if count < 0 {
                if errno == EINTR { continue }
                throw FileError(call: "write", path: path, code: errno)
            }
            offset += count
        }
    }

    static func directory(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }
}

/// A file that at most one process holds; the kernel lets go of it when the process ends, however it ends.
///
/// - Source: `flock(2)`.
@safe public final class FileLock: Sendable {
    private let descriptor: Int32

    private init(descriptor: Int32) { self.descriptor = descriptor }

    deinit { close(descriptor) }

    /// The lock of another process, which both hold from here on, until the last of them lets go.
    ///
    /// - Parameter adopting: its descriptor, which is the lock's from here on.
    /// - Errors: when it is not that of `path`.
    public convenience init(adopting descriptor: Int32, of path: String) throws(FileError) {
        var own = stat()
        var named = stat()
        guard unsafe fstat(descriptor, &own) == 0, unsafe stat(path, &named) == 0, own.st_dev == named.st_dev,
            own.st_ino == named.st_ino
        else {
            close(descriptor)
            throw FileError(call: "lock", path: path, code: ESTALE)
        }
        self.init(descriptor: descriptor)
    }

    /// For a process that takes it over. It stays this lock's.
    public var handedOver: Int32 { descriptor }

    /// Whether somebody holds it. The file has to be there, and is not written to.
    public static func isHeld(_ path: String) throws(FileError) -> Bool {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw FileError(call: "open", path: path, code: errno) }
        defer { close(descriptor) }
        if flock(descriptor, LOCK_SH | LOCK_NB) == 0 { return false }
        guard errno == EWOULDBLOCK else { throw FileError(call: "flock", path: path, code: errno) }
        return true
    }

    /// Waits for another holder, which keeps it for a few file operations, on the calling thread.
    ///
    /// - Errors: `EBUSY` when the time is over.
    public static func wait(for path: String, atMost duration: Duration) throws(FileError) -> FileLock {
        let end = MonotonicTime.now().advanced(by: duration)
        while true {
            if let lock = try acquire(path) { return lock }
            guard MonotonicTime.now() < end else { throw FileError(call: "flock", path: path, code: EBUSY) }
            usleep(1_000)
        }
    }

    /// Nil when another process (or another `FileLock` of this one) holds it.
    public static func acquire(_ path: String) throws(FileError) -> FileLock? {
        let descriptor = unsafe open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw FileError(call: "open", path: path, code: errno) }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let code = errno
            close(descriptor)
            if code == EWOULDBLOCK { return nil }
            throw FileError(call: "flock", path: path, code: code)
        }
        return FileLock(descriptor: descriptor)
    }
}
