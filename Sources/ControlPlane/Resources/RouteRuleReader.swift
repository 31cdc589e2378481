import Shared

/// Reads the rules of a route, whose fields the schema has accepted.
enum RouteRuleReader {
    typealias Condition = PolicyDocument.Condition

    static func rules(_ elements: [JSONValue], _ reader: inout RouteListReader) async throws -> [Route.Rule] {
        var rules: [Route.Rule] = []
        for (index, element) in elements.enumerated() {
            let path = "rules[\(index)]"
            let fields = Fields(element)
            let when = try await condition(fields.object("when").map(Fields.init), at: "\(path).when", &reader)
            let (targets, groups) = try await reader.list(fields.elements("targets") ?? [], at: "\(path).targets")
            var rule = Route.Rule(name: fields.text("name") ?? "", when: when, targets: targets, groups: groups)
            fields.take("strategy", into: &rule.strategy)
            rule.sticky = fields.object("sticky").map { Route.Sticky(Fields($0)) }
            reader.add(RouteListReader.problems(with: rule.sticky, rule.strategy, at: path + "."))
            if when == Condition() {
                reader.add(
                    "\(path).when",
                    "asks nothing, so it would always hold; put these targets into the route itself instead")
            }
            if let other = rules.firstIndex(where: { $0.name == rule.name }) {
                reader.add("\(path).name", "is the name of rules[\(other)] too; give each its own")
            }
            rules.append(rule)
        }
        return rules
    }

    private static func condition(
        _ fields: Fields?, at path: String, _ reader: inout RouteListReader
    ) async throws -> Condition {
        var condition = Condition()
        guard let fields else { return condition }
        condition.estimatedInputTokens = tokens(fields, at: path, &reader)
        condition.has = fields.choices("has")
        condition.lacks = fields.choices("lacks")
        if let feature = condition.has?.first(where: { condition.lacks?.contains($0) == true }) {
            reader.add("\(path).lacks", "names \(feature.rawValue), and so does has; no request can be like that")
        }
        condition.stream = fields.flag("stream")
        condition.headers = headers(fields, at: path, &reader)
        condition.metadata = matches(fields, "metadata")
        condition.tags = matches(fields, "tags")
        condition.endUsers = fields.texts("end_users")
        condition.languages = fields.choices("languages")
        if let text = fields.text("last_user_message_matches") {
            condition.lastUserMessageMatches = text
            do throws(TextPattern.Problem) { _ = try TextPattern(text) } catch {
                reader.add(
                    "\(path).last_user_message_matches",
                    "got \(text.quotedForMessage), want a regular expression (POSIX extended, without back references); \(error)"
                )
            }
        }
        condition.time = hours(fields, at: path, &reader)
        condition.canary = canary(fields, at: path, &reader)
        condition.keys = try await known(fields.texts("keys"), VirtualKey.noun, at: "\(path).keys", &reader) {
            try await $0.keyID($1)
        }
        condition.teams = try await known(fields.texts("teams"), Team.noun, at: "\(path).teams", &reader) {
            try await $0.team($1)
        }
        if let alternatives = fields.elements("any") {
            condition.any = []
            for (index, alternative) in alternatives.enumerated() {
                condition.any?.append(
                    try await self.condition(Fields(alternative), at: "\(path).any[\(index)]", &reader))
            }
        }
        if let inner = fields.object("not") {
            condition.not = [try await self.condition(Fields(inner), at: "\(path).not", &reader)]
        }
        return condition
    }

    /// What is named, as far as it is there.
    private static func known<Found>(
        _ names: [String]?, _ noun: Noun, at path: String, _ reader: inout RouteListReader,
        _ find: (RouteListReader, String) async throws -> Found?
    ) async throws -> [Found]? {
        guard let names else { return nil }
        var all: [Found] = []
        for (index, name) in names.enumerated() {
            if let found = try await find(reader, name) {
                all.append(found)
            } else {
                reader.add(.unknown("\(path)[\(index)]", noun, name))
            }
        }
        return all
    }

    // MARK: Members

    private static func tokens(
        _ fields: Fields, at path: String, _ reader: inout RouteListReader
    ) -> Condition.TokenRange? {
        guard let range = fields.object("estimated_input_tokens").map(Fields.init) else { return nil }
        let (min, max) = (range.integer("min").map { Int($0) }, range.integer("max").map { Int($0) })
        if min == nil, max == nil {
            reader.add("\(path).estimated_input_tokens", "has neither min nor max; give at least one")
        }
        if let min, let max, min > max {
            reader.add("\(path).estimated_input_tokens.max", "got \(max), want at least min, which is \(min)")
        }
        return Condition.TokenRange(min: min, max: max)
    }

    private static func matches(_ fields: Fields, _ name: String) -> [Condition.Match]? {
        fields.object(name).map { object in
            object.fieldList.map { field in
                Condition.Match(name: field.name, values: field.value.array?.compactMap(\.string) ?? [])
            }
        }
    }

    private static func headers(
        _ fields: Fields, at path: String, _ reader: inout RouteListReader
    ) -> [Condition.Match]? {
        guard var headers = matches(fields, "headers") else { return nil }
        for index in headers.indices {
            let name = headers[index].name
            if !TextFormat.fieldName.accepts(name) {
                reader.add("\(path).headers.\(name)", "want \(TextFormat.fieldName.remedy)")
            }
            headers[index].name = name.lowercased()
        }
        return headers
    }

    private static func hours(
        _ fields: Fields, at path: String, _ reader: inout RouteListReader
    ) -> Condition.Hours? {
        guard let time = fields.object("time").map(Fields.init) else { return nil }
        var hours = Condition.Hours(days: time.choices("days"))
        hours.fromMinute = time.text("from").flatMap(ClockText.minuteOfDay)
        hours.toMinute = time.text("to").flatMap(ClockText.minuteOfDay)
        hours.offsetMinutes = time.text("utc_offset").flatMap(ClockText.offsetMinutes) ?? 0
        for (field, other, isMissing) in [
            ("from", "to", hours.fromMinute == nil && hours.toMinute != nil),
            ("to", "from", hours.toMinute == nil && hours.fromMinute != nil),
        ] where isMissing {
            reader.add(
                "\(path).time.\(field)", "is missing; want \(TextFormat.timeOfDay.remedy), or leave out \(other)")
        }
        if hours.days == nil, hours.fromMinute == nil, hours.toMinute == nil {
            reader.add("\(path).time", "has neither days nor from and to; give at least one")
        }
        return hours
    }

    private static func canary(
        _ fields: Fields, at path: String, _ reader: inout RouteListReader
    ) -> Condition.Canary? {
        guard let object = fields.object("canary") else { return nil }
        let fields = Fields(object)
        var canary = Condition.Canary(share: Int(object["percent"]?.hundredths ?? 0), by: .key)
        fields.take("by", into: &canary.by)
        canary.header = fields.text("header")?.lowercased()
        reader.add(
            RouteListReader.problems(with: canary.header, by: canary.by.rawValue, at: "\(path).canary.header"))
        return canary
    }
}

extension Fields {
    /// Of an array of the words of an enumeration; nil where it is absent or null.
    fileprivate func choices<Choice: RawRepresentable<String>>(_ name: String) -> [Choice]? {
        texts(name)?.compactMap(Choice.init(rawValue:))
    }
}

/// Times of the day and distances from UTC, as people write them.
enum ClockText {
    /// `08:30` -> 510.
    static func minuteOfDay(_ text: String) -> Int? {
        let bytes = Array(text.utf8)
        guard bytes.count == 5, bytes[2] == UInt8(ascii: ":"), let hour = number(bytes[0..<2]), hour < 24,
            let minute = number(bytes[3..<5]), minute < 60
        else { return nil }
        return hour * 60 + minute
    }

    /// `+05:30` -> 330; from -12:00 to +14:00, which is what there is.
    static func offsetMinutes(_ text: String) -> Int? {
        guard let sign = text.first, sign == "+" || sign == "-", let minutes = minuteOfDay(String(text.dropFirst()))
        else { return nil }
        let offset = sign == "-" ? -minutes : minutes
        return (-720...840).contains(offset) ? offset : nil
    }

    static func timeOfDay(_ minute: Int) -> String { "\(two(minute / 60)):\(two(minute % 60))" }

    static func offset(_ minutes: Int) -> String { (minutes < 0 ? "-" : "+") + timeOfDay(abs(minutes)) }

    private static func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }

    private static func number(_ digits: ArraySlice<UInt8>) -> Int? {
        guard digits.allSatisfy({ (48...57).contains($0) }) else { return nil }
        return Int(String(decoding: digits, as: UTF8.self))
    }
}

extension PolicyDocument.Condition {
    /// Only what is set: a condition says what it asks.
    var json: JSONValue {
        var fields: [(name: String, value: JSONValue)] = []
        func add<T>(_ name: String, _ value: T?, _ make: (T) -> JSONValue) {
            if let value { fields.append((name, make(value))) }
        }
        func record(_ matches: [Match]) -> JSONValue { .record(matches.map { ($0.name, .strings($0.values)) }) }
        add("estimated_input_tokens", estimatedInputTokens) { range in
            .record(
                [("min", range.min), ("max", range.max)].compactMap { name, value in
                    value.map { (name, .int(Int64($0))) }
                })
        }
        add("has", has) { .strings($0.map(\.rawValue)) }
        add("lacks", lacks) { .strings($0.map(\.rawValue)) }
        add("stream", stream) { .boolean($0) }
        add("headers", headers, record)
        add("metadata", metadata, record)
        add("tags", tags, record)
        add("keys", keys) { .strings($0) }
        add("teams", teams) { .strings($0.map(\.description)) }
        add("end_users", endUsers) { .strings($0) }
        add("languages", languages) { .strings($0.map(\.rawValue)) }
        add("last_user_message_matches", lastUserMessageMatches) { .string($0) }
        add("time", time) { time in
            var parts: [(name: String, value: JSONValue)] = []
            if let days = time.days { parts.append(("days", .strings(days.map(\.rawValue)))) }
            if let from = time.fromMinute { parts.append(("from", .string(ClockText.timeOfDay(from)))) }
            if let to = time.toMinute { parts.append(("to", .string(ClockText.timeOfDay(to)))) }
            parts.append(("utc_offset", .string(ClockText.offset(time.offsetMinutes))))
            return .record(parts)
        }
        add("canary", canary) { canary in
            .record(
                [("percent", .hundredths(canary.share)), ("by", .string(canary.by.rawValue))]
                    + (canary.header.map { [("header", .string($0))] } ?? []))
        }
        add("any", any) { .array($0.map(\.json)) }
        add("not", not?.first) { $0.json }
        return .record(fields)
    }
}
