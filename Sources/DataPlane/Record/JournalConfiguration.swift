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
    /// Large enough that a new segment is rare, small enough that the disk gets its room back soon.
    public var segmentBytes: Int64 = 16 << 20
    public var synchronization = Synchronization.interval
    public var synchronizationIntervalMilliseconds = 50

    public init() {}

    static func fields(under prefix: String) -> [ConfigurationField] {
        [
            .integer(
                "\(prefix).bytesMax", 2 << 20...1 << 50,
                "Bytes the journal may take on the disk; new requests are refused beyond."),
            .integer(
                "\(prefix).freeBytesMin", 0...1 << 50,
                "Bytes the journal leaves free on its disk; new requests are refused before it takes them."),
            .integer(
                "\(prefix).segmentBytes", segmentBytesMin...32 << 20,
                "Bytes of one of its files, each thread having two or more; less where bytesMax is small for the threads."
            ),
            .choice("\(prefix).synchronization", Synchronization.self, "When records are forced to the disk."),
            .integer(
                "\(prefix).synchronizationIntervalMilliseconds", 1...10_000,
                "Time between two synchronizations under interval."),
        ]
    }

    private static let segmentBytesMin: Int64 = 256 << 10

    func validate(under prefix: String, threads: Int) -> [ConfigurationProblem] {
        let least = 4 * Self.segmentBytesMin * Int64(threads + 1)
        guard bytesMax < least else { return [] }
        return [
            ConfigurationProblem(
                "\(prefix).bytesMax",
                "got \(bytesMax), want \(least) at least for \(threads) threads: 1 MiB each, and one more")
        ]
    }

    /// The same with segments so small that each thread can have four of them. A stream that never gets a second one could never
    /// let go of its first.
    func fitting(threads: Int) -> JournalConfiguration {
        var fitting = self
        let share = bytesMax / (4 * Int64(threads + 1)) / 4_096 * 4_096
        fitting.segmentBytes = max(Self.segmentBytesMin, min(segmentBytes, share))
        return fitting
    }
}
