import Shared

/// Some integers that are set together, as one object in the API and as columns with one prefix: all of them, or none.
protocol IntegerGroup {
    static var standard: Self { get }
    /// Of its columns, with the underscore.
    static var columnPrefix: String { get }
    static var members: [IntegerMember<Self>] { get }
}

/// One of them under its name in the API; its column is the same with the prefix before it.
struct IntegerMember<Group> {
    var name: String
    var range: ClosedRange<Int64>
    var meaning: String
    var path: WritableKeyPath<Group, Int>
}

extension IntegerGroup {
    static var columns: [String] { members.map { columnPrefix + $0.name } }

    /// As a schema; what a request leaves out is the standard.
    static var properties: [Schema.Property] {
        members.map { member in
            Schema.Property(
                name: member.name, schema: Schema(.integer(member.range), member.meaning),
                standard: .int(Int64(standard[keyPath: member.path])))
        }
    }

    /// From fields that the schema has accepted.
    init(_ fields: Fields) {
        self = .standard
        for member in Self.members { fields.take(member.name, into: &self[keyPath: member.path]) }
    }

    var json: JSONValue { .record(Self.members.map { ($0.name, .int(Int64(self[keyPath: $0.path]))) }) }

    /// In the order of `columns`.
    static func values(_ group: Self?) -> [PostgresValue] {
        members.map { member in .optional(group) { .integer($0[keyPath: member.path]) } }
    }
}

extension PostgresRow {
    /// nil where the columns are null.
    func integers<Group: IntegerGroup>() throws(StoreError) -> Group? {
        var group = Group.standard
        for member in Group.members {
            guard let number = try optionalInt(Group.columnPrefix + member.name) else { return nil }
            group[keyPath: member.path] = number
        }
        return group
    }
}

extension PolicyDocument.Breaker: IntegerGroup {
    static let columnPrefix = "breaker_"

    static var members: [IntegerMember<Self>] {
        [
            .init(
                name: "consecutive_failures", range: 1...1000, meaning: "So many failures after one another open it.",
                path: \.consecutiveFailures),
            .init(
                name: "failure_percent", range: 1...100,
                meaning: "This share of failures within the window opens it, once the window has samples_min attempts.",
                path: \.failurePercent),
            .init(
                name: "samples_min", range: 1...10_000, meaning: "Fewer attempts than this say nothing of a share.",
                path: \.samplesMin),
            .init(
                name: "window_seconds", range: 1...60, meaning: "How far back attempts count for the share.",
                path: \.windowSeconds),
            .init(
                name: "open_seconds", range: 1...600,
                meaning: "How long it stays open at first; doubled with every probe that fails.", path: \.openSeconds),
            .init(
                name: "open_seconds_max", range: 1...3600,
                meaning: "The longest that this doubling comes to; at least open_seconds.", path: \.openSecondsMax),
        ]
    }
}

extension PolicyDocument.Concurrency: IntegerGroup {
    static let columnPrefix = "concurrency_"

    static var members: [IntegerMember<Self>] {
        [
            .init(
                name: "min", range: 1...10_000,
                meaning: "The limit does not fall below this; equal to max, it is fixed.", path: \.min),
            .init(name: "max", range: 1...10_000, meaning: "The limit does not rise above this.", path: \.max),
            .init(
                name: "queue_max", range: 0...10_000, meaning: "So many more wait at most; 0: nobody does.",
                path: \.queueMax),
            .init(
                name: "queue_wait_ms", range: 0...600_000, meaning: "Who has waited so long is turned away.",
                path: \.queueWaitMilliseconds),
        ]
    }
}
