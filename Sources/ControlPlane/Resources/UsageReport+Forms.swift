import Shared

extension UsageReport {
    var json: JSONValue {
        .record([
            ("from", .time(query.from)), ("to", .time(query.to)), ("time_zone", .string(query.timeZone)),
            ("days_are_exact", .boolean(daysAreExact)), ("group_by", .strings(query.groupBy.map(\.name))),
            (
                "items",
                .array(
                    rows.map { row in
                        .record([("group", Label.group(row.group))] + row.sums.fields)
                    })
            ),
            ("total", .record(total.fields)), ("other_end_user_requests", .int(others.endUserRequests)),
            ("other_tag_requests", .int(others.tagRequests)),
        ])
    }

    /// - Source: RFC 4180.
    var csv: [UInt8] {
        var text = ""
        func line(_ cells: [String]) {
            text += cells.map(Self.quoted).joined(separator: ",")
            text += "\r\n"
        }
        line(
            query.groupBy.flatMap { $0.isObject ? [$0.name, "\($0.name)_id"] : [$0.name] }.map(Self.harmless)
                + total.fields.map(\.name))
        for row in rows {
            line(
                row.group.flatMap { label in label.fields.map { Self.harmless($0.value.string ?? "") } }
                    + row.sums.fields.map { $0.value.string ?? $0.value.number?.text ?? "" })
        }
        return Array(text.utf8)
    }

    private static func quoted(_ text: String) -> String {
        let needsQuotes = text.utf8.contains { $0 == 44 || $0 == 34 || $0 == 10 || $0 == 13 }
        return needsQuotes
            ? "\"" + text.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
            : text
    }

    /// A spreadsheet takes what begins so for a formula, and callers choose their own labels. The apostrophe makes it text.
    ///
    /// - Source: OWASP, "CSV Injection".
    private static func harmless(_ text: String) -> String {
        guard let first = text.utf8.first, Array("=+-@\t\r\n".utf8).contains(first) else { return text }
        return "'" + text
    }
}

extension UsageReport.Label {
    /// The name of a thing that is gone is null; its ID stays.
    var fields: [(name: String, value: JSONValue)] {
        let name = (dimension.name, JSONValue.optional(text) { .string($0) })
        return dimension.isObject ? [name, ("\(dimension.name)_id", .optional(id) { .string($0) })] : [name]
    }

    /// Tags have names of the callers' making, so they have an object of their own.
    static func group(_ labels: [Self]) -> JSONValue {
        var tags: [(String, JSONValue)] = []
        var fields: [(String, JSONValue)] = []
        for label in labels {
            if case .tag(let name) = label.dimension {
                tags.append((name, .optional(label.text) { .string($0) }))
            } else {
                fields += label.fields.map { ($0.name, $0.value) }
            }
        }
        return .record(fields + (tags.isEmpty ? [] : [("tags", .record(tags))]))
    }
}

extension UsageReport.Sums {
    /// Those that are answered as they are.
    static let plainCounters: [UsageCounter] = [
        .requests, .estimatedRequests, .errorRequests, .inputTokens, .cachedInputTokens, .cacheWrite5mTokens,
        .cacheWrite1hTokens, .audioInputTokens, .outputTokens, .reasoningTokens, .audioOutputTokens,
    ]

    static let percentiles: [(name: String, part: Double)] = [("p50", 0.5), ("p95", 0.95), ("p99", 0.99)]

    var fields: [(name: String, value: JSONValue)] {
        func mean(_ sum: UsageCounter, _ count: UsageCounter) -> JSONValue {
            self[count] == 0 ? .null : .int(self[sum] / self[count])
        }
        func percentiles(_ name: String, _ buckets: [Int64]) -> [(name: String, value: JSONValue)] {
            Self.percentiles.map { percentile in
                (
                    "\(name)_\(percentile.name)_at_most_milliseconds",
                    .optional(UsageHistogram.percentile(percentile.part, buckets)) { .int($0) }
                )
            }
        }
        return Self.plainCounters.map { ($0.column, .int(self[$0])) } + [
            ("interrupted_requests", .int(interruptedRequests)), ("cost_nanodollars", .int(self[.cost])),
            ("cost_usd", .string(cost.dollars)), ("reserved_nanodollars", .int(self[.reserved])),
            ("duration_mean_microseconds", mean(.duration, .requests)),
            ("first_token_mean_microseconds", mean(.firstToken, .firstTokenRequests)),
            ("overhead_mean_microseconds", mean(.overhead, .requests)),
        ] + percentiles("duration", durations) + percentiles("first_token", firstTokens)
    }
}
