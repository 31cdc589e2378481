-- Requests that are sent once more, for answers that nobody gets. A route mirrors none unless it says so.

ALTER TABLE routes
    ADD COLUMN shadow_provider_id uuid CONSTRAINT routes_shadow_provider REFERENCES providers (id),
    ADD COLUMN shadow_model_id uuid CONSTRAINT routes_shadow_model REFERENCES models (id),
    ADD COLUMN shadow_upstream_model_name text,
    -- Whose allowances they are charged to.
    ADD COLUMN shadow_virtual_key_id uuid CONSTRAINT routes_shadow_virtual_key REFERENCES virtual_keys (id),
    -- Hundredths of a percent.
    ADD COLUMN shadow_share smallint CHECK (shadow_share BETWEEN 1 AND 10000),
    ADD CONSTRAINT routes_shadow CHECK (
        num_nonnulls(shadow_provider_id, shadow_model_id, shadow_virtual_key_id, shadow_share) IN (0, 4)
        AND (shadow_upstream_model_name IS NULL OR shadow_provider_id IS NOT NULL));

ALTER TABLE usage_events
    -- The request that it mirrors; NULL: a caller's own.
    ADD COLUMN shadow_of uuid;
