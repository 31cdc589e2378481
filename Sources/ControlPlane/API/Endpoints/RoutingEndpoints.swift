import Shared

extension Provider {
    static let shape = ObjectShape(
        name: "Provider", description: "A connection to one vendor.",
        properties: [.id, .name(example: "openai")] + dialectProperties + [
            .init(
                name: "transport",
                schema: Schema(
                    .choice(Transport.allCases.map(\.rawValue)),
                    "`automatic` is `direct`: HTTP/1.1, with TLS for https://. `curl` speaks HTTP/2 where it is offered."
                ),
                standard: .string("automatic")),
            .readOnly("credential_id", .text(.uuid), nullable: true),
            .init(
                name: "credential",
                schema: Schema(.text(.reference), "ID or name of a credential; answers carry the name."),
                isNullable: true, standard: .null),
            .init(
                name: "credentials",
                schema: Schema(
                    .list(
                        of: Schema(.text(.reference)), count: 1...PolicyDocument.Provider.credentialCountMax),
                    "Several credentials that take turns, in place of `credential`; naming either sets the other to null. One that the provider refuses, or whose quota or rate is used up, is set aside by itself."
                ), isNullable: true, standard: .null),
            timeout("connect_timeout_ms", 5_000, "To connect, TLS included."),
            timeout("first_token_timeout_ms", 120_000, "From the request to the first byte of the answer."),
            timeout("idle_timeout_ms", 60_000, "Between two pieces of an answer."),
            timeout("total_timeout_ms", 600_000, "For the whole attempt; no other timeout may be longer."),
            .init(
                name: "breaker",
                schema: Schema(
                    .object(
                        Breaker.properties), name: "Breaker",
                    "When one of the provider's targets is set aside, and for how long. Each data plane decides by what it sees itself."
                ), isNullable: true, standard: .null),
            .init(
                name: "retry_budget_percent",
                schema: Schema(
                    .integer(0...100),
                    "Retries at one of the provider's targets, in percent of the requests that the target gets."),
                standard: .int(Int64(PolicyDocument.Provider.retryBudgetPercentDefault))),
            .init(
                name: "concurrency",
                schema: Schema(
                    .object(
                        Concurrency.properties), name: "Concurrency",
                    "How many requests may be in flight at one of the provider's targets, from each thread of each data plane, and how many wait for that. Between min and max the limit is found by how long first tokens take. null: no limit."
                ), isNullable: true, standard: .null),
            .init(
                name: "when_caller_leaves",
                schema: Schema(
                    .choice(CallerLeaves.allCases.map(\.rawValue)),
                    "What becomes of an answer whose caller has left. `cancel`: the connection to the provider is closed at once. `drain`: for providers that go on billing; the answer is read to its end, thrown away, and charged by the usage that stands there."
                ), standard: .string("cancel")),
            .init(
                name: "prefix_continuation",
                schema: Schema(
                    .choice(PrefixContinuation.allCases.map(\.rawValue)),
                    "How the provider is asked to go on from the beginning of an answer, for routes with resumes_max. `assistant_message`: it does whenever the last message is the assistant's (llama.cpp); `prefix`: by that field of the message (DeepSeek); `prefix_echoed`: the same, and its answer repeats the beginning (Mistral); `continue_final_message`: by that field of the body (vLLM, SGLang). null: it cannot. Only with the dialect openai."
                ), isNullable: true, standard: .null),
            .init(
                name: "probe",
                schema: Schema(
                    .object(Probe.properties), name: "Probe",
                    "How each data plane asks by itself whether the provider is up, with the provider's credential. Any answer below 500 but 408 says so. null: only requests tell."
                ), isNullable: true, standard: .null),
            .metadata, .revision, .createdAt, .updatedAt,
        ])

    private static func timeout(_ name: String, _ standard: Int64, _ description: String) -> Schema.Property {
        .init(name: name, schema: Schema(.integer(timeoutRange), description), standard: .int(standard))
    }
}

extension Credential {
    static let shape = ObjectShape(
        name: "Credential",
        description:
            "A secret for providers. Give either `reference`, which data planes resolve where they run, or `value`, which is stored encrypted and never shown again.",
        properties: [
            .id, .name(example: "openai-key"),
            .readOnly("version", .integer(1...Int64(Int32.max)), "Rises with every change of the secret."),
            .init(
                name: "reference",
                schema: Schema(
                    .text(.secretReference), "`env:NAME` or `file:/path`.", example: .string("env:OPENAI_API_KEY")),
                isNullable: true, standard: .null),
            .init(
                name: "value", schema: Schema(.text(.secret), "The secret itself. It goes in and never comes out."),
                mode: .writeOnly),
            .readOnly("value_hint", .text(.free), "The last four characters of a stored value.", nullable: true),
            .metadata, .revision, .createdAt, .updatedAt,
        ])
}

extension Model {
    static let shape = ObjectShape(
        name: "Model", description: "A vendor's model with its dated prices.",
        properties: [
            .id,
            .name(
                .modelName, "The vendor's own name for it; goes upstream unless a target says otherwise.",
                example: "gpt-4o-mini"),
            .init(
                name: "kind",
                schema: Schema(.choice(Kind.allCases.map(\.rawValue)), "All models of a route are of one kind."),
                mode: .createOnly, standard: .string("chat")),
            .init(
                name: "max_output_tokens",
                schema: Schema(.integer(1...Int64(Int32.max)), "The bound of a request that names none."),
                isNullable: true, standard: .null),
            .init(
                name: "max_input_tokens",
                schema: Schema(
                    .integer(1...Int64(Int32.max)),
                    "The bound of input whose size a request does not show, such as a stored file."),
                isNullable: true, standard: .null),
            .init(
                name: "unsupported_features",
                schema: Schema(
                    .choices(Feature.allCases.map(\.rawValue), countMin: 0),
                    "What it cannot do. Requests that want it go to other targets of the route. Where there is none, what is named here is done in another way, left out or refused where the request is translated, and passes where it is not. `sampling` is temperature and its like, `begun_answers` going on from a last message of the assistant's."
                ), standard: .array([])),
            .init(
                name: "prices",
                schema: Schema(
                    .list(of: price, count: 0...200),
                    "The last one that has begun applies. A price that has begun can be neither changed nor removed; to change what a model costs, send the list with one price more."
                ),
                standard: .array([])),
            .metadata, .revision, .createdAt, .updatedAt,
        ])

    static let price = Schema(
        .object(
            [
                .init(
                    name: "id", schema: Schema(.text(.uuid), "Set by Weir; ignored when sent back."), isNullable: false),
                .init(
                    name: "effective_from",
                    schema: Schema(
                        .text(.dateTime), "Now, if absent. Whole seconds; fractions are cut off.",
                        example: .string("2026-01-01T00:00:00Z"))),
            ] + priceLines + [
                .init(
                    name: "tiers",
                    schema: Schema(
                        .list(of: priceTier, count: 0...PriceSheet.tierCountMax),
                        "Prices that apply instead, to the whole request: of the tiers of the service tier that the provider reports, the one with the highest above_input_tokens below the request's input."
                    ), standard: .array([]))
            ]), name: "Price")

    static let priceTier = Schema(
        .object(
            [
                .init(
                    name: "service_tier",
                    schema: Schema(
                        .choice(ServiceTier.allCases.map(\.label)),
                        "One without tiers of its own is charged at the standard prices."),
                    standard: .string("standard")
                ),
                .init(
                    name: "above_input_tokens",
                    schema: Schema(
                        .integer(0...Int64(UInt32.max)),
                        "Applies to requests with more input tokens than this, cached ones included.",
                        example: .int(200_000)), standard: .int(0)),
            ] + priceLines), name: "PriceTier")

    private static var priceLines: [Schema.Property] {
        PriceLines.fields.map { line in
            Schema.Property(
                name: line.name,
                schema: Schema(
                    .integer(0...PriceLines.maximumPicodollarsPerToken),
                    line.isRequired
                        ? "1e-12 USD; 2500000 is $2.50 per million tokens."
                        : "1e-12 USD; null: charged at the line it is a part of (requests: not charged)."),
                isRequired: line.isRequired, isNullable: !line.isRequired)
        }
    }
}

extension Route {
    static let shape = ObjectShape(
        name: "Route", description: "A public model name and the policy that turns it into targets.",
        properties: [
            .id, .name(.modelName, "What callers put into `model`.", example: "gpt-4o-mini"),
            .init(
                name: "strategy",
                schema: Schema(
                    .choice(Strategy.allCases.map(\.rawValue)),
                    "Which target is tried first; the others follow. `priority`: the first of the list. `weighted`: by weight. `least_latency`: of two taken by chance, the one whose first token comes sooner. `least_busy`: the one with the fewest requests in flight. `lowest_cost`: the one where the request would cost least. `headroom`: the one whose provider has most of its rate limit left. `sticky`: the same for what belongs together, see `sticky`."
                ),
                standard: .string("priority")),
            .init(
                name: "targets",
                schema: Schema(
                    .list(of: entry(), count: 1...targetCountMax), "Under `priority` in the order of preference."),
                isRequired: true),
            .init(
                name: "rules",
                schema: Schema(
                    .list(of: rule, count: 0...PolicyDocument.Rule.countMax),
                    "What is done otherwise with some requests. The first rule that holds decides; where none does, the route's own strategy and targets."
                ), standard: .array([])),
            .init(
                name: "default_max_output_tokens",
                schema: Schema(
                    .integer(1...Int64(Int32.max)),
                    "The output bound of requests that set none, where an allowance needs one. null: the model's."),
                isNullable: true, standard: .null),
            .init(
                name: "admission_wait_ms",
                schema: Schema(
                    .integer(0...Int64(PolicyDocument.Route.admissionWaitMillisecondsMax)),
                    "How long a request may wait for what others hold of its allowances."),
                standard: .int(Int64(PolicyDocument.Route.admissionWaitMillisecondsDefault))),
            .init(name: "sticky", schema: sticky, isNullable: true, standard: .null),
            .init(
                name: "retries_max",
                schema: Schema(.integer(retriesRange), "Further attempts of a request at a target that failed."),
                standard: .int(Int64(PolicyDocument.Route.retriesMaxDefault))),
            .init(
                name: "retries_first",
                schema: Schema(.flag, "Retries come before the next target, not only where there is none."),
                standard: .boolean(false)),
            .init(
                name: "total_timeout_ms",
                schema: Schema(
                    .integer(Provider.timeoutRange),
                    "From the first attempt to the end of the answer. null: total_timeout_ms of the first target's provider."
                ), isNullable: true, standard: .null),
            .init(
                name: "refuses_when_all_are_out",
                schema: Schema(
                    .flag,
                    "Where all targets are set aside the request is refused, instead of being tried at the best of them."
                ), standard: .boolean(false)),
            .init(name: "hedge", schema: hedge, isNullable: true, standard: .null),
            .init(
                name: "resumes_max",
                schema: Schema(
                    .integer(0...Int64(PolicyDocument.Route.resumesMaxBound)),
                    "How often a stream that breaks off in the middle is gone on with, at a target whose provider has prefix_continuation."
                ), standard: .int(0)),
            .init(name: "shadow", schema: shadow, isNullable: true, standard: .null),
            .init(
                name: "unsupported_parameters",
                schema: Schema(
                    .choice(UnsupportedParameters.allCases.map(\.rawValue)),
                    "What becomes of fields of a request that a target of another dialect cannot be told. `refuse`: the request is refused, and the field named. `drop`: they are left out, and listed in the answer's head. null: refuse."
                ), isNullable: true, standard: .null),
            .init(
                name: "keep_alive_ms",
                schema: Schema(
                    .integer(keepAliveRange),
                    "After so long a silence of its provider the caller of a stream gets a sign that it is still waited for, before the first token too. null: never."
                ), isNullable: true, standard: .null),
            .metadata, .revision, .createdAt, .updatedAt,
        ])

    static let hedge = Schema(
        .object([
            .init(
                name: "after_ms",
                schema: Schema(
                    .integer(Hedge.afterRange),
                    "How long the first attempt is waited for. null: the 95th percentile of the route's own times to the first token, as each data plane measures them."
                ), isNullable: true, standard: .null),
            .init(
                name: "percent_max",
                schema: Schema(.integer(Hedge.percentRange), "Of a hundred requests at most so many are sent twice."),
                standard: .int(Int64(Hedge.percentMaxDefault))),
            .init(
                name: "plain_answers",
                schema: Schema(
                    .flag,
                    "Requests for plain answers too, whose time is that of the whole answer; otherwise only streams."),
                standard: .boolean(false)),
        ]), name: "Hedge",
        "Sends a request that waits long for its first token once more, to the next target or the same, and takes whichever answers first. The other is given up, and charged for its input. null: no request is sent twice."
    )

    static let shadow = Schema(
        .object(
            place + [
                .init(
                    name: "percent",
                    schema: Schema(
                        .hundredths(Shadow.shareRange), "Of a hundred admitted requests so many are mirrored."),
                    isRequired: true),
                .init(
                    name: "virtual_key",
                    schema: Schema(
                        .text(.reference),
                        "What they are charged to: ID, key ID, name or team/name of an active key; answers carry the name. All allowances of the key, its team and its organization apply.",
                        example: .string("shadow-tests")),
                    isRequired: true),
                .init(name: "virtual_key_id", schema: Schema(.text(.uuid), "Set by Weir; ignored when sent back.")),
            ]), name: "Shadow",
        "Sends a share of the requests once more to another target, after their callers have their answers, and throws away what comes. null: no request is mirrored."
    )

    static let sticky = Schema(
        .object([
            .init(
                name: "by",
                schema: Schema(
                    .choice(Sticky.Source.allCases.map(\.rawValue)),
                    "What belongs together: requests with the same value of a header, of the same end user (without one: of the same virtual key), of the same conversation (its first messages), or with the same first bytes of the prompt."
                ), isRequired: true),
            .init(
                name: "header",
                schema: Schema(
                    .text(.fieldName), "Exactly where `by` is `header`; kept in lower case.",
                    example: .string("x-session")),
                isNullable: true, standard: .null),
        ]), name: "Sticky",
        "By what callers are kept at their target; exactly where the strategy is `sticky`, null otherwise.")

    /// A model at a provider.
    private static let place: [Schema.Property] = [
        .init(
            name: "provider",
            schema: Schema(.text(.reference), "ID or name; answers carry the name.", example: .string("openai")),
            isRequired: true),
        .init(name: "provider_id", schema: Schema(.text(.uuid), "Set by Weir; ignored when sent back.")),
        .init(
            name: "model",
            schema: Schema(
                .text(.reference), "ID or name; answers carry the name.", example: .string("gpt-4o-mini")),
            isRequired: true),
        .init(name: "model_id", schema: Schema(.text(.uuid), "Set by Weir; ignored when sent back.")),
        .init(
            name: "upstream_model_name",
            schema: Schema(.text(.line(bytesMax: 200)), "The provider's name for the model where it differs."),
            isNullable: true, standard: .null),
    ]

    static let target = Schema(
        .object(
            place + [
                .init(
                    name: "weight", schema: Schema(.integer(weightRange), "Share of traffic under `weighted`."),
                    standard: .int(1)),
                .init(
                    name: "on",
                    schema: Schema(
                        .choices(FallbackCause.allCases.map(\.rawValue)),
                        "Makes it a fallback only, tried after an attempt that failed of one of these. null: one of the targets that the strategy chooses from, and a fallback after rate_limit, error and timeout. At least one target of a route has none."
                    ), isNullable: true, standard: .null),
            ]), name: "Target")
}

extension AdminEndpoint {
    static var providers: [AdminEndpoint] {
        managed(
            Provider.self, Provider.shape, article: "a provider", unused: "a provider that no route uses",
            page: ProviderStore.page)
    }

    static var credentials: [AdminEndpoint] {
        managed(
            Credential.self, Credential.shape, article: "a credential", unused: "a credential that no provider uses",
            page: CredentialStore.page)
    }

    static var models: [AdminEndpoint] {
        managed(
            Model.self, Model.shape, article: "a model", unused: "a model that no route uses", page: ModelStore.page)
    }

    static var routes: [AdminEndpoint] {
        managed(
            Route.self, Route.shape, article: "a route", unused: "a route that no live key is limited to",
            page: RouteStore.page)
    }
}
