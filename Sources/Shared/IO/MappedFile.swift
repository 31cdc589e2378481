import CLinux
import Glibc

/// A file in memory, unmapped when the last reference goes.
///
/// - Shape: the whole file, shared with the page cache; what is written to a writable map survives this process.
/// - Errors: `FileError`. Touching a map whose file was cut short meanwhile ends the process, so only files that nobody
///   else truncates are mapped: blobs named by their hash, and journal segments.
///
/// Concurrency: the address and the length never change. Whoever shares a writable map divides its bytes between threads.
@safe public final class MappedFile: @unchecked Sendable {
    public let path: String
    public let count: Int
    private let base: UnsafeMutableRawPointer?

    private init(path: String, base: UnsafeMutableRawPointer?, count: Int) {
        self.path = path
        unsafe self.base = unsafe base
        self.count = count
    }

    deinit {
        if let base = unsafe base { unsafe munmap(base, count) }
    }

    /// The bytes, valid as long as this object.
    public var bytes: UnsafeRawBufferPointer { unsafe UnsafeRawBufferPointer(start: base, count: count) }

    /// The bytes of a map made with `create`; writing to a map made with `open(reading:)` ends the process.
    public var mutableBytes: UnsafeMutableRawBufferPointer {
        unsafe UnsafeMutableRawBufferPointer(start: base, count: count)
    }

    /// Maps an existing file for reading.
    public static func open(reading path: String) throws(FileError) -> MappedFile {
        let descriptor = unsafe Glibc.open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw FileError(call: "open", path: path, code: errno) }
        defer { close(descriptor) }
        return try map(descriptor, path: path, protection: PROT_READ)
    }

    /// Maps an existing file for reading and writing.
    public static func open(writing path: String) throws(FileError) -> MappedFile {
        let descriptor = unsafe Glibc.open(path, O_RDWR | O_CLOEXEC)
        guard descriptor >= 0 else { throw FileError(call: "open", path: path, code: errno) }
        defer { close(descriptor) }
        return try map(descriptor, path: path, protection: PROT_READ | PROT_WRITE)
    }

    /// Makes a new file of `count` zero bytes whose room on the disk is taken now, so that no later store into the map can
    /// fail for want of it, and maps it for writing.
    public static func create(_ path: String, count: Int) throws(FileError) -> MappedFile {
        let descriptor = unsafe Glibc.open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw FileError(call: "open", path: path, code: errno) }
        defer { close(descriptor) }
        let refusal = posix_fallocate(descriptor, 0, off_t(count))
        guard refusal == 0 else {
            unsafe unlink(path)
            throw FileError(call: "posix_fallocate", path: path, code: refusal)
        }
        do throws(FileError) { return try map(descriptor, path: path, protection: PROT_READ | PROT_WRITE) } catch {
            // It would be in the way of the next try.
            unsafe unlink(path)
            throw error
        }
    }

    private static func map(_ descriptor: Int32, path: String, protection: Int32) throws(FileError) -> MappedFile {
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0 else { throw FileError(call: "fstat", path: path, code: errno) }
        let count = Int(status.st_size)
        // mmap refuses a length of nought.
        guard count > 0 else { return unsafe MappedFile(path: path, base: nil, count: 0) }
        guard let base = unsafe mmap(nil, count, protection, MAP_SHARED, descriptor, 0), unsafe base != MAP_FAILED
        else {
            throw FileError(call: "mmap", path: path, code: errno)
        }
        return unsafe MappedFile(path: path, base: base, count: count)
    }

    /// Returns once the bytes of `range` are on the disk.
    public func synchronize(_ range: Range<Int>) throws(FileError) {
        guard let base = unsafe base, !range.isEmpty else { return }
        let page = Int(getpagesize())
        let start = range.lowerBound / page * page
        guard unsafe msync(base + start, range.upperBound - start, MS_SYNC) == 0 else {
            throw FileError(call: "msync", path: path, code: errno)
        }
    }

    /// Makes the pages of `range` ready to be written, all at one stroke: faulting them in one by one costs several times as much.
    /// A kernel that cannot (before 5.14) leaves it to the faults.
    public func populate(_ range: Range<Int>) {
        guard let base = unsafe base else { return }
        let page = Int(getpagesize())
        let start = range.lowerBound / page * page
        let end = min(range.upperBound, count)
        if start < end { _ = unsafe weir_populate_write(base + start, end - start) }
    }

    /// Lets go of the memory of whole pages in `range`; what was stored stays in the page cache and on the disk.
    public func releasePages(_ range: Range<Int>) {
        guard let base = unsafe base else { return }
        let page = Int(getpagesize())
        let start = (range.lowerBound + page - 1) / page * page
        let end = range.upperBound / page * page
        guard end > start else { return }
        _ = unsafe madvise(base + start, end - start, MADV_DONTNEED)
    }
}
