import Shared

extension Provider {
    /// What a provider is asked in, where, and in which words of its own.
    static let dialectProperties: [Schema.Property] = [
        .init(
            name: "dialect",
            schema: Schema(
                .choice(Dialect.allCases.map(\.rawValue)),
                "The API that it is asked by. `openai`: chat completions, of OpenAI and all that are compatible; `anthropic`: messages; `gemini`: generateContent; `bedrock`: Converse; `responses`: OpenAI's Responses alone (a provider that serves chats too is `openai`, with the quirk `responses`)."
            ), standard: .string("openai")),
        .init(
            name: "base_url",
            schema: Schema(
                .text(.baseURL),
                "What paths such as `/chat/completions` are appended to. Paths of other dialects than `openai` have their version themselves (`/v1/messages`). Absent at creation, it is the usual one of the dialect: https://api.openai.com/v1, https://api.anthropic.com, https://generativelanguage.googleapis.com, https://bedrock-runtime.{region}.amazonaws.com.",
                example: .string("https://api.openai.com/v1"))),
        .init(
            name: "quirks",
            schema: Schema(
                .object(Quirks.properties), name: "Quirks",
                "How it differs from OpenAI's chats, for requests that are translated for it, and whether it serves Responses too. null: in nothing. Only with the dialect openai."
            ), isNullable: true, standard: .null),
        .init(
            name: "credential_field",
            schema: Schema(
                .text(.credentialField),
                "The header field that carries the credential; kept in lower case. `authorization` carries it as a bearer token. null: that of the dialect, `authorization` for openai and bedrock, `x-api-key` for anthropic, `x-goog-api-key` for gemini.",
                example: .string("api-key")), isNullable: true, standard: .null),
        .init(
            name: "query",
            schema: Schema(
                .text(.query),
                "Stands behind the path of each request. No place for a secret: it may be logged.",
                example: .string("api-version=2024-10-21")), isNullable: true, standard: .null),
        .init(
            name: "region",
            schema: Schema(
                .text(.region),
                "Requests are signed for this region with AWS Signature Version 4; the credential's secret is then the JSON {\"access_key_id\":\"…\",\"secret_access_key\":\"…\"}, with \"session_token\" where there is one. null: the credential is sent as a bearer token. Only with the dialect bedrock.",
                example: .string("us-east-1")), isNullable: true, standard: .null),
        .init(
            name: "credential_kind",
            schema: Schema(
                .choice(CredentialKind.allCases.map(\.rawValue)),
                "What the credential's secret is. `service_account`: the key of a Google service account, the JSON as Google hands it out, which each data plane exchanges for tokens at its `token_uri`. null: what requests carry, or are signed with. Only with the dialect gemini."
            ), isNullable: true, standard: .null),
        .init(
            name: "path_version",
            schema: Schema(
                .choice(PathVersion.allCases.map(\.rawValue)),
                "The version that the paths of requests begin with; `in_base_url`: the base URL has it, as for Vertex AI, where that ends in /publishers/google. null: v1beta. Only with the dialect gemini."
            ), isNullable: true, standard: .null),
    ]
}
