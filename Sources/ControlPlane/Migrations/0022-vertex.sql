-- Providers that are asked with tokens, and whose paths begin otherwise than their dialect's (Vertex AI). What stands here by default is what
-- held before, so that the policy keeps its bytes.

ALTER TABLE providers
    -- What its credentials are; NULL: what requests carry, or are signed with.
    ADD COLUMN credential_kind text CHECK (credential_kind IN ('service_account')),
    -- With what the paths of requests begin; NULL: the version of the dialect.
    ADD COLUMN path_version text CHECK (path_version IN ('v1beta', 'v1', 'in_base_url')),
    ADD CONSTRAINT providers_credential_kind CHECK (
        credential_kind IS NULL OR dialect = 'gemini' AND credential_field IS NULL),
    ADD CONSTRAINT providers_path_version CHECK (path_version IS NULL OR dialect = 'gemini');
