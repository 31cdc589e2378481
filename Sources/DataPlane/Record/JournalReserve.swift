import Shared
import Synchronization

/// Room on the disk that the journal gives up when its process starts: on a disk that is full by then, the next one could not
/// bring the streams of its predecessor to their end, and what is not ended is not shipped, so that no room would ever come back.
///
/// Concurrency: for any thread, one at a time.
final class JournalReserve: Sendable {
    static let name = "reserve"
    let byteCount: Int64
    private let path: String
    private let kept = Atomic<Bool>(false)

    init(in directory: String, byteCount: Int64) {
        path = "\(directory)/\(Self.name)"
        self.byteCount = byteCount
    }

    var isKept: Bool { kept.load(ordering: .relaxed) }

    /// Whether this process or an earlier one kept it: there is room now.
    func release() throws(FileError) {
        try DurableFile.remove(path)
        kept.store(false, ordering: .relaxed)
    }

    func keep() throws(FileError) {
        _ = try MappedFile.create(path, count: Int(byteCount))
        kept.store(true, ordering: .relaxed)
    }
}
