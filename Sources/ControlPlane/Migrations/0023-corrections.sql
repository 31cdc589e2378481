-- What requests cost whose providers tell of it only after they were charged their worst case.

-- A row for each request that can be corrected, made by whichever comes first: its event or a correction. Its key is what the two meet
-- by: neither can miss the other, however many control planes have them at the same moment.
CREATE TABLE usage_corrections (
    request_id uuid PRIMARY KEY,
    received_at timestamptz NOT NULL DEFAULT now(),
    -- Of the event; NULL: it has not come. Which sums have it, and the Unix milliseconds at which the ledger booked it.
    day date,
    is_other boolean,
    booked_ms bigint,
    -- Of the correction; NULL: it has not come.
    input_tokens bigint,
    cached_input_tokens bigint,
    cache_write_5m_tokens bigint,
    cache_write_1h_tokens bigint,
    audio_input_tokens bigint,
    image_input_tokens bigint,
    output_tokens bigint,
    reasoning_tokens bigint,
    audio_output_tokens bigint,
    image_output_tokens bigint,
    service_tier smallint,
    cost_nanodollars bigint,
    -- When the event got it; nothing changes the row then.
    applied_at timestamptz
);
-- For the day on which they go.
CREATE INDEX usage_corrections_by_day ON usage_corrections (day, received_at);

ALTER TABLE usage_events
    -- NULL: as it was reported at its end.
    ADD COLUMN corrected_at timestamptz;

-- An amount that changes, up or down: never below nothing, and at most what a bigint holds.
CREATE FUNCTION ledger_changed(amount bigint, difference bigint) RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN
    CASE WHEN difference > 0 THEN ledger_sum(amount, difference) ELSE greatest(0, amount + difference) END;

-- As before, and never below nothing: what is taken back by a correction must not keep out what is taken back after it.
CREATE OR REPLACE FUNCTION ledger_unsettle(
    given_allowance_id uuid, given_subject bigint, given_window bigint, sliding_ms bigint, settled_at_ms bigint,
    amount bigint
) RETURNS bigint LANGUAGE plpgsql AS $$
#variable_conflict use_variable
DECLARE
    place record;
    removed bigint := amount;
BEGIN
    IF sliding_ms IS NOT NULL THEN
        SELECT b.bucket, b.amount INTO place FROM ledger_buckets b
            WHERE b.allowance_id = given_allowance_id AND b.subject = given_subject
                AND b.bucket = settled_at_ms / ledger_step(sliding_ms);
        IF NOT FOUND THEN
            RETURN 0;
        END IF;
        removed := least(amount, place.amount);
        UPDATE ledger_buckets b SET amount = b.amount - removed
            WHERE b.allowance_id = given_allowance_id AND b.subject = given_subject AND b.bucket = place.bucket;
    END IF;
    UPDATE ledger_windows w SET settled = ledger_changed(w.settled, -removed)
        WHERE w.allowance_id = given_allowance_id AND w.subject = given_subject AND w.window_start = given_window;
    RETURN removed;
END $$;

-- The same for what was settled at a moment or up to two seconds later: a charge is booked a little later than its event says, as the
-- records before it come first. Of several buckets the first comes first, so that what others have settled meanwhile is counted too long
-- rather than not long enough.
CREATE FUNCTION ledger_unsettle_near(
    given_allowance_id uuid, given_subject bigint, given_window bigint, sliding_ms bigint, settled_at_ms bigint,
    amount bigint
) RETURNS void LANGUAGE plpgsql AS $$
#variable_conflict use_variable
DECLARE
    step bigint := ledger_step(sliding_ms);
    at_ms bigint;
    amount_left bigint := amount;
BEGIN
    IF sliding_ms IS NULL THEN
        PERFORM ledger_unsettle(given_allowance_id, given_subject, given_window, NULL, settled_at_ms, amount);
        RETURN;
    END IF;
    FOR at_ms IN
        SELECT b.bucket * step FROM ledger_buckets b
        WHERE b.allowance_id = given_allowance_id AND b.subject = given_subject
            AND b.bucket BETWEEN settled_at_ms / step AND (settled_at_ms + 2000) / step
        ORDER BY b.bucket
    LOOP
        EXIT WHEN amount_left <= 0;
        amount_left := amount_left - ledger_unsettle(
            given_allowance_id, given_subject, given_window, sliding_ms, at_ms, amount_left);
    END LOOP;
END $$;

-- Books that an account was charged too much or too little, in the window that was charged. `charged` and `debt` are the differences.
-- Window -1: spent without a lease, in the window that was current at `booked_ms`.
--
-- What is too much is free again where the window still counts it; what was too little is a debt. Of an account or a window that is
-- forgotten only the sum is left to be changed.
CREATE FUNCTION ledger_correct_account(
    given_now bigint, given_allowance_id uuid, given_subject bigint, given_window bigint, booked_ms bigint,
    charged bigint, debt bigint
) RETURNS void LANGUAGE plpgsql AS $$
#variable_conflict use_variable
DECLARE
    state ledger_state;
    place bigint := given_window;
BEGIN
    state := ledger_open(given_allowance_id, given_subject, given_now);
    IF state.is_open THEN
        IF given_window = -1 THEN
            SELECT s.window_start INTO place
                FROM allowances d CROSS JOIN LATERAL ledger_span(d.period, d.time_zone, booked_ms) s
                WHERE d.id = given_allowance_id;
        END IF;
        UPDATE ledger_windows w SET charged = ledger_changed(w.charged, charged + debt),
                debt = ledger_changed(w.debt, debt),
                unleased = CASE WHEN given_window = -1 THEN ledger_changed(w.unleased, charged) ELSE w.unleased END
            WHERE w.allowance_id = given_allowance_id AND w.subject = given_subject AND w.window_start = place;
    END IF;
    IF NOT state.is_open OR NOT FOUND THEN
        UPDATE ledger_forgotten f SET charged = ledger_changed(f.charged, charged + debt)
            WHERE f.allowance_id = given_allowance_id;
        RETURN;
    END IF;

    IF state.sliding_ms IS NOT NULL
        AND (booked_ms / ledger_step(state.sliding_ms) + 1) * ledger_step(state.sliding_ms) + state.sliding_ms <= state.at_ms
    THEN
        -- It has left the window.
        RETURN;
    END IF;
    IF charged + debt > 0 THEN
        PERFORM ledger_settle(
            given_allowance_id, given_subject, place, state.sliding_ms, state.at_ms, charged + debt);
        RETURN;
    END IF;
    PERFORM ledger_unsettle_near(
        given_allowance_id, given_subject, place, state.sliding_ms, booked_ms, -(charged + debt));
    IF state.waiting_until_ms >= state.at_ms THEN
        PERFORM ledger_wake(given_allowance_id, given_subject);
    END IF;
END $$;

-- Books corrections, one line for each account and window of a request.
CREATE FUNCTION ledger_correct(
    given_now bigint, allowance_ids uuid[], subjects bigint[], window_starts bigint[], booked_ms bigint[],
    charges bigint[], debts bigint[]
) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    present bigint := ledger_now(given_now);
    line record;
BEGIN
    PERFORM ledger_lock(
        present, allowance_ids, subjects, NULL, array_fill(false, ARRAY[cardinality(subjects)]), '{}', '{}');
    FOR line IN
        SELECT t.* FROM unnest(allowance_ids, subjects, window_starts, booked_ms, charges, debts)
            WITH ORDINALITY AS t (allowance_id, subject, window_start, booked_ms, charged, debt, ordinal)
        ORDER BY t.allowance_id, t.subject, t.ordinal
    LOOP
        PERFORM ledger_correct_account(
            present, line.allowance_id, line.subject, line.window_start, line.booked_ms, line.charged, line.debt);
    END LOOP;
END $$;
