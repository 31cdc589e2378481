import Shared

/// Why the journal takes no more, or cannot be read.
enum JournalError: Error, Hashable, Sendable {
    /// The byte limit, or the free space of the disk, leaves no room for another request. Requests in flight still settle.
    case full
    /// The disk refused to keep what was written.
    case unwritable
    /// A record that has been on the disk is damaged.
    case corrupt(path: String, offset: Int, WireError)
    case file(FileError)
}

extension JournalError: CustomStringConvertible {
    var description: String {
        switch self {
        case .full: "the journal is full"
        case .unwritable: "the journal's disk does not take what is written"
        case .corrupt(let path, let offset, let error): "\(path) is damaged at byte \(offset): \(error)"
        case .file(let error): "\(error)"
        }
    }
}
