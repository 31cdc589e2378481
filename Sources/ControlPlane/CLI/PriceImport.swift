import Shared

/// `weir models import`: takes the prices of a book over, after showing what it would change.
enum PriceImport {
    static let verb = Verb(
        name: "import",
        help:
            "Takes over models and prices from a book: Weir's own (--book starter), a file in its format, or the community's model_prices_and_context_window.json.",
        takesSubject: true, subjectIsOptional: true,
        ownFlags: [
            Flag("book", "NAME", "A book that comes with weir: starter."),
            Flag("provider", "NAME", "Only models of this provider, by the book's name for it.", repeatable: true),
            Flag("name", "PATTERN", "Only models with this name; * stands for anything.", repeatable: true),
            Flag("all", nil, "Everything in the book."),
            Flag("effective-from", "TIME", "When changed prices begin (default now)."),
            Flag("dry-run", nil, "Show what would change, and change nothing."),
            Flag("apply", nil, "Change it, as is done without this too."),
        ]
    ) { command in
        let invocation = command.invocation
        let providers = invocation.flags("provider")
        let patterns = invocation.flags("name")
        guard invocation.has("all") || !providers.isEmpty || !patterns.isEmpty else {
            throw UsageError("say which models: --provider, --name, or --all")
        }
        let effectiveFrom = invocation.flag("effective-from")
        if let effectiveFrom, RFC3339.parse(effectiveFrom) == nil {
            throw UsageError(
                "--effective-from: got \"\(effectiveFrom)\", want a time such as 2027-01-01 or 2027-01-01T00:00:00Z")
        }
        guard !(invocation.has("dry-run") && invocation.has("apply")) else {
            throw UsageError("give --dry-run or --apply, not both")
        }
        let book = try book(invocation) { provider, name in
            (providers.isEmpty || providers.contains(provider))
                && (patterns.isEmpty || patterns.contains { matches(name, pattern: $0) })
        }
        guard !book.entries.isEmpty || !book.skipped.isEmpty else {
            throw UsageError(
                "the book has no such model", hint: "Its providers: \(book.providers.sorted().joined(separator: ", "))."
            )
        }
        let present = try await command.client.list(command.resource.path, query: [], limit: 100_000)
        var plan = PriceImportPlan(
            of: book, against: present, effectiveFrom: effectiveFrom, now: WallTime.unixMilliseconds())
        if !invocation.has("dry-run") { try await carryOut(&plan, command) }
        let text = plan.text(isDryRun: invocation.has("dry-run"), isJSON: invocation.isJSON)
        guard plan.failureCount == 0 else { throw CommandError(text + "\(plan.failureCount) could not be imported") }
        return text
    }

    /// What the control plane refuses is one model's matter; a control plane that cannot be reached is everybody's.
    private static func carryOut(_ plan: inout PriceImportPlan, _ command: Command) async throws {
        var done = 0
        for index in plan.steps.indices {
            do {
                switch plan.steps[index].action {
                case .create(let body): _ = try await command.client.post(command.resource.path, body)
                case .change(let id, let revision, let body):
                    _ = try await command.client.patch(
                        "\(command.resource.path)/\(id)", body, revision: "\"\(revision)\"")
                case .keep, .skip, .fail: continue
                }
                done += 1
            } catch let error as CommandError {
                guard let status = error.status, [400, 409, 412].contains(status) else {
                    throw CommandError(
                        "\(plan.steps[index].name): \(error)\n\(done) models were imported before; the same command takes up the rest"
                    )
                }
                plan.steps[index].action = .fail
                plan.steps[index].detail = error.description
            }
        }
    }

    private static func book(
        _ invocation: Invocation, isWanted: (String, String) -> Bool
    ) throws -> PriceBook {
        let bytes: [UInt8]
        switch (invocation.subject, invocation.flag("book")) {
        case (let path?, nil): bytes = try Connection.read(path)
        case (nil, "starter"): bytes = PackageResources.starter_json
        case (nil, let name?): throw UsageError("there is no book \"\(name)\"; there is starter")
        case (nil, nil): throw UsageError("name a file, or --book starter")
        case (_, .some): throw UsageError("give a file or --book, not both")
        }
        do {
            // Weir's own format says so in its first field.
            let isOwn = (try? JSONValue(parsing: bytes))?["format"] != nil
            return try isOwn
                ? StarterPrices.read(bytes, isWanted: isWanted) : CommunityPrices.read(bytes, isWanted: isWanted)
        } catch let problem as PriceBook.Problem {
            throw UsageError("the book cannot be read: \(problem)")
        }
    }

    /// `*` stands for any run of characters, the empty one too.
    static func matches(_ name: String, pattern: String) -> Bool {
        let parts = pattern.split(separator: "*", omittingEmptySubsequences: false)
        guard parts.count > 1 else { return name == pattern }
        guard name.hasPrefix(parts[0]) else { return false }
        var rest = name.dropFirst(parts[0].count)
        for part in parts[1..<(parts.count - 1)] where !part.isEmpty {
            guard let range = rest.firstRange(of: part) else { return false }
            rest = rest[range.upperBound...]
        }
        return rest.hasSuffix(parts[parts.count - 1])
    }
}

/// What an import would change, decided before anything is.
///
/// - Shape: pure. Applied twice it changes nothing the second time: a model whose price is the book's is kept.
struct PriceImportPlan {
    enum Action {
        case create(JSONValue)
        case change(id: String, revision: Int64, JSONValue)
        case keep
        case skip
        case fail
    }

    struct Step {
        var name: String
        var action: Action
        var detail: String
        var notes: [String] = []
    }

    var steps: [Step] = []
    private let unknownFields: [String: Int]

    /// - Parameter now: Unix milliseconds; decides which price of a model is in force.
    init(of book: PriceBook, against present: [JSONValue], effectiveFrom: String?, now: Int64) {
        unknownFields = book.unknownFields
        let models = Dictionary(present.map { ($0["name"]?.string ?? "", $0) }) { first, _ in first }
        var seen: [String: PriceBookEntry] = [:]
        for entry in book.entries {
            if let first = seen[entry.name] {
                if first.sheet != entry.sheet {
                    steps.append(
                        Step(
                            name: entry.bookName, action: .skip,
                            detail:
                                "\(first.bookName) of \(first.provider) has another price and the same name; import one of them, with --provider"
                        ))
                }
                continue
            }
            seen[entry.name] = entry
            guard Self.isModelName(entry.name) else {
                steps.append(
                    Step(
                        name: entry.bookName, action: .skip,
                        detail: "a model's name has 1 to 200 bytes, no white space, and is no UUID; create it by hand"))
                continue
            }
            steps.append(Self.step(entry, models[entry.name], effectiveFrom, now))
        }
        for skipped in book.skipped {
            steps.append(Step(name: skipped.name, action: .skip, detail: skipped.reason))
        }
    }

    private static func isModelName(_ name: String) -> Bool {
        (1...200).contains(name.utf8.count) && !name.contains(where: \.isWhitespace)
            && name.unicodeScalars.allSatisfy { $0.value >= 32 && $0.value != 127 } && ObjectID(name) == nil
    }

    private static func step(
        _ entry: PriceBookEntry, _ model: JSONValue?, _ effectiveFrom: String?, _ now: Int64
    ) -> Step {
        let price = price(entry.sheet, effectiveFrom)
        guard let model, let id = model["id"]?.string, let revision = model["revision"]?.number?.int64 else {
            var fields: [(String, JSONValue)] = [
                ("name", .string(entry.name)), ("kind", .string(entry.kind.rawValue)), ("prices", .array([price])),
                ("metadata", metadata(entry)),
            ]
            if let limit = entry.maxOutputTokens {
                fields.append(("max_output_tokens", .number(JSONNumber(Int64(limit)))))
            }
            if let limit = entry.maxInputTokens {
                fields.append(("max_input_tokens", .number(JSONNumber(Int64(limit)))))
            }
            return Step(
                name: entry.name, action: .create(BodyField.record(fields)), detail: Self.dollars(entry.sheet),
                notes: entry.notes)
        }
        guard model["kind"]?.string == entry.kind.rawValue else {
            return Step(
                name: entry.name, action: .skip, detail: "it is of kind \(model["kind"]?.string ?? "unknown") here")
        }
        var fields: [(String, JSONValue)] = []
        let prices = model["prices"]?.array ?? []
        var detail = "as it is"
        var notes = entry.notes
        let begins = effectiveFrom.flatMap { RFC3339.parse($0) } ?? now
        func start(_ price: JSONValue) -> Int64 { price["effective_from"]?.string.flatMap { RFC3339.parse($0) } ?? 0 }
        let before = prices.last { start($0) <= begins }
        // A price to come that is the book's counts, so that importing twice before it begins adds nothing.
        let later = effectiveFrom == nil ? prices.filter { start($0) > begins } : []
        if ([before].compactMap { $0 } + later).allSatisfy({ sheet($0) != entry.sheet }) {
            fields.append(("prices", .array(prices + [price])))
            fields.append(("metadata", metadata(entry, over: model["metadata"])))
            detail = (before.map { dollars(sheet($0)) + " -> " } ?? "") + dollars(entry.sheet)
            if let next = prices.first(where: { start($0) > begins }) {
                notes.append("the price that begins on \(next["effective_from"]?.string ?? "") stays")
            }
        }
        // Limits that somebody has set stay.
        for (name, limit) in [("max_output_tokens", entry.maxOutputTokens), ("max_input_tokens", entry.maxInputTokens)]
        {
            guard let limit, model[name] == .null || model[name] == nil else { continue }
            fields.append((name, .number(JSONNumber(Int64(limit)))))
            if detail == "as it is" { detail = "limits" }
        }
        guard !fields.isEmpty else { return Step(name: entry.name, action: .keep, detail: detail) }
        return Step(
            name: entry.name, action: .change(id: id, revision: revision, BodyField.record(fields)), detail: detail,
            notes: notes)
    }

    // MARK: Prices as the API has them

    private static func price(_ sheet: PriceSheet, _ effectiveFrom: String?) -> JSONValue {
        var fields = lines(sheet.lines)
        if let effectiveFrom { fields.append(("effective_from", .string(effectiveFrom))) }
        let tiers = sheet.tiers.map { tier in
            BodyField.record(
                [
                    ("service_tier", .string(tier.serviceTier.label)),
                    ("above_input_tokens", .number(JSONNumber(Int64(tier.aboveInputTokens)))),
                ] + lines(tier.lines))
        }
        if !tiers.isEmpty { fields.append(("tiers", .array(tiers))) }
        return BodyField.record(fields)
    }

    private static func lines(_ lines: PriceLines) -> [(String, JSONValue)] {
        PriceLines.Name.allCases.compactMap { name in
            lines[name].map { (name.field, .number(JSONNumber($0))) }
        }
    }

    private static func sheet(_ price: JSONValue) -> PriceSheet {
        PriceSheet(
            lines: lines(price),
            tiers: (price["tiers"]?.array ?? []).map { tier in
                PriceTier(
                    serviceTier: ServiceTier(label: tier["service_tier"]?.string ?? "standard") ?? .standard,
                    aboveInputTokens: tier["above_input_tokens"]?.number?.integer(as: UInt32.self) ?? 0,
                    lines: lines(tier))
            })
    }

    private static func lines(_ value: JSONValue) -> PriceLines {
        var lines = PriceLines(inputPicodollarsPerToken: 0, outputPicodollarsPerToken: 0)
        for name in PriceLines.Name.allCases { lines[name] = value[name.field]?.number?.int64 }
        return lines
    }

    /// Where the price is from; what else people keep there stays.
    private static func metadata(_ entry: PriceBookEntry, over present: JSONValue? = nil) -> JSONValue {
        var fields = present?.object ?? JSONObject()
        fields["provider"] = .string(entry.provider)
        // Where an earlier price was from is no source of this one.
        fields["price_source"] = entry.source.map { .string($0) }
        fields["price_date"] = entry.date.map { .string($0) }
        return .object(fields)
    }

    private static func dollars(_ sheet: PriceSheet) -> String {
        func perMillion(_ picodollars: Int64) -> String { Money(nanodollars: picodollars * 1000).dollars }
        let tiers = sheet.tiers.isEmpty ? "" : ", \(sheet.tiers.count) tier\(sheet.tiers.count == 1 ? "" : "s")"
        let input = perMillion(sheet.lines.inputPicodollarsPerToken)
        return "$\(input) in, $\(perMillion(sheet.lines.outputPicodollarsPerToken)) out per million\(tiers)"
    }

    // MARK: Text

    var failureCount: Int { steps.count { $0.word == "refused" } }

    func text(isDryRun: Bool, isJSON: Bool) -> String {
        if isJSON {
            return Output.json(
                .array(
                    steps.map { step in
                        BodyField.record([
                            ("name", .string(step.name)), ("action", .string(step.word)),
                            ("detail", .string(step.detail)),
                            ("notes", .array(step.notes.map { .string($0) })),
                        ])
                    }))
        }
        var text = ""
        for step in steps {
            if case .keep = step.action { continue }
            text += "\(step.word)  \(step.name): \(step.detail)\n"
            for note in step.notes { text += "        \(note)\n" }
        }
        if !unknownFields.isEmpty {
            let names = unknownFields.sorted { $0.key < $1.key }.map { "\($0.key) (\($0.value))" }
            text += "fields of the book that were left out, and in how many models: \(names.joined(separator: ", "))\n"
        }
        func count(_ word: String) -> Int { steps.filter { $0.word == word }.count }
        let failed = failureCount > 0 ? ", \(failureCount) refused" : ""
        let verdict =
            "\(count("create")) created, \(count("change")) changed, \(count("keep")) as they were, \(count("skip")) skipped"
            + failed
        return text + (isDryRun ? "would be: \(verdict)\n" : "\(verdict)\n")
    }
}

extension PriceImportPlan.Step {
    fileprivate var word: String {
        switch action {
        case .create: "create"
        case .change: "change"
        case .keep: "keep"
        case .skip: "skip"
        case .fail: "refused"
        }
    }
}
