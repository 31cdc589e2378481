-- How targets are chosen, retried and set aside. What stands here by default is what held before, so that the policy keeps
-- its bytes, and nothing has to be published anew.

ALTER TABLE providers
    -- Retries at one of its targets, in percent of the requests that it gets.
    ADD COLUMN retry_budget_percent smallint NOT NULL DEFAULT 10 CHECK (retry_budget_percent BETWEEN 0 AND 100),
    -- When one of its targets is set aside, and for how long: all six, or none for the standard of the data planes.
    ADD COLUMN breaker_consecutive_failures smallint CHECK (breaker_consecutive_failures BETWEEN 1 AND 1000),
    ADD COLUMN breaker_failure_percent smallint CHECK (breaker_failure_percent BETWEEN 1 AND 100),
    ADD COLUMN breaker_samples_min smallint CHECK (breaker_samples_min BETWEEN 1 AND 10000),
    ADD COLUMN breaker_window_seconds smallint CHECK (breaker_window_seconds BETWEEN 1 AND 60),
    ADD COLUMN breaker_open_seconds smallint CHECK (breaker_open_seconds BETWEEN 1 AND 600),
    -- The longest that repeated opening comes to.
    ADD COLUMN breaker_open_seconds_max smallint CHECK (breaker_open_seconds_max BETWEEN 1 AND 3600),
    ADD CONSTRAINT providers_breaker CHECK (
        num_nonnulls(breaker_consecutive_failures, breaker_failure_percent, breaker_samples_min, breaker_window_seconds,
            breaker_open_seconds, breaker_open_seconds_max) IN (0, 6)
        AND (breaker_open_seconds IS NULL OR breaker_open_seconds <= breaker_open_seconds_max));

ALTER TABLE routes
    -- By what the strategy sticky keeps callers at their target.
    ADD COLUMN sticky_by text CHECK (sticky_by IN ('header', 'end_user', 'conversation', 'prompt_prefix')),
    -- In lower case.
    ADD COLUMN sticky_header text CHECK (length(sticky_header) BETWEEN 1 AND 64 AND sticky_header = lower(sticky_header)),
    -- Further attempts of a request at a target that failed.
    ADD COLUMN retries_max smallint NOT NULL DEFAULT 2 CHECK (retries_max BETWEEN 0 AND 5),
    -- Before the next target is tried, not only where there is none.
    ADD COLUMN retries_first boolean NOT NULL DEFAULT false,
    -- NULL: that of the first target's provider.
    ADD COLUMN total_timeout_milliseconds integer CHECK (total_timeout_milliseconds BETWEEN 1 AND 86400000),
    ADD COLUMN refuses_when_all_are_out boolean NOT NULL DEFAULT false,
    ADD CONSTRAINT routes_sticky CHECK (
        (strategy = 'sticky') = (sticky_by IS NOT NULL)
        AND (sticky_by IS NOT DISTINCT FROM 'header') = (sticky_header IS NOT NULL));

ALTER TABLE route_targets
    -- A fallback only, after failures of these causes; NULL: one of those that the strategy chooses from.
    ADD COLUMN fallback_on text[] CHECK (
        cardinality(fallback_on) BETWEEN 1 AND 5
        AND fallback_on <@ ARRAY['context_length', 'content_filter', 'rate_limit', 'error', 'timeout']);
