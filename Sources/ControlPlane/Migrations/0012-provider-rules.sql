-- Several credentials of a provider, and what becomes of an answer whose caller has left. What stands here by default is what held
-- before, so that the policy keeps its bytes.

-- In place of providers.credential_id, in the order of their turns.
CREATE TABLE provider_credentials (
    provider_id uuid NOT NULL REFERENCES providers (id) ON DELETE CASCADE,
    position smallint NOT NULL CHECK (position BETWEEN 0 AND 31),
    credential_id uuid NOT NULL CONSTRAINT provider_credentials_credential REFERENCES credentials (id),
    PRIMARY KEY (provider_id, position),
    UNIQUE (provider_id, credential_id)
);
CREATE INDEX provider_credentials_by_credential ON provider_credentials (credential_id);

ALTER TABLE providers
    -- cancel: the provider's connection is closed. drain: the answer is read to its end, for its usage.
    ADD COLUMN when_caller_leaves text NOT NULL DEFAULT 'cancel' CHECK (when_caller_leaves IN ('cancel', 'drain'));
