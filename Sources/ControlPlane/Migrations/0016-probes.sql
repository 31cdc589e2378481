-- Asking providers whether they are up. Nothing is set by default, so that the policy keeps its bytes.

ALTER TABLE providers
    -- All four, or none for no probes.
    ADD COLUMN probe_path text CHECK (octet_length(probe_path) BETWEEN 1 AND 200 AND left(probe_path, 1) = '/'),
    ADD COLUMN probe_interval_seconds smallint CHECK (probe_interval_seconds BETWEEN 1 AND 300),
    ADD COLUMN probe_timeout_ms integer CHECK (probe_timeout_ms BETWEEN 1 AND 60000),
    ADD COLUMN probe_failures smallint CHECK (probe_failures BETWEEN 1 AND 100),
    ADD CONSTRAINT providers_probe CHECK (
        num_nonnulls(probe_path, probe_interval_seconds, probe_timeout_ms, probe_failures) IN (0, 4));
