import Glibc
import Synchronization

/// How much a line matters.
public enum LogLevel: String, CaseIterable, Sendable, Codable, Comparable {
    /// For whoever looks for a fault.
    case debug
    /// What an operator wants to read a day later: starts, stops, changes.
    case info
    /// Something went wrong and was dealt with.
    case warning
    /// Something is broken until somebody acts.
    case error

    var severity: UInt8 {
        switch self {
        case .debug: 0
        case .info: 1
        case .warning: 2
        case .error: 3
        }
    }

    public static func < (a: LogLevel, b: LogLevel) -> Bool { a.severity < b.severity }
}

/// What a field of a log line holds.
public enum LogValue: Sendable {
    case string(String)
    case signed(Int64)
    case unsigned(UInt64)
    case number(Double)
    case boolean(Bool)
    case null

    public static func integer(_ value: some BinaryInteger) -> LogValue {
        value < 0 ? .signed(Int64(clamping: value)) : .unsigned(UInt64(clamping: value))
    }

    /// Whatever describes itself; null for nil.
    public static func text(_ value: (some CustomStringConvertible)?) -> LogValue {
        value.map { .string($0.description) } ?? .null
    }

    fileprivate func write(to writer: inout JSONWriter) {
        switch self {
        case .string(let text): writer.string(text)
        case .signed(let value): writer.integer(value)
        case .unsigned(let value): writer.integer(value)
        case .number(let value): writer.number(value)
        case .boolean(let value): writer.bool(value)
        case .null: writer.null()
        }
    }
}

extension LogValue: ExpressibleByStringInterpolation, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral {
    public init(stringLiteral value: String) { self = .string(value) }
    public init(integerLiteral value: Int64) { self = .signed(value) }
    public init(booleanLiteral value: Bool) { self = .boolean(value) }
}

/// Where log lines go.
///
/// - Shape: JSON lines, `{"ts":"2025-01-31T23:59:59.123Z","level":"info","logger":"fleet","message":"...", ...}`.
/// - Concurrency: any thread; a line is one `write`, which the kernel does not mix with others on files and, up to 4 KiB, on
///   pipes. A reader that stops reading a pipe stops the writer too: the log is for few and important lines, and requests
///   are written by `LineBuffer`.
public final class LogOutput: Sendable {
    public static let standardError = LogOutput(descriptor: STDERR_FILENO)

    private let descriptor: Int32
    private let time: any TimeSource
    private let minimum: Atomic<UInt8>
    private let lost = Atomic<UInt64>(0)

    /// The descriptor stays open and stays the caller's.
    public init(descriptor: Int32, level: LogLevel = .info, time: any TimeSource = SystemTime()) {
        self.descriptor = descriptor
        self.time = time
        minimum = Atomic(level.severity)
    }

    /// Lines below it are not even formatted.
    public var level: LogLevel {
        get {
            let severity = minimum.load(ordering: .relaxed)
            return LogLevel.allCases.first { $0.severity == severity } ?? .info
        }
        set { minimum.store(newValue.severity, ordering: .relaxed) }
    }

    /// Lines that could not be written, because the disk was full or the reader gone.
    public var lostLines: UInt64 { lost.load(ordering: .relaxed) }

    func isOn(_ level: LogLevel) -> Bool { level.severity >= minimum.load(ordering: .relaxed) }

    fileprivate func write(
        _ level: LogLevel, _ logger: String, _ message: StaticString, _ context: [(String, LogValue)],
        _ fields: KeyValuePairs<String, LogValue>
    ) {
        var writer = JSONWriter(reservingCapacity: 256)
        writer.beginObject()
        writer.member("ts", RFC3339.text(unixMilliseconds: time.unixMilliseconds))
        writer.member("level", level.rawValue)
        writer.member("logger", logger)
        writer.member("message", message.description)
        for (name, value) in context {
            writer.name(name)
            value.write(to: &writer)
        }
        for (name, value) in fields {
            writer.name(name)
            value.write(to: &writer)
        }
        writer.endObject()
        let line = writer.bytes + [0x0a]
        if !Self.write(line, to: descriptor) { lost.add(1, ordering: .relaxed) }
    }

    private static func write(_ line: [UInt8], to descriptor: Int32) -> Bool {
        var rest = line[...]
        while !rest.isEmpty {
            let written = unsafe rest.withUnsafeBytes { unsafe Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if written < 0 {
                if errno == EINTR { continue }
                return false
            }
            rest = rest.dropFirst(written)
        }
        return true
    }
}

/// Writes log lines under a name. Messages are constants, so that they can be counted and searched; what varies is a field.
public struct Logger: Sendable {
    public let name: String
    private let output: LogOutput
    private var context: [(String, LogValue)] = []

    public init(_ name: String, to output: LogOutput = .standardError) {
        self.name = name
        self.output = output
    }

    /// The same logger with fields that come on each of its lines, such as a request's ID.
    public func with(_ fields: KeyValuePairs<String, LogValue>) -> Logger {
        var logger = self
        logger.context += fields.map { ($0.key, $0.value) }
        return logger
    }

    public func isOn(_ level: LogLevel) -> Bool { output.isOn(level) }

    /// `fields` is not evaluated when the level is off.
    public func log(
        _ level: LogLevel, _ message: StaticString, _ fields: @autoclosure () -> KeyValuePairs<String, LogValue> = [:]
    ) {
        if output.isOn(level) { output.write(level, name, message, context, fields()) }
    }

    public func debug(_ message: StaticString, _ fields: @autoclosure () -> KeyValuePairs<String, LogValue> = [:]) {
        log(.debug, message, fields())
    }

    public func info(_ message: StaticString, _ fields: @autoclosure () -> KeyValuePairs<String, LogValue> = [:]) {
        log(.info, message, fields())
    }

    public func warning(_ message: StaticString, _ fields: @autoclosure () -> KeyValuePairs<String, LogValue> = [:]) {
        log(.warning, message, fields())
    }

    public func error(_ message: StaticString, _ fields: @autoclosure () -> KeyValuePairs<String, LogValue> = [:]) {
        log(.error, message, fields())
    }
}
