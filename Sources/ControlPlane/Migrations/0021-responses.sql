-- OpenAI's Responses: providers that speak only that, and those that serve it beside the chats.

ALTER TABLE providers
    DROP CONSTRAINT providers_dialect,
    ADD CONSTRAINT providers_dialect CHECK (dialect IN ('openai', 'anthropic', 'gemini', 'bedrock', 'responses')),
    ADD COLUMN quirk_responses boolean,
    DROP CONSTRAINT providers_quirks;

-- A provider has all of its quirks, or none.
UPDATE providers SET quirk_responses = false WHERE quirk_output_bound IS NOT NULL;

ALTER TABLE providers
    ADD CONSTRAINT providers_quirks CHECK (
        num_nonnulls(quirk_output_bound, quirk_developer_role, quirk_cache_control, quirk_stream_options,
            quirk_short_tool_call_ids, quirk_responses) IN (0, 6)
        AND (quirk_output_bound IS NULL OR dialect = 'openai'));
