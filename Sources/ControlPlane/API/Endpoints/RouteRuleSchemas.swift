import Shared

/// What a list of targets, and a rule of a route, may be.
extension Route {
    /// An element of a list of targets at one level: a target, or while there may be more levels, a group.
    static func entry(level: Int = 1) -> Schema {
        guard level < Group.levelsMax else { return target }
        return Schema(.either(target, or: group(level: level + 1), with: "targets"))
    }

    private static func group(level: Int) -> Schema {
        Schema(
            .object([
                .init(
                    name: "strategy", schema: Schema(.choice(Strategy.allCases.map(\.rawValue))),
                    standard: .string("priority")),
                .init(
                    name: "targets", schema: Schema(.list(of: entry(level: level), count: 1...targetCountMax)),
                    isRequired: true),
                .init(name: "sticky", schema: sticky, isNullable: true, standard: .null),
                .init(
                    name: "weight", schema: Schema(.integer(weightRange), "As that of a target: of the whole group."),
                    standard: .int(1)),
                .init(
                    name: "on",
                    schema: Schema(
                        .choices(FallbackCause.allCases.map(\.rawValue)),
                        "As that of a target: makes the whole group a fallback only."), isNullable: true,
                    standard: .null),
            ]), name: "TargetGroup",
            "Targets that stand in a list as one, with a strategy of their own; two levels deep at most. Available when one of them is. After a failure the rest of the group comes first, then what is around it."
        )
    }

    static let rule = Schema(
        .object([
            .init(
                name: "name",
                schema: Schema(
                    .text(.ruleName), "Unique in the route; stands in logs, metrics and the header x-weir-rule.",
                    example: .string("long-prompts")), isRequired: true),
            .init(name: "when", schema: condition(level: 1), isRequired: true),
            .init(
                name: "strategy", schema: Schema(.choice(Strategy.allCases.map(\.rawValue))),
                standard: .string("priority")),
            .init(
                name: "targets", schema: Schema(.list(of: entry(), count: 1...targetCountMax), "As those of a route."),
                isRequired: true),
            .init(name: "sticky", schema: sticky, isNullable: true, standard: .null),
        ]), name: "RouteRule", "A policy of its own for the requests that meet a condition.")

    private static func condition(level: Int) -> Schema {
        typealias Condition = PolicyDocument.Condition
        let listMax = Condition.listCountMax
        let name = Schema(.text(.reference))
        func values(_ description: String) -> Schema {
            Schema(
                .map(
                    of: Schema(.list(of: Schema(.text(.line(bytesMax: 256))), count: 1...listMax)), countMax: 16,
                    bytesMax: 16_384), description)
        }
        var properties: [Schema.Property] = [
            .init(
                name: "estimated_input_tokens",
                schema: Schema(
                    .object([
                        .init(name: "min", schema: Schema(.integer(0...Int64(UInt32.max)))),
                        .init(name: "max", schema: Schema(.integer(0...Int64(UInt32.max)))),
                    ]),
                    "From the size of the request: a token for four bytes of text, and what images and sound come to.")),
            .init(
                name: "has", schema: Schema(.choices(Condition.Feature.allCases.map(\.rawValue)), "All of these.")),
            .init(
                name: "lacks", schema: Schema(.choices(Condition.Feature.allCases.map(\.rawValue)), "None of these.")),
            .init(name: "stream", schema: Schema(.flag)),
            .init(
                name: "headers",
                schema: values("Each of these header fields of the request with one of its values; `*` is any value.")),
            .init(
                name: "metadata",
                schema: values("Each of these members of the request's `metadata` with one of its values; `*` is any.")),
            .init(
                name: "tags",
                schema: values("Each of these tags of the virtual key with one of its values; `*` is any.")),
            .init(
                name: "keys",
                schema: Schema(
                    .list(of: name, count: 1...listMax), "One of these virtual keys; answers carry the key IDs.")),
            .init(
                name: "teams",
                schema: Schema(.list(of: name, count: 1...listMax), "One of these teams; answers carry the IDs.")),
            .init(
                name: "end_users",
                schema: Schema(
                    .list(
                        of: Schema(.text(.line(bytesMax: IntentRecord.endUserBytesMax))), count: 1...listMax),
                    "The label of the request's end user is one of these.")),
            .init(
                name: "languages",
                schema: Schema(
                    .choices(Condition.Language.allCases.map(\.rawValue)),
                    "A guess at the language of the last message of the user, by its script and small words.")),
            .init(
                name: "last_user_message_matches",
                schema: Schema(
                    .text(.line(bytesMax: TextPattern.bytesMax)),
                    "A POSIX extended regular expression, found anywhere in the first 16 KiB of the last message of the user. `(?i)` at its start ignores case; \\d \\w \\s \\b are known; no back references.",
                    example: .string("(?i)\\b(refund|invoice)s?\\b"))),
            .init(
                name: "time",
                schema: Schema(
                    .object([
                        .init(
                            name: "days",
                            schema: Schema(.choices(Condition.Day.allCases.map(\.rawValue)), "Absent: all.")),
                        .init(name: "from", schema: Schema(.text(.timeOfDay))),
                        .init(
                            name: "to",
                            schema: Schema(
                                .text(.timeOfDay),
                                "Not part of it. At or before `from`: of the next day.")),
                        .init(
                            name: "utc_offset",
                            schema: Schema(.text(.utcOffset), "Of the clock that this is by; the same all year."),
                            standard: .string("+00:00")),
                    ]), "When the request came.")),
            .init(
                name: "canary",
                schema: Schema(
                    .object([
                        .init(
                            name: "percent", schema: Schema(.hundredths(0...Int64(Condition.Canary.whole))),
                            isRequired: true),
                        .init(
                            name: "by",
                            schema: Schema(
                                .choice(Condition.Canary.Source.allCases.map(\.rawValue)),
                                "What is taken or not as a whole; `request` is each request by chance. Without a value: the virtual key."
                            ), standard: .string("key")),
                        .init(
                            name: "header",
                            schema: Schema(.text(.fieldName), "Exactly where `by` is `header`; kept in lower case.")),
                    ]),
                    "A share, always the same ones; a larger percent only adds to them. Each rule takes others.")),
        ]
        if level < Condition.levelsMax {
            properties += [
                .init(
                    name: "any",
                    schema: Schema(.list(of: condition(level: level + 1), count: 1...16), "One of these holds.")),
                .init(name: "not", schema: condition(level: level + 1)),
            ]
        }
        return Schema(
            .object(properties), name: "RouteCondition",
            "What a request must be like. Everything that is given has to hold; of the values in one list one has to, except for has and lacks. Up to four levels of conditions in each other."
        )
    }
}
