import Shared

/// How much the journal may hold and how soon it is on the disk.
public struct JournalConfiguration: Codable, Sendable, Equatable {
    public enum Synchronization: String, Codable, Sendable, CaseIterable {
        /// Every `synchronizationIntervalMilliseconds`, by a thread of its own. A power failure loses what is younger.
        case interval
        /// Before each record is acted upon. Nothing is lost; each request waits for the disk twice.
        case always
        /// When the kernel likes. Records survive the process, not the machine.
        case never
    }

    public var bytesMax: Int64 = 1 << 30
    public var freeBytesMin: Int64 = 256 << 20
    public var synchronization = Synchronization.interval
    public var synchronizationIntervalMilliseconds = 50

    public init() {}

    static func fields(under prefix: String) -> [ConfigurationField] {
        [
            .integer(
                "\(prefix).bytesMax", 64 << 20...1 << 50,
                "Bytes the journal may take on the disk; new requests are refused beyond."),
            .integer(
                "\(prefix).freeBytesMin", 0...1 << 50,
                "Bytes the journal leaves free on its disk; new requests are refused before it takes them."),
            .choice("\(prefix).synchronization", Synchronization.self, "When records are forced to the disk."),
            .integer(
                "\(prefix).synchronizationIntervalMilliseconds", 1...10_000,
                "Time between two synchronizations under interval."),
        ]
    }

    func validate(under prefix: String) -> [ConfigurationProblem] { [] }
}
