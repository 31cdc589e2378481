import Shared

/// Some texts, integers and flags that are set together, as one object in the API and as columns with one prefix: all of them, or none.
protocol SettingsGroup {
    static var standard: Self { get }
    /// Of its columns, with the underscore.
    static var columnPrefix: String { get }
    static var texts: [TextMember<Self>] { get }
    static var integers: [IntegerMember<Self>] { get }
    static var flags: [FlagMember<Self>] { get }
    /// Two of the integers, by their names: the first is at most the second. Nil where none is bound by another.
    static var order: (least: String, most: String)? { get }
}

/// One of them under its name in the API; its column is the same with the prefix before it.
struct IntegerMember<Group> {
    var name: String
    var range: ClosedRange<Int64>
    var meaning: String
    var path: WritableKeyPath<Group, Int>
}

/// A text, or one of a few.
struct TextMember<Group> {
    var name: String
    var shape: Schema.Shape
    var meaning: String
    var path: WritableKeyPath<Group, String>
    /// What it is where nothing is said depends on fields outside the group, whose owner fills it in.
    var isFilledIn = false
}

struct FlagMember<Group> {
    var name: String
    var meaning: String
    var path: WritableKeyPath<Group, Bool>
}

extension SettingsGroup {
    static var texts: [TextMember<Self>] { [] }
    static var integers: [IntegerMember<Self>] { [] }
    static var flags: [FlagMember<Self>] { [] }
    static var order: (least: String, most: String)? { nil }

    static var columns: [String] {
        (texts.map(\.name) + integers.map(\.name) + flags.map(\.name)).map { columnPrefix + $0 }
    }

    /// As a schema; what a request leaves out is the standard.
    static var properties: [Schema.Property] {
        texts.map { member in
            Schema.Property(
                name: member.name, schema: Schema(member.shape, member.meaning),
                standard: member.isFilledIn ? nil : .string(standard[keyPath: member.path]))
        }
            + integers.map { member in
                Schema.Property(
                    name: member.name, schema: Schema(.integer(member.range), member.meaning),
                    standard: .int(Int64(standard[keyPath: member.path])))
            }
            + flags.map { member in
                Schema.Property(
                    name: member.name, schema: Schema(.flag, member.meaning),
                    standard: .boolean(standard[keyPath: member.path]))
            }
    }

    /// From fields that the schema has accepted.
    init(_ fields: Fields) {
        self = .standard
        for member in Self.texts { fields.take(member.name, into: &self[keyPath: member.path]) }
        for member in Self.integers { fields.take(member.name, into: &self[keyPath: member.path]) }
        for member in Self.flags { fields.take(member.name, into: &self[keyPath: member.path]) }
    }

    /// Takes the field of this name as a whole: what it leaves out is the standard, whatever there was. Null is none.
    static func take(_ name: String, of fields: Fields, into group: inout Self?) -> [FieldProblem] {
        guard fields.has(name) else { return [] }
        guard let given = fields.object(name).map(Fields.init) else {
            group = nil
            return []
        }
        let taken = Self(given)
        group = taken
        func value(_ name: String) -> Int? { integers.first { $0.name == name }.map { taken[keyPath: $0.path] } }
        guard let (least, most) = order else { return [] }
        guard let low = value(least), let high = value(most), low > high else { return [] }
        let want = "want at least \(least) (\(low))"
        return [
            FieldProblem(
                path: "\(name).\(most)",
                message: given.has(most) ? "got \(high), \(want)" : "is missing, which means \(high); \(want)")
        ]
    }

    var json: JSONValue {
        .record(
            Self.texts.map { ($0.name, .string(self[keyPath: $0.path])) }
                + Self.integers.map { ($0.name, .int(Int64(self[keyPath: $0.path]))) }
                + Self.flags.map { ($0.name, .boolean(self[keyPath: $0.path])) })
    }

    /// In the order of `columns`.
    static func values(_ group: Self?) -> [PostgresValue] {
        texts.map { member in .optional(group) { .text($0[keyPath: member.path]) } }
            + integers.map { member in .optional(group) { .integer($0[keyPath: member.path]) } }
            + flags.map { member in .optional(group) { .bool($0[keyPath: member.path]) } }
    }
}

extension PostgresRow {
    /// nil where the columns are null.
    func settings<Group: SettingsGroup>() throws(StoreError) -> Group? {
        var group = Group.standard
        for member in Group.texts {
            guard let text = try optionalText(Group.columnPrefix + member.name) else { return nil }
            group[keyPath: member.path] = text
        }
        for member in Group.integers {
            guard let number = try optionalInt(Group.columnPrefix + member.name) else { return nil }
            group[keyPath: member.path] = number
        }
        for member in Group.flags {
            guard let flag = try optionalBool(Group.columnPrefix + member.name) else { return nil }
            group[keyPath: member.path] = flag
        }
        return group
    }
}

extension PolicyDocument.Breaker: SettingsGroup {
    static let columnPrefix = "breaker_"
    static var order: (least: String, most: String)? { (least: "open_seconds", most: "open_seconds_max") }

    static var integers: [IntegerMember<Self>] {
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
                meaning: "How long it stays open at first; doubled with every request on trial that fails.",
                path: \.openSeconds),
            .init(
                name: "open_seconds_max", range: 1...3600,
                meaning: "The longest that this doubling comes to; at least open_seconds.", path: \.openSecondsMax),
        ]
    }
}

extension PolicyDocument.Concurrency: SettingsGroup {
    static let columnPrefix = "concurrency_"
    static var order: (least: String, most: String)? { (least: "min", most: "max") }

    static var integers: [IntegerMember<Self>] {
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

extension PolicyDocument.Probe: SettingsGroup {
    static let columnPrefix = "probe_"

    static var texts: [TextMember<Self>] {
        [
            .init(
                name: "path", shape: .text(.probePath),
                meaning:
                    "What is asked for, appended to base_url. Absent, it is that of the dialect: /models for openai, /v1/models for anthropic, /v1beta/models for gemini, or as path_version has it, /async-invoke for bedrock.",
                path: \.path, isFilledIn: true)
        ]
    }

    static var integers: [IntegerMember<Self>] {
        [
            .init(
                name: "interval_seconds", range: 1...300,
                meaning: "From one probe to the next, a tenth more or less by chance.", path: \.intervalSeconds),
            .init(
                name: "timeout_ms", range: 1...60_000, meaning: "A probe without an answer by then has failed.",
                path: \.timeoutMilliseconds),
            .init(
                name: "failures", range: 1...100,
                meaning: "After so many that failed in a row the provider is set aside, until one succeeds.",
                path: \.failures),
        ]
    }
}

extension PolicyDocument.Quirks: SettingsGroup {
    static let columnPrefix = "quirk_"
    /// Nothing is a difference from OpenAI, and the policy holds differences only.
    static var standard: Self { Self() }

    static var texts: [TextMember<Self>] {
        [
            .init(
                name: "output_bound", shape: .choice(OutputBound.allCases.map(\.rawValue)),
                meaning: "What the bound of an answer is called in a chat.", path: \.outputBoundName)
        ]
    }

    static var flags: [FlagMember<Self>] {
        [
            .init(
                name: "developer_role", meaning: "It knows the role `developer`; else that becomes `system`.",
                path: \.developerRole[or: true]),
            .init(
                name: "cache_control", meaning: "It takes `cache_control` on parts of messages.",
                path: \.cacheControl[or: false]),
            .init(
                name: "stream_options",
                meaning: "It answers to `stream_options.include_usage`; else usage comes by itself, or not at all.",
                path: \.streamOptions[or: true]),
            .init(
                name: "short_tool_call_ids",
                meaning: "It wants calls of tools to have identities of exactly nine letters and digits (Mistral).",
                path: \.shortToolCallIDs[or: false]),
            .init(
                name: "responses",
                meaning:
                    "It serves `/responses` too: callers of OpenAI's Responses are passed to that; else they are translated into chats.",
                path: \.responses[or: false]),
        ]
    }

    private var outputBoundName: String {
        get { (outputBound ?? .maxCompletionTokens).rawValue }
        set { outputBound = OutputBound(rawValue: newValue).flatMap { $0.unless(.maxCompletionTokens) } }
    }
}

extension Bool? {
    /// The flag as it is shown: what is not said is the default, and what is the default is not said.
    fileprivate subscript(or standard: Bool) -> Bool {
        get { self ?? standard }
        set { self = newValue.unless(standard) }
    }
}

extension Equatable {
    /// nil where it is the default: the policy leaves that out, and so keeps the bytes that it had before there was the field.
    func unless(_ standard: Self) -> Self? { self == standard ? nil : self }
}
