-- Providers that speak other dialects, or that differ from the one that theirs is named after; what models cannot do, and what becomes of
-- what a target cannot be told. What stands here by default is what held before, so that the policy keeps its bytes.

ALTER TABLE providers
    ADD CONSTRAINT providers_dialect CHECK (dialect IN ('openai', 'anthropic', 'gemini', 'bedrock')),
    -- How it differs from OpenAI: all five, or none for not at all.
    ADD COLUMN quirk_output_bound text CHECK (quirk_output_bound IN ('max_completion_tokens', 'max_tokens')),
    ADD COLUMN quirk_developer_role boolean,
    ADD COLUMN quirk_cache_control boolean,
    ADD COLUMN quirk_stream_options boolean,
    ADD COLUMN quirk_short_tool_call_ids boolean,
    -- The header field that carries its credential, in lower case; NULL: that of its dialect.
    ADD COLUMN credential_field text
        CHECK (octet_length(credential_field) BETWEEN 1 AND 64 AND credential_field = lower(credential_field)),
    -- Behind the path of each request, without the question mark.
    ADD COLUMN query text CHECK (octet_length(query) BETWEEN 1 AND 256 AND left(query, 1) <> '?'),
    -- Where requests are signed for; NULL: they carry the credential itself.
    ADD COLUMN region text CHECK (region ~ '^[a-z0-9-]{1,32}$'),
    ADD CONSTRAINT providers_quirks CHECK (
        num_nonnulls(quirk_output_bound, quirk_developer_role, quirk_cache_control, quirk_stream_options,
            quirk_short_tool_call_ids) IN (0, 5)
        AND (quirk_output_bound IS NULL OR dialect = 'openai')),
    ADD CONSTRAINT providers_region CHECK (region IS NULL OR dialect = 'bedrock' AND credential_field IS NULL),
    ADD CONSTRAINT providers_prefix_continuation CHECK (prefix_continuation IS NULL OR dialect = 'openai');

ALTER TABLE models
    -- What it cannot do.
    ADD COLUMN unsupported_features text[] NOT NULL DEFAULT '{}' CHECK (
        cardinality(unsupported_features) <= 8
        AND unsupported_features <@ ARRAY['tools', 'images', 'documents', 'audio', 'json_schema', 'reasoning', 'sampling',
            'system_messages']);

ALTER TABLE routes
    -- What becomes of what a target of another dialect cannot be told; NULL: the request is refused.
    ADD COLUMN unsupported_parameters text CHECK (unsupported_parameters IN ('refuse', 'drop'));
