import Shared

/// A first word of the command line, what can be done with it, and how it is shown.
struct ResourceCommands: Sendable {
    var name: String
    var aliases: [String] = []
    var singular: String
    /// Under `/api/v1/`.
    var path: String
    var help: String
    var fields: [Field] = []
    var columns: [Output.Column] = []
    var verbs: [Verb]
    /// The list takes `name`.
    var isSearchable = true

    /// A field that `create` and `update` can set.
    struct Field: Sendable {
        var flag: Flag
        /// It is given at creation and stays.
        var isFixed = false
    }

    static func named(_ word: String) -> ResourceCommands? {
        all.first { $0.name == word || $0.aliases.contains(word) }
    }

    static let lifecycle: [Verb] = [.list(), .get, .create, .update, .delete]

    static var all: [ResourceCommands] {
        [
            organizations, teams, keys, providers, credentials, models, routes, allowances, alerts, usage, requests,
            explain, plan, nodes, status,
            nodeTokens,
            adminTokens, audit,
        ]
    }

    static func field(
        _ flag: String, _ valueName: String, _ help: String, _ field: BodyField, repeatable: Bool = false,
        fixed: Bool = false
    ) -> Field {
        Field(flag: Flag(flag, valueName, help, repeatable: repeatable, field), isFixed: fixed)
    }

    static let nameField = field("name", "NAME", "Its name.", BodyField("name", .text))
    static let metadata = field(
        "metadata", "NAME=VALUE", "Yours to use; replaces what was there.", BodyField("metadata", .object),
        repeatable: true)

    // MARK: Tenancy

    private static let organizations = ResourceCommands(
        name: "organizations", aliases: ["organization", "orgs"], singular: "organization", path: "organizations",
        help: "The roots of the tenancy tree.", fields: [nameField, metadata],
        columns: [.init("name"), .init("id"), .init("created_at", title: "created")], verbs: lifecycle)

    private static let teams = ResourceCommands(
        name: "teams", aliases: ["team"], singular: "team", path: "teams",
        help: "Parts of an organization; own virtual keys.",
        fields: [
            nameField,
            field(
                "organization", "NAME", "The organization it belongs to.", BodyField("organization", .text), fixed: true
            ),
            metadata,
        ], columns: [.init("organization"), .init("name"), .init("id"), .init("created_at", title: "created")],
        verbs: [
            .list([Flag("organization", "NAME", "Only those of this organization.")]), .get, .create, .update, .delete,
        ])

    private static let keys = ResourceCommands(
        name: "keys", aliases: ["key", "virtual-keys"], singular: "virtual key", path: "virtual-keys",
        help: "Virtual keys: what clients present. The text of a key is printed once, by create and rotate.",
        fields: [
            nameField,
            field(
                "team", "NAME", "The team it belongs to (organization/team where several have the name).",
                BodyField("team", .text), fixed: true),
            field("expires-at", "TIME", "RFC 3339, or none.", BodyField("expires_at", .nullableText)),
            field(
                "routes", "NAMES", "Routes it may use, separated by commas; all, or none.",
                BodyField("allowed_routes", .listOrAll), repeatable: true),
            field(
                "networks", "NETWORKS", "Where callers may come from, separated by commas; none is anywhere.",
                BodyField("allowed_networks", .list), repeatable: true),
            field(
                "priority", "CLASS", "Who goes first where not all can be served: high, normal (default) or low.",
                BodyField("priority", .text)),
            field(
                "may-explain", "BOOL", "true: its requests may ask with x-weir-explain: 1 how they went.",
                BodyField("may_explain", .boolean)),
            field(
                "tag", "NAME=VALUE", "Travels with the key; replaces the tags that were there.",
                BodyField("tags", .map), repeatable: true), metadata,
        ],
        columns: [
            .init("organization"), .init("team"), .init("name"), .init("key_id", title: "key id"), .init("status"),
            .init("allowed_routes", title: "routes"), .init("expires_at", title: "expires"),
        ],
        verbs: [
            .list([
                Flag("team", "NAME", "Only those of this team."),
                Flag("organization", "NAME", "Only those of this organization."),
                Flag("status", "STATUS", "Only those that are active, expired or revoked."),
            ]), .get, .create, .update, .action("revoke", "Revokes one for good, with all its secrets."),
            .action(
                "rotate", "Makes a second secret; the old one stays good for the overlap.",
                flags: [
                    Flag(
                        "overlap-seconds", "SECONDS", "How long (default 86400; 0 ends it at once).",
                        BodyField("overlap_seconds", .integer))
                ]),
            .delete,
        ])

    // MARK: Routing

    private static let providers = ResourceCommands(
        name: "providers", aliases: ["provider"], singular: "provider", path: "providers",
        help: "Connections to vendors.",
        fields: [
            nameField,
            field(
                "base-url", "URL",
                "Such as https://api.openai.com/v1. Left out at creation: the usual one of the dialect, of bedrock that of the region.",
                BodyField("base_url", .text)),
            field("credential", "NAME", "The credential it uses, or none.", BodyField("credential", .nullableText)),
            field(
                "credentials", "NAMES",
                "Several that take turns, separated by commas, in place of --credential; none ends that.",
                BodyField("credentials", .listOrNone), repeatable: true),
            field(
                "dialect", "DIALECT", "The API that it is asked by: openai (default), anthropic, gemini or bedrock.",
                BodyField("dialect", .text)),
            field("transport", "TRANSPORT", "automatic, direct or curl.", BodyField("transport", .text)),
            field("connect-timeout-ms", "MS", "To connect.", BodyField("connect_timeout_ms", .integer)),
            field(
                "first-token-timeout-ms", "MS", "To the first byte of the answer.",
                BodyField("first_token_timeout_ms", .integer)),
            field("idle-timeout-ms", "MS", "Between two pieces of an answer.", BodyField("idle_timeout_ms", .integer)),
            field("total-timeout-ms", "MS", "For the whole attempt.", BodyField("total_timeout_ms", .integer)),
            field(
                "breaker", "NAME=N,...",
                "When a target is set aside: after consecutive_failures (5), or failure_percent (50) of at least samples_min (20) attempts in window_seconds (10); for open_seconds (1), doubled up to open_seconds_max (10). What is left out is the default; none is all of them.",
                BodyField("breaker", .nullableIntegerMap)),
            field(
                "retry-budget-percent", "PERCENT",
                "Retries in percent of the requests that a target gets (default 10).",
                BodyField("retry_budget_percent", .integer)),
            field(
                "concurrency", "NAME=N,...",
                "How many requests may be in flight at a target, from each thread: min (1) to max (200), found by how long first tokens take; queue_max (100) more wait for queue_wait_ms (5000). What is left out is the default; none is no limit.",
                BodyField("concurrency", .nullableIntegerMap)),
            field(
                "when-caller-leaves", "WHAT",
                "cancel (default): close the connection to the provider; drain: read the answer to its end for its usage, for providers that go on billing.",
                BodyField("when_caller_leaves", .text)),
            field(
                "prefix-continuation", "HOW",
                "How it goes on from the beginning of an answer: assistant_message (llama.cpp), prefix (DeepSeek), prefix_echoed (Mistral) or continue_final_message (vLLM, SGLang); none: it cannot. Only with the dialect openai.",
                BodyField("prefix_continuation", .nullableText)),
            field(
                "probe", "NAME=VALUE,...",
                "How each data plane asks whether the provider is up: path (that of the dialect), every interval_seconds (5), within timeout_ms (2000); out after failures (3) in a row. What is left out is the default; none is no probes.",
                BodyField("probe", .nullableMixedMap)),
            field(
                "quirks", "NAME=VALUE,...",
                "How it differs from OpenAI: output_bound (max_completion_tokens) or max_tokens, developer_role (true), cache_control (false), stream_options (true), short_tool_call_ids (false), responses (false). What is left out is the default; none is all of them. Only with the dialect openai.",
                BodyField("quirks", .nullableMixedMap)),
            field(
                "credential-field", "NAME",
                "The header field that carries the credential, such as api-key; none: that of the dialect (authorization, of anthropic x-api-key, of gemini x-goog-api-key).",
                BodyField("credential_field", .nullableText)),
            field(
                "query", "QUERY", "Behind the path of each request, such as api-version=2024-10-21; none.",
                BodyField("query", .nullableText)),
            field(
                "region", "REGION",
                "Sign requests for this region, such as us-east-1, with AWS Signature Version 4: the credential's secret is then the JSON {\"access_key_id\":\"…\",\"secret_access_key\":\"…\"}, with \"session_token\" where there is one. none: the credential is sent as a bearer token. Only with the dialect bedrock.",
                BodyField("region", .nullableText)),
            field(
                "credential-kind", "KIND",
                "service_account: the credential's secret is the key of a Google service account, the JSON as Google hands it out, and requests carry tokens that it is exchanged for. none: the secret itself. Only with the dialect gemini.",
                BodyField("credential_kind", .nullableText)),
            field(
                "path-version", "VERSION",
                "What the paths of requests begin with, in place of v1beta: v1; or in_base_url, where the base URL has the version (Vertex AI). none: v1beta. Only with the dialect gemini.",
                BodyField("path_version", .nullableText)),
            metadata,
        ],
        columns: [
            .init("name"), .init("dialect"), .init("base_url", title: "base url"),
            .init(title: "credential") { provider in
                provider["credential"]?.string.map(JSONValue.string) ?? provider["credentials"] ?? .null
            }, .init("transport"), .init("id"),
        ],
        verbs: lifecycle)

    private static let credentials = ResourceCommands(
        name: "credentials", aliases: ["credential"], singular: "credential", path: "credentials",
        help: "Secrets for providers: a reference that data planes resolve, or a value stored encrypted.",
        fields: [
            nameField,
            field(
                "reference", "REFERENCE", "env:NAME or file:/path, resolved by the data planes.",
                BodyField("reference", .text)),
            field(
                "value-file", "PATH",
                "A file whose first line is the secret, or that is a JSON object; - reads the standard input.",
                BodyField("value", .secretFile)), metadata,
        ],
        columns: [
            .init("name"), .init("reference"), .init("value_hint", title: "value"), .init("version", number: true),
            .init("id"),
        ],
        verbs: lifecycle)

    private static let models = ResourceCommands(
        name: "models", aliases: ["model"], singular: "model", path: "models",
        help: "Vendors' models with their dated prices.",
        fields: [
            nameField,
            field(
                "kind", "KIND", "chat, embedding, moderation, rerank, image, speech or transcription.",
                BodyField("kind", .text), fixed: true),
            field(
                "max-output-tokens", "COUNT", "The bound of a request that names none, or none.",
                BodyField("max_output_tokens", .nullableInteger)),
            field(
                "max-input-tokens", "COUNT", "The bound of input whose size a request does not show, or none.",
                BodyField("max_input_tokens", .nullableInteger)),
            field(
                "unsupported-features", "NAMES",
                "What it cannot do, separated by commas: tools, images, documents, audio, json_schema, reasoning, sampling (temperature and its like), system_messages; or none.",
                BodyField("unsupported_features", .list), repeatable: true), metadata,
        ],
        columns: [
            .init("name"), .init("kind"), .init(title: "input $/M", number: true) { ModelPrices.current($0, "input") },
            .init(title: "output $/M", number: true) { ModelPrices.current($0, "output") },
            .init("max_output_tokens", title: "max output", number: true), .init("id"),
        ], verbs: [.list(), .get, ModelPrices.create, .update, ModelPrices.addPrice, PriceImport.verb, .delete])

    private static let routes = ResourceCommands(
        name: "routes", aliases: ["route"], singular: "route", path: "routes",
        help: "Public model names and the targets behind them.",
        fields: [
            nameField,
            field(
                "strategy", "STRATEGY",
                "Which target comes first: priority (in order; the default), weighted (by weight), least_latency (soonest first token), least_busy (fewest requests in flight), lowest_cost, headroom (most of its rate limit left), sticky (the same as before; needs --sticky).",
                BodyField("strategy", .text)),
            field(
                "target", "TARGET",
                "provider=NAME,model=NAME[,weight=N][,upstream=NAME][,on=CAUSE+CAUSE]; once for each, in order. With on= a fallback only, after context_length, content_filter, rate_limit, error or timeout.",
                BodyField("targets", .targets), repeatable: true),
            field(
                "targets", "JSON",
                "The whole list as in the API, as JSON or @FILE, in place of --target: for targets that stand together.",
                BodyField("targets", .json)),
            field(
                "rules", "JSON",
                "What is done otherwise with some requests, as in the API, as JSON or @FILE; [] for none.",
                BodyField("rules", .json)),
            field(
                "sticky", "BY",
                "What strategy sticky keeps together: header:NAME, end_user, conversation or prompt_prefix; none for other strategies.",
                BodyField("sticky", .sticky)),
            field(
                "retries-max", "N", "Further attempts at a target that failed, 0 to 5 (default 2).",
                BodyField("retries_max", .integer)),
            field(
                "retries-first", "BOOL",
                "true: retry before the next target is tried; false (default): where there is none.",
                BodyField("retries_first", .boolean)),
            field(
                "total-timeout-ms", "MS",
                "From the first attempt to the end of the answer; none: that of the first target's provider.",
                BodyField("total_timeout_ms", .nullableInteger)),
            field(
                "refuses-when-all-are-out", "BOOL",
                "true: refuse where all targets are set aside; false (default): try the best of them.",
                BodyField("refuses_when_all_are_out", .boolean)),
            field(
                "hedge", "HEDGE",
                "Send a request that waits long for its first token once more: p95, or so many milliseconds, then [,percent_max=N][,plain_answers=BOOL], such as p95 or 800,percent_max=10; none: never.",
                BodyField("hedge", .hedge)),
            field(
                "resumes-max", "N",
                "How often a stream that breaks off is gone on with, 0 (default) to 3, at targets whose providers have prefix-continuation.",
                BodyField("resumes_max", .integer)),
            field(
                "shadow", "SHADOW",
                "Send a share of the requests once more, for answers that nobody gets: provider=NAME,model=NAME,percent=N,key=KEY[,upstream=NAME], charged to the virtual key; none: never.",
                BodyField("shadow", .shadow)),
            field(
                "unsupported-parameters", "WHAT",
                "What becomes of fields that a target of another dialect cannot be told: refuse the request, or drop them and list them in the answer's head; none (refuse).",
                BodyField("unsupported_parameters", .nullableText)),
            field(
                "keep-alive-ms", "MS",
                "After so long a silence of its provider the caller of a stream gets a sign that it is still waited for, 100 to 600000; none: never.",
                BodyField("keep_alive_ms", .nullableInteger)),
            field(
                "default-max-output-tokens", "N", "Output bound of requests that set none; none.",
                BodyField("default_max_output_tokens", .nullableInteger)),
            field(
                "admission-wait-ms", "MS", "How long a request may wait for what others hold of its allowances.",
                BodyField("admission_wait_ms", .integer)), metadata,
        ],
        columns: [
            .init("name"), .init("strategy"),
            .init(title: "targets") { route in
                .string(targets(route["targets"]))
            },
            .init(title: "rules") { route in
                .array((route["rules"]?.array ?? []).map { $0["name"] ?? .null })
            }, .init("id"),
        ], verbs: lifecycle)

    /// What stands together in parentheses.
    private static func targets(_ list: JSONValue?) -> String {
        (list?.array ?? []).map { entry in
            let causes = (entry["on"]?.array ?? []).compactMap(\.string).joined(separator: "+")
            let name =
                entry["targets"].map { "\(entry["strategy"]?.string ?? "?") (\(targets($0)))" }
                ?? "\(entry["provider"]?.string ?? "?")/\(entry["model"]?.string ?? "?")"
            return name + (causes.isEmpty ? "" : " on \(causes)")
        }.joined(separator: ", ")
    }

    // MARK: Access and fleet

    private static let nodes = ResourceCommands(
        name: "nodes", aliases: ["node"], singular: "node", path: "nodes", help: "The data planes.",
        columns: [
            .init("name"), .init("live"), .init("age_ms", title: "age ms", number: true),
            .init("snapshot_version", title: "snapshot", number: true),
            .init(title: "nack") { $0["nack"]?["reason"] ?? .null },
            .init("unacknowledged_records", title: "unshipped", number: true),
            .init("draining"), .init("software_version", title: "version"), .init("id"),
        ], verbs: [.list([Flag("live", "BOOL", "Only those that are live (true) or not (false).")]), .get])

    private static let nodeTokens = ResourceCommands(
        name: "node-tokens", aliases: ["node-token"], singular: "node token", path: "node-tokens",
        help: "What data planes present to the fleet API. Printed once, by create.", fields: [nameField],
        columns: [
            .init("name"), .init("id"), .init("created_at", title: "created"), .init("revoked_at", title: "revoked"),
        ],
        verbs: [.list(), .get, .create, .action("revoke", "Revokes one for good.")], isSearchable: false)

    private static let adminTokens = ResourceCommands(
        name: "admin-tokens", aliases: ["admin-token"], singular: "admin token", path: "admin-tokens",
        help: "What administrators present. Printed once, by create.",
        fields: [
            nameField, field("role", "ROLE", "admin or viewer.", BodyField("role", .text)),
            field("expires-at", "TIME", "RFC 3339, or none.", BodyField("expires_at", .nullableText)),
        ],
        columns: [
            .init("name"), .init("role"), .init("id"), .init("created_at", title: "created"),
            .init("expires_at", title: "expires"),
            .init("revoked_at", title: "revoked"),
        ], verbs: [.list(), .get, .create, .action("revoke", "Revokes one for good.")], isSearchable: false)

    private static let audit = ResourceCommands(
        name: "audit", singular: "audit entry", path: "audit-entries", help: "Who changed what, newest first.",
        columns: [
            .init("at"), .init("actor"), .init("action"), .init("resource_kind", title: "kind"),
            .init("resource_name", title: "name"),
            .init("request_id", title: "request"),
        ],
        verbs: [
            .list([
                Flag("resource-kind", "KIND", "Such as virtual_key."),
                Flag("resource-id", "ID", "Only those of this object."),
                Flag("action", "ACTION", "Such as create, update, revoke."),
                Flag("actor", "NAME", "Only those of this admin token."),
                Flag("request-id", "ID", "Only those of this request."), Flag("from", "TIME", "Since then."),
                Flag("to", "TIME", "Before then."),
            ])
        ])
}
