import Shared

/// A vendor's model with its dated prices.
struct Model: ManagedObject {
    typealias Kind = PolicyDocument.Model.Kind
    typealias Feature = PolicyDocument.ModelFeature

    static let noun = Noun(singular: "model", plural: "models", type: "Model")

    /// What a model costs from a moment on.
    struct Price: Equatable {
        var id: ObjectID
        var effectiveFrom: Int64
        var lines: PriceLines
        var tiers: [PriceTier] = []
    }

    var id: ObjectID
    var name = ""
    var kind = Kind.chat
    var maxOutputTokens: Int?
    var maxInputTokens: Int?
    /// Each once.
    var unsupportedFeatures: [Feature] = []
    /// By `effectiveFrom` rising.
    var prices: [Price] = []
    var metadata = JSONValue.record([])
    var revision: Int64 = 1
    var createdAt: Int64
    var updatedAt: Int64

    init(id: ObjectID, now: Int64) {
        self.id = id
        createdAt = now
        updatedAt = now
    }

    var publication: Publication { .policy }

    mutating func apply(_ fields: Fields, in work: Work) async throws -> [FieldProblem] {
        fields.take("name", into: &name)
        fields.take("kind", into: &kind)
        fields.take("max_output_tokens", into: &maxOutputTokens)
        fields.take("max_input_tokens", into: &maxInputTokens)
        fields.take("unsupported_features", into: &unsupportedFeatures)
        fields.take("metadata", into: &metadata)
        guard let elements = fields.elements("prices") else { return [] }
        var problems: [FieldProblem] = []
        var wanted: [Price] = []
        for (index, element) in elements.enumerated() {
            let fields = Fields(element)
            let price = Self.price(fields, after: prices, now: work.now, id: work.newID())
            if let sent = fields.text("id").flatMap({ ObjectID($0) }),
                !prices.contains(where: { $0.id == sent && $0.effectiveFrom == price.effectiveFrom })
            {
                problems.append(
                    FieldProblem(
                        path: "prices[\(index)].id", message: "is set by Weir; leave it out for a price that is new"))
            }
            for (place, tier) in price.tiers.enumerated()
            where price.tiers[..<place].contains(where: {
                $0.serviceTier == tier.serviceTier && $0.aboveInputTokens == tier.aboveInputTokens
            }) {
                problems.append(
                    FieldProblem(
                        path: "prices[\(index)].tiers[\(place)]",
                        message: "has the service tier and the bound of an earlier one; give each once"))
            }
            if let place = price.tiers.firstIndex(where: { $0.serviceTier == .standard && $0.aboveInputTokens == 0 }) {
                problems.append(
                    FieldProblem(
                        path: "prices[\(index)].tiers[\(place)]",
                        message: "is what the price itself says; give a service_tier or above_input_tokens"))
            }
            wanted.append(price)
        }
        guard problems.isEmpty else { return problems }
        do throws(PriceListProblem) {
            prices = try Self.merge(wanted, into: prices, now: work.now)
            return []
        } catch {
            return error.problems
        }
    }

    // MARK: Prices

    /// A list of prices that is not allowed.
    struct PriceListProblem: Error { var problems: [FieldProblem] }

    /// The prices after a change that wants `wanted`.
    ///
    /// What has begun may have been charged, so it stays as it is: a price in effect can be neither changed nor removed, and
    /// none can be put into the past of a model that has prices. The first list of a model is free to describe the past.
    static func merge(_ wanted: [Price], into current: [Price], now: Int64) throws(PriceListProblem) -> [Price] {
        var problems: [FieldProblem] = []
        var merged: [Price] = []
        for (index, price) in wanted.enumerated() {
            let field = "prices[\(index)]"
            if merged.contains(where: { $0.effectiveFrom == price.effectiveFrom }) {
                problems.append(
                    FieldProblem(
                        path: "\(field).effective_from",
                        message: "two prices begin at \(RFC3339.text(unixMilliseconds: price.effectiveFrom)); give one")
                )
            } else if let same = current.first(where: { $0.effectiveFrom == price.effectiveFrom }) {
                if same.lines == price.lines, same.tiers == price.tiers {
                    merged.append(same)
                } else if same.effectiveFrom <= now {
                    problems.append(
                        FieldProblem(
                            path: field,
                            message:
                                "has been in effect since \(RFC3339.text(unixMilliseconds: same.effectiveFrom)) and cannot change; add a price with a later effective_from"
                        ))
                } else {
                    merged.append(price)
                }
            } else if price.effectiveFrom < wholeSecond(now), !current.isEmpty {
                problems.append(
                    FieldProblem(
                        path: "\(field).effective_from",
                        message:
                            "lies in the past, which cannot be priced anew; leave it out to begin now, or give a later time"
                    ))
            } else {
                merged.append(price)
            }
        }
        for price in current
        where price.effectiveFrom <= now && !wanted.contains(where: { $0.effectiveFrom == price.effectiveFrom }) {
            problems.append(
                FieldProblem(
                    path: "prices",
                    message:
                        "the price in effect since \(RFC3339.text(unixMilliseconds: price.effectiveFrom)) is missing; prices that have begun stay in the list"
                ))
        }
        guard problems.isEmpty else { throw PriceListProblem(problems: problems) }
        return merged.sorted { $0.effectiveFrom < $1.effectiveFrom }
    }

    /// Data planes count in seconds. A price that begins "now" begins with the current second, or with the first one after it
    /// that has no price yet.
    private static func price(_ fields: Fields, after current: [Price], now: Int64, id: ObjectID) -> Price {
        var start = wholeSecond(fields.time("effective_from") ?? now)
        if !fields.has("effective_from") {
            while current.contains(where: { $0.effectiveFrom == start }) { start += 1000 }
        }
        return Price(
            id: id, effectiveFrom: start, lines: PriceLines(fields),
            tiers: (fields.elements("tiers") ?? []).map { PriceTier(Fields($0)) })
    }

    private static func wholeSecond(_ time: Int64) -> Int64 { time - time % 1000 }

    var json: JSONValue {
        .record([
            ("id", .id(id)), ("name", .string(name)), ("kind", .string(kind.rawValue)),
            ("max_output_tokens", .optional(maxOutputTokens) { .int(Int64($0)) }),
            ("max_input_tokens", .optional(maxInputTokens) { .int(Int64($0)) }),
            ("unsupported_features", .strings(unsupportedFeatures.map(\.rawValue))),
            ("prices", .array(prices.map(\.json))), ("metadata", metadata), ("revision", .int(revision)),
            ("created_at", .time(createdAt)), ("updated_at", .time(updatedAt)),
        ])
    }
}

extension Model.Price {
    var json: JSONValue {
        .record(
            [("id", .id(id)), ("effective_from", .time(effectiveFrom))] + lines.fields
                + [("tiers", .array(tiers.map(\.json)))])
    }
}

extension PriceTier {
    /// From fields that the schema has accepted.
    init(_ fields: Fields) {
        self.init(
            serviceTier: fields.text("service_tier").flatMap { ServiceTier(label: $0) } ?? .standard,
            aboveInputTokens: UInt32(clamping: fields.integer("above_input_tokens") ?? 0), lines: PriceLines(fields))
    }

    var json: JSONValue {
        .record(
            [
                ("service_tier", .string(serviceTier.label)), ("above_input_tokens", .int(Int64(aboveInputTokens))),
            ] + lines.fields)
    }
}

extension PriceLines {
    /// From fields that the schema has accepted.
    init(_ fields: Fields) {
        self.init(inputPicodollarsPerToken: 0, outputPicodollarsPerToken: 0)
        for line in PriceLines.fields { line.set(&self, fields.integer(line.name)) }
    }

    fileprivate var fields: [(name: String, value: JSONValue)] {
        Self.fields.map { line in (line.name, .optional(line.get(self)) { .int($0) }) }
    }
}

extension PriceLines {
    /// A price line under its name in the API, which is also the name of its column.
    struct Field {
        var name: String
        var isRequired = false
        var get: (PriceLines) -> Int64?
        var set: (inout PriceLines, Int64?) -> Void
    }

    static var fields: [Field] {
        [
            Field(
                name: "input_picodollars_per_token", isRequired: true, get: { $0.inputPicodollarsPerToken },
                set: { $0.inputPicodollarsPerToken = $1 ?? 0 }),
            Field(
                name: "cached_input_picodollars_per_token", get: { $0.cachedInputPicodollarsPerToken },
                set: { $0.cachedInputPicodollarsPerToken = $1 }),
            Field(
                name: "cache_write_5m_picodollars_per_token", get: { $0.cacheWrite5mPicodollarsPerToken },
                set: { $0.cacheWrite5mPicodollarsPerToken = $1 }),
            Field(
                name: "cache_write_1h_picodollars_per_token", get: { $0.cacheWrite1hPicodollarsPerToken },
                set: { $0.cacheWrite1hPicodollarsPerToken = $1 }),
            Field(
                name: "audio_input_picodollars_per_token", get: { $0.audioInputPicodollarsPerToken },
                set: { $0.audioInputPicodollarsPerToken = $1 }),
            Field(
                name: "image_input_picodollars_per_token", get: { $0.imageInputPicodollarsPerToken },
                set: { $0.imageInputPicodollarsPerToken = $1 }),
            Field(
                name: "output_picodollars_per_token", isRequired: true, get: { $0.outputPicodollarsPerToken },
                set: { $0.outputPicodollarsPerToken = $1 ?? 0 }),
            Field(
                name: "reasoning_picodollars_per_token", get: { $0.reasoningPicodollarsPerToken },
                set: { $0.reasoningPicodollarsPerToken = $1 }),
            Field(
                name: "audio_output_picodollars_per_token", get: { $0.audioOutputPicodollarsPerToken },
                set: { $0.audioOutputPicodollarsPerToken = $1 }),
            Field(
                name: "image_output_picodollars_per_token", get: { $0.imageOutputPicodollarsPerToken },
                set: { $0.imageOutputPicodollarsPerToken = $1 }),
            Field(name: "request_picodollars", get: { $0.requestPicodollars }, set: { $0.requestPicodollars = $1 }),
        ]
    }
}
