-- Limits on concurrency, and who goes first where not all can be served. What stands here by default is what held before, so that
-- policy and keys keep their bytes, and nothing has to be published anew.

ALTER TABLE providers
    -- How many requests may be in flight at one of its targets: all four, or none for no limit.
    ADD COLUMN concurrency_min smallint CHECK (concurrency_min BETWEEN 1 AND 10000),
    ADD COLUMN concurrency_max smallint CHECK (concurrency_max BETWEEN 1 AND 10000),
    ADD COLUMN concurrency_queue_max smallint CHECK (concurrency_queue_max BETWEEN 0 AND 10000),
    ADD COLUMN concurrency_queue_wait_ms integer CHECK (concurrency_queue_wait_ms BETWEEN 0 AND 600000),
    ADD CONSTRAINT providers_concurrency CHECK (
        num_nonnulls(concurrency_min, concurrency_max, concurrency_queue_max, concurrency_queue_wait_ms) IN (0, 4)
        AND (concurrency_min IS NULL OR concurrency_min <= concurrency_max));

ALTER TABLE virtual_keys
    ADD COLUMN priority text NOT NULL DEFAULT 'normal' CHECK (priority IN ('high', 'normal', 'low'));
