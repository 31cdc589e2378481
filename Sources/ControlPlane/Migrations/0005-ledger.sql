-- The ledger: what is settled and lent of each account, who holds it, and who waits.
--
-- The row of `ledger_accounts` is the lock for everything of its account: whoever changes any row of an account has locked it first,
-- and who changes several accounts makes those that are missing, and then locks all of them, each in the order of
-- (allowance_id, subject). So two batches never wait for each other in a circle.
-- The rules are those of Sources/ControlPlane/Ledger/LeaseLedger.swift; a test compares the two step by step.
--
-- Units: times are Unix milliseconds, windows are named by the Unix second at which they began (0: totals, sliding windows, slots),
-- amounts are what the allowance counts. No foreign keys here: each would lock a second row for every row that is inserted.

CREATE TABLE ledger_accounts (
    allowance_id uuid NOT NULL,
    -- The bits of EndUserSubject; 0: everybody together.
    subject bigint NOT NULL,
    -- The label it was first asked for by.
    end_user text,
    -- The latest time seen. An account's time never goes back, whatever the server's clock does.
    clock_ms bigint NOT NULL,
    window_start bigint NOT NULL,
    -- When the window ends; NULL: never.
    window_end_ms bigint,
    next_ticket bigint NOT NULL DEFAULT 1,
    -- No waiter lives longer, so that the others need no look at the queue.
    waiting_until_ms bigint NOT NULL DEFAULT 0,
    -- Rows of `ledger_holders`: no more than these can share what is free, so that they need not be counted where there is plenty.
    holder_count bigint NOT NULL DEFAULT 0,
    PRIMARY KEY (allowance_id, subject),
    CONSTRAINT ledger_accounts_window CHECK (window_start >= 0 AND window_end_ms > window_start * 1000)
) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 1000);

CREATE TABLE ledger_windows (
    allowance_id uuid NOT NULL,
    subject bigint NOT NULL,
    window_start bigint NOT NULL,
    -- Debt and what was spent without a lease included. Of a sliding window the sum of its buckets.
    settled bigint NOT NULL DEFAULT 0,
    -- The sum over `ledger_leases`.
    lent bigint NOT NULL DEFAULT 0,
    -- Running sums: beyond a lease; without a lease; and all that records ever charged, doubt excluded.
    debt bigint NOT NULL DEFAULT 0,
    unleased bigint NOT NULL DEFAULT 0,
    charged bigint NOT NULL DEFAULT 0,
    -- Sliding: nothing leaves before. NULL: nothing is in it.
    leaves_ms bigint,
    PRIMARY KEY (allowance_id, subject, window_start),
    CONSTRAINT ledger_windows_settled CHECK (settled >= 0),
    CONSTRAINT ledger_windows_lent CHECK (lent >= 0),
    CONSTRAINT ledger_windows_sums CHECK (debt >= 0 AND unleased >= 0 AND charged >= 0)
) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 1000);

-- The settled amounts of a sliding window, in steps of a 1,200th of its period: see SlidingSum.swift.
CREATE TABLE ledger_buckets (
    allowance_id uuid NOT NULL,
    subject bigint NOT NULL,
    bucket bigint NOT NULL,
    amount bigint NOT NULL CONSTRAINT ledger_buckets_amount CHECK (amount >= 0),
    PRIMARY KEY (allowance_id, subject, bucket)
) WITH (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 1000);

-- A process of a data plane, as one account knows it.
CREATE TABLE ledger_holders (
    allowance_id uuid NOT NULL,
    subject bigint NOT NULL,
    node_id uuid NOT NULL,
    incarnation uuid NOT NULL,
    last_ask_sequence bigint NOT NULL DEFAULT 0,
    -- May be `ledger_heard_ms()` behind.
    last_heard_ms bigint NOT NULL,
    PRIMARY KEY (allowance_id, subject, node_id, incarnation)
) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 1000);
-- For a holder that is over. On an expression, so that the planner never prefers it to the key when it looks for single rows: without
-- statistics it thinks them equal, and reads all accounts of a holder for each of them.
CREATE INDEX ledger_holders_by_incarnation ON ledger_holders (uuid_hash_extended(incarnation, 0));

-- What a holder was lent in one window.
CREATE TABLE ledger_leases (
    allowance_id uuid NOT NULL,
    subject bigint NOT NULL,
    window_start bigint NOT NULL,
    node_id uuid NOT NULL,
    incarnation uuid NOT NULL,
    -- All that was ever granted: a running sum, so that an answer can be lost or repeated.
    granted_total bigint NOT NULL DEFAULT 0,
    -- Granted, and neither settled nor returned.
    lent bigint NOT NULL DEFAULT 0,
    -- Counted as settled although no record said so; a late record finds it here.
    written_off bigint NOT NULL DEFAULT 0,
    written_off_at_ms bigint NOT NULL DEFAULT 0,
    ends_at_ms bigint NOT NULL DEFAULT 0,
    recalled_at_ms bigint,
    PRIMARY KEY (allowance_id, subject, window_start, node_id, incarnation),
    CONSTRAINT ledger_leases_lent CHECK (lent BETWEEN 0 AND granted_total),
    CONSTRAINT ledger_leases_written_off CHECK (written_off >= 0)
) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 1000);

-- Those whose ask did not fit, first come, first served.
CREATE TABLE ledger_waiters (
    allowance_id uuid NOT NULL,
    subject bigint NOT NULL,
    ticket bigint NOT NULL,
    node_id uuid NOT NULL,
    incarnation uuid NOT NULL,
    ask_sequence bigint NOT NULL,
    lives_until_ms bigint NOT NULL,
    PRIMARY KEY (allowance_id, subject, node_id, incarnation)
) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 1000);

-- Arithmetic --------------------------------------------------------------------------------------------------------

-- The sum of two amounts, neither negative, at most what a bigint holds: amounts come from elsewhere.
CREATE FUNCTION ledger_sum(a bigint, b bigint) RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN
    CASE WHEN a > 9223372036854775807 - b THEN 9223372036854775807 ELSE a + b END;

-- The width of a bucket in milliseconds.
CREATE FUNCTION ledger_step(sliding_ms bigint) RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN
    (sliding_ms + 1199) / 1200;

CREATE FUNCTION ledger_lease_ms(kind text, sliding_ms bigint) RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN
    CASE WHEN kind IN ('money', 'slots') THEN 120000 ELSE coalesce(sliding_ms, 120000) END;

-- The database's own clock, unless a test brings another.
CREATE FUNCTION ledger_now(given_now bigint) RETURNS bigint LANGUAGE sql VOLATILE RETURN
    coalesce(given_now, floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint);

-- The calendar window that a moment lies in. A time zone that the server does not know (any more) counts as UTC: a window has
-- to be decided all the same.
CREATE FUNCTION ledger_span(
    period text, time_zone text, at_ms bigint, OUT window_start bigint, OUT window_end_ms bigint
) LANGUAGE plpgsql STABLE AS $$
DECLARE
    local timestamp;
BEGIN
    IF period NOT IN ('day', 'week', 'month') THEN
        window_start := 0;
        RETURN;
    END IF;
    BEGIN
        local := date_trunc(period, to_timestamp(at_ms / 1000.0) AT TIME ZONE time_zone);
    EXCEPTION WHEN invalid_parameter_value THEN
        time_zone := 'UTC';
        local := date_trunc(period, to_timestamp(at_ms / 1000.0) AT TIME ZONE time_zone);
    END;
    window_start := extract(epoch FROM local AT TIME ZONE time_zone)::bigint;
    window_end_ms := extract(epoch FROM (local + ('1 ' || period)::interval) AT TIME ZONE time_zone)::bigint * 1000;
END $$;

-- Accounts ----------------------------------------------------------------------------------------------------------

-- An account that is locked, moved on to the present.
CREATE TYPE ledger_state AS (
    -- False: there is no such allowance, or no such account.
    is_open boolean,
    kind text,
    limit_amount bigint,
    sliding_ms bigint,
    lease_ms bigint,
    end_user text,
    at_ms bigint,
    window_start bigint,
    window_end_ms bigint,
    next_ticket bigint,
    waiting_until_ms bigint,
    holder_count bigint,
    settled bigint,
    lent bigint
);

-- Locks an account if it is there, moves its time and window on, and lets old buckets leave.
CREATE FUNCTION ledger_open(
    given_allowance_id uuid, given_subject bigint, given_now bigint
) RETURNS ledger_state LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
    state ledger_state;
    terms record;
    gone numeric;
BEGIN
    state.is_open := false;
    UPDATE ledger_accounts SET clock_ms = greatest(clock_ms, given_now)
        WHERE allowance_id = given_allowance_id AND subject = given_subject
        RETURNING end_user, clock_ms, window_start, window_end_ms, next_ticket, waiting_until_ms, holder_count
        INTO state.end_user, state.at_ms, state.window_start, state.window_end_ms, state.next_ticket,
            state.waiting_until_ms, state.holder_count;
    IF state.at_ms IS NULL THEN
        RETURN state;
    END IF;

    -- Read under the lock and in a statement of its own, so that it sees every limit that was set before.
    SELECT a.kind, a.limit_amount, a.sliding_seconds * 1000::bigint AS sliding_ms, a.period, a.time_zone,
            w.settled, w.lent, w.leaves_ms
        INTO terms
        FROM allowances a
        LEFT JOIN ledger_windows w ON w.allowance_id = given_allowance_id AND w.subject = given_subject
            AND w.window_start = state.window_start
        WHERE a.id = given_allowance_id;
    IF NOT FOUND THEN
        RETURN state;
    END IF;
    state.is_open := true;
    state.kind := terms.kind;
    state.limit_amount := terms.limit_amount;
    state.sliding_ms := terms.sliding_ms;
    state.lease_ms := ledger_lease_ms(terms.kind, terms.sliding_ms);
    state.settled := terms.settled;
    state.lent := terms.lent;

    IF state.window_end_ms <= state.at_ms THEN
        UPDATE ledger_accounts SET (window_start, window_end_ms) = (
                SELECT s.window_start, s.window_end_ms
                FROM ledger_span(terms.period, terms.time_zone, state.at_ms) s)
            WHERE allowance_id = given_allowance_id AND subject = given_subject
            RETURNING window_start, window_end_ms INTO state.window_start, state.window_end_ms;
        SELECT settled, lent INTO state.settled, state.lent FROM ledger_windows
            WHERE allowance_id = given_allowance_id AND subject = given_subject AND window_start = state.window_start;
    END IF;
    IF state.settled IS NULL THEN
        INSERT INTO ledger_windows (allowance_id, subject, window_start)
            VALUES (given_allowance_id, given_subject, state.window_start);
        state.settled := 0;
        state.lent := 0;
    ELSIF terms.leaves_ms <= state.at_ms THEN
        WITH left_now AS (
            DELETE FROM ledger_buckets WHERE allowance_id = given_allowance_id AND subject = given_subject
                AND bucket <= (state.at_ms - state.sliding_ms) / ledger_step(state.sliding_ms) - 1
            RETURNING amount
        )
        SELECT coalesce(sum(amount), 0) INTO gone FROM left_now;
        IF state.settled = 9223372036854775807 THEN
            SELECT least(coalesce(sum(amount), 0), 9223372036854775807) INTO state.settled FROM ledger_buckets
                WHERE allowance_id = given_allowance_id AND subject = given_subject;
        ELSE
            state.settled := state.settled - gone;
        END IF;
        UPDATE ledger_windows SET settled = state.settled, leaves_ms = (
                SELECT (b.bucket + 1) * ledger_step(state.sliding_ms) + state.sliding_ms FROM ledger_buckets b
                WHERE b.allowance_id = given_allowance_id AND b.subject = given_subject ORDER BY b.bucket LIMIT 1)
            WHERE allowance_id = given_allowance_id AND subject = given_subject AND window_start = state.window_start;
    END IF;
    RETURN state;
END $$;

-- Makes the accounts that are missing and locks all of them, and those of the holders beside them.
CREATE FUNCTION ledger_lock(
    given_now bigint, given_allowance_ids uuid[], given_subjects bigint[], given_end_users text[], makes boolean[],
    given_node_ids uuid[], given_incarnations uuid[]
) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO ledger_accounts (allowance_id, subject, end_user, clock_ms, window_start, window_end_ms)
        SELECT t.allowance_id, t.subject, t.end_user, given_now, s.window_start, s.window_end_ms
        FROM (
            SELECT allowance_id, subject, CASE WHEN subject <> 0 THEN min(end_user) END AS end_user
            FROM unnest(given_allowance_ids, given_subjects, given_end_users, makes)
                AS t (allowance_id, subject, end_user, is_wanted)
            WHERE is_wanted GROUP BY allowance_id, subject) t
        JOIN allowances d ON d.id = t.allowance_id
        CROSS JOIN LATERAL ledger_span(d.period, d.time_zone, given_now) s
        WHERE NOT EXISTS (
            SELECT FROM ledger_accounts a WHERE a.allowance_id = t.allowance_id AND a.subject = t.subject)
        ORDER BY t.allowance_id, t.subject
        -- Whoever is changing the limit or deleting the allowance does not see a new account: after it, then.
        FOR SHARE OF d
        ON CONFLICT DO NOTHING;
    -- In a statement of its own, so that it sees those that somebody else has just made.
    PERFORM 1 FROM ledger_accounts a
        WHERE (a.allowance_id, a.subject) IN (
            SELECT t.allowance_id, t.subject FROM unnest(given_allowance_ids, given_subjects)
                AS t (allowance_id, subject)
            UNION
            SELECT h.allowance_id, h.subject FROM unnest(given_node_ids, given_incarnations) AS t (node_id, incarnation)
            JOIN ledger_holders h ON uuid_hash_extended(h.incarnation, 0) = uuid_hash_extended(t.incarnation, 0)
                AND h.incarnation = t.incarnation AND h.node_id = t.node_id)
        ORDER BY a.allowance_id, a.subject FOR UPDATE;
END $$;

-- Counts an amount as settled in one window of a locked account.
CREATE FUNCTION ledger_settle(
    given_allowance_id uuid, given_subject bigint, given_window bigint, sliding_ms bigint, at_ms bigint, amount bigint
) RETURNS void LANGUAGE plpgsql AS $$
#variable_conflict use_variable
BEGIN
    IF amount <= 0 THEN
        RETURN;
    END IF;
    UPDATE ledger_windows w SET settled = ledger_sum(w.settled, amount),
            leaves_ms = CASE WHEN sliding_ms IS NULL THEN NULL
                ELSE coalesce(w.leaves_ms, (at_ms / ledger_step(sliding_ms) + 1) * ledger_step(sliding_ms) + sliding_ms) END
        WHERE w.allowance_id = given_allowance_id AND w.subject = given_subject AND w.window_start = given_window;
    IF sliding_ms IS NOT NULL THEN
        INSERT INTO ledger_buckets AS b (allowance_id, subject, bucket, amount)
            VALUES (given_allowance_id, given_subject, at_ms / ledger_step(sliding_ms), amount)
            ON CONFLICT (allowance_id, subject, bucket) DO UPDATE SET amount = ledger_sum(b.amount, excluded.amount);
    END IF;
END $$;

-- Takes back what had been settled in doubt at `settled_at_ms`. Returns how much of it was still counted.
CREATE FUNCTION ledger_unsettle(
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
    UPDATE ledger_windows w SET settled = w.settled - removed
        WHERE w.allowance_id = given_allowance_id AND w.subject = given_subject AND w.window_start = given_window;
    RETURN removed;
END $$;

-- How much longer ago than it says a holder may have been heard of: booking need not write a row of it with every batch.
CREATE FUNCTION ledger_heard_ms() RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN 500::bigint;

-- Remembers that a holder of a locked account was heard of.
CREATE FUNCTION ledger_heard(
    given_allowance_id uuid, given_subject bigint, given_node_id uuid, given_incarnation uuid, at_ms bigint
) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    UPDATE ledger_holders h SET last_heard_ms = CASE WHEN h.last_heard_ms + ledger_heard_ms() > at_ms
            THEN h.last_heard_ms ELSE at_ms END
        WHERE h.allowance_id = given_allowance_id AND h.subject = given_subject AND h.node_id = given_node_id
            AND h.incarnation = given_incarnation;
    IF NOT FOUND THEN
        INSERT INTO ledger_holders (allowance_id, subject, node_id, incarnation, last_heard_ms)
            VALUES (given_allowance_id, given_subject, given_node_id, given_incarnation, at_ms);
        UPDATE ledger_accounts a SET holder_count = a.holder_count + 1
            WHERE a.allowance_id = given_allowance_id AND a.subject = given_subject;
    END IF;
END $$;

-- Calls everybody who has something of the current window of a locked account, through whichever control plane they poll.
-- Returns whom.
CREATE FUNCTION ledger_recall(
    given_allowance_id uuid, given_subject bigint, state ledger_state, except_node_id uuid, except_incarnation uuid
) RETURNS uuid[] LANGUAGE plpgsql AS $$
DECLARE
    called uuid[];
BEGIN
    WITH recalled AS (
        UPDATE ledger_leases SET recalled_at_ms = state.at_ms
            WHERE allowance_id = given_allowance_id AND subject = given_subject AND window_start = state.window_start
                AND lent > 0 AND (recalled_at_ms IS NULL OR recalled_at_ms + 50 <= state.at_ms)
                AND (node_id, incarnation) IS DISTINCT FROM (except_node_id, except_incarnation)
            RETURNING node_id, incarnation
    )
    SELECT array_agg(incarnation ORDER BY node_id, incarnation) INTO called FROM recalled;
    -- One text for each: its length has a bound then, whatever the number of holders.
    PERFORM pg_notify('weir_recall', concat_ws(' ', incarnation, given_allowance_id, state.window_start, state.end_user))
        FROM unnest(called) AS t (incarnation);
    RETURN coalesce(called, '{}');
END $$;

-- Tells every control plane that those who wait for an account may fit now.
CREATE FUNCTION ledger_wake(given_allowance_id uuid, given_subject bigint) RETURNS void LANGUAGE sql AS $$
    SELECT pg_notify('weir_ledger', given_allowance_id::text || ' ' || given_subject::text)
$$;

-- Lending -----------------------------------------------------------------------------------------------------------

CREATE TYPE ledger_answer AS (
    ordinal integer,
    verdict text,
    window_start bigint,
    reset_ms bigint,
    granted_total bigint,
    lease_ms bigint,
    retry_after_ms bigint,
    limit_amount bigint,
    settled bigint,
    lent bigint,
    holder_lent bigint,
    recalled uuid[],
    frees_others boolean
);

-- Decides asks, one answer for each. Those of one account are decided in the order they have in the arrays.
--
-- Windows are named -1 where the asker does not know one.
CREATE FUNCTION ledger_ask(
    given_now bigint, wait_ms bigint[], allowance_ids uuid[], subjects bigint[], end_users text[], node_ids uuid[],
    incarnations uuid[], sequences bigint[], window_starts bigint[], granted_totals bigint[], needs bigint[],
    wants bigint[]
) RETURNS SETOF ledger_answer LANGUAGE plpgsql AS $$
DECLARE
    present bigint := ledger_now(given_now);
    asked record;
    state ledger_state;
    answer ledger_answer;
    holder record;
    queue record;
    i integer;
    need bigint;
    unseen bigint;
    missing bigint;
    room bigint;
    amount bigint;
    holder_count bigint;
    is_exhausted boolean;
    is_open boolean;
    frees_others boolean;
BEGIN
    PERFORM ledger_lock(
        present, allowance_ids, subjects, end_users, array_fill(true, ARRAY[cardinality(subjects)]), '{}', '{}');
    FOR asked IN
        SELECT t.allowance_id, t.subject, array_agg(t.ordinal::integer ORDER BY t.ordinal) AS ordinals
        FROM unnest(allowance_ids, subjects) WITH ORDINALITY AS t (allowance_id, subject, ordinal)
        GROUP BY t.allowance_id, t.subject ORDER BY t.allowance_id, t.subject
    LOOP
        state := ledger_open(asked.allowance_id, asked.subject, present);
        frees_others := false;
        FOREACH i IN ARRAY asked.ordinals LOOP
            answer := NULL;
            answer.ordinal := i;
            answer.recalled := '{}';
            answer.frees_others := false;
            IF NOT state.is_open THEN
                answer.verdict := 'unknown';
                RETURN NEXT answer;
                CONTINUE;
            END IF;

            SELECT h.last_ask_sequence, l.granted_total, l.lent INTO holder
                FROM ledger_holders h
                LEFT JOIN ledger_leases l ON l.allowance_id = h.allowance_id AND l.subject = h.subject
                    AND l.window_start = state.window_start AND l.node_id = h.node_id
                    AND l.incarnation = h.incarnation
                WHERE h.allowance_id = asked.allowance_id AND h.subject = asked.subject AND h.node_id = node_ids[i]
                    AND h.incarnation = incarnations[i];
            IF state.waiting_until_ms >= state.at_ms THEN
                SELECT own.ticket AS own_ticket, own.ask_sequence AS own_sequence,
                        coalesce(bool_or(own.ticket IS NULL OR w.ticket < own.ticket)
                            FILTER (WHERE w.ticket IS NOT NULL), false) AS has_earlier,
                        count(w.ticket) > 0 AS others_wait
                    INTO queue
                    FROM (SELECT 1) AS one
                    LEFT JOIN ledger_waiters own ON own.allowance_id = asked.allowance_id
                        AND own.subject = asked.subject AND own.node_id = node_ids[i]
                        AND own.incarnation = incarnations[i] AND own.lives_until_ms >= state.at_ms
                    LEFT JOIN ledger_waiters w ON w.allowance_id = asked.allowance_id AND w.subject = asked.subject
                        AND w.lives_until_ms >= state.at_ms
                        AND (w.node_id, w.incarnation) <> (node_ids[i], incarnations[i])
                    GROUP BY own.ticket, own.ask_sequence;
            ELSE
                SELECT NULL::bigint AS own_ticket, NULL::bigint AS own_sequence, false AS has_earlier,
                    false AS others_wait INTO queue;
            END IF;

            is_open := sequences[i] > coalesce(holder.last_ask_sequence, 0)
                OR coalesce(sequences[i] = holder.last_ask_sequence AND sequences[i] = queue.own_sequence, false);
            need := greatest(0, needs[i]);
            -- What the holder was granted and does not know of: answers that were lost, or are on their way.
            unseen := greatest(0, coalesce(holder.granted_total, 0)
                - CASE WHEN window_starts[i] = state.window_start THEN greatest(0, granted_totals[i]) ELSE 0 END);
            missing := need - unseen;
            -- Both are at most the limit, so neither difference can overflow.
            room := greatest(0, state.limit_amount - state.settled);
            is_exhausted := need > room;
            room := greatest(0, room - state.lent);
            answer.granted_total := coalesce(holder.granted_total, 0);
            answer.holder_lent := coalesce(holder.lent, 0);

            IF NOT is_open THEN
                answer.verdict := CASE WHEN is_exhausted THEN 'exhausted' WHEN missing <= 0 THEN 'granted'
                    ELSE 'blocked' END;
            ELSE
                amount := 0;
                IF is_exhausted THEN
                    answer.verdict := 'exhausted';
                ELSIF missing > 0 AND (queue.has_earlier OR missing > room) THEN
                    answer.verdict := 'blocked';
                ELSE
                    answer.verdict := 'granted';
                    amount := greatest(0, missing);
                    IF NOT queue.others_wait AND least(greatest(0, wants[i]) - unseen, room / 2) > amount THEN
                        -- Counting costs as much as all the rest, so only where it matters.
                        holder_count := 1 + state.holder_count;
                        IF greatest(0, wants[i]) - unseen > room / (2 * holder_count) THEN
                            SELECT 1 + count(*) INTO holder_count
                                FROM ledger_holders h
                                LEFT JOIN ledger_leases l ON l.allowance_id = h.allowance_id
                                    AND l.subject = h.subject AND l.window_start = state.window_start
                                    AND l.node_id = h.node_id AND l.incarnation = h.incarnation
                                WHERE h.allowance_id = asked.allowance_id AND h.subject = asked.subject
                                    AND (h.node_id, h.incarnation) <> (node_ids[i], incarnations[i])
                                    AND (h.last_heard_ms >= state.at_ms - 2000 OR l.lent > 0);
                        END IF;
                        amount := greatest(
                            amount, least(greatest(0, wants[i]) - unseen, room / (2 * holder_count)));
                    END IF;
                    answer.granted_total := answer.granted_total + amount;
                    answer.holder_lent := answer.holder_lent + amount;
                END IF;

                IF holder.last_ask_sequence IS NULL THEN
                    INSERT INTO ledger_holders (
                            allowance_id, subject, node_id, incarnation, last_ask_sequence, last_heard_ms)
                        VALUES (
                            asked.allowance_id, asked.subject, node_ids[i], incarnations[i], sequences[i], state.at_ms);
                    state.holder_count := state.holder_count + 1;
                    UPDATE ledger_accounts a SET holder_count = state.holder_count
                        WHERE a.allowance_id = asked.allowance_id AND a.subject = asked.subject;
                ELSE
                    UPDATE ledger_holders h SET last_ask_sequence = sequences[i], last_heard_ms = state.at_ms
                        WHERE h.allowance_id = asked.allowance_id AND h.subject = asked.subject
                            AND h.node_id = node_ids[i] AND h.incarnation = incarnations[i];
                END IF;
                IF holder.granted_total IS NULL THEN
                    INSERT INTO ledger_leases (
                            allowance_id, subject, window_start, node_id, incarnation, granted_total, lent, ends_at_ms)
                        VALUES (
                            asked.allowance_id, asked.subject, state.window_start, node_ids[i], incarnations[i], amount,
                            amount, state.at_ms + state.lease_ms);
                ELSE
                    UPDATE ledger_leases l SET granted_total = l.granted_total + amount, lent = l.lent + amount,
                            ends_at_ms = state.at_ms + state.lease_ms
                        WHERE l.allowance_id = asked.allowance_id AND l.subject = asked.subject
                            AND l.window_start = state.window_start AND l.node_id = node_ids[i]
                            AND l.incarnation = incarnations[i];
                    IF NOT FOUND THEN
                        RAISE EXCEPTION 'a lease of account % % vanished', asked.allowance_id, asked.subject;
                    END IF;
                END IF;
                IF amount > 0 THEN
                    -- The whole guarantee.
                    UPDATE ledger_windows w SET lent = w.lent + amount
                        WHERE w.allowance_id = asked.allowance_id AND w.subject = asked.subject
                            AND w.window_start = state.window_start
                            AND w.settled::numeric + w.lent + amount <= state.limit_amount
                        RETURNING w.lent INTO state.lent;
                    IF NOT FOUND THEN
                        RAISE EXCEPTION 'a grant of % beyond the limit of account % %', amount, asked.allowance_id,
                            asked.subject;
                    END IF;
                END IF;

                IF answer.verdict = 'blocked' THEN
                    state.waiting_until_ms := greatest(
                        state.waiting_until_ms, state.at_ms + greatest(0, wait_ms[i]) + 1000);
                    INSERT INTO ledger_waiters AS w (
                            allowance_id, subject, ticket, node_id, incarnation, ask_sequence, lives_until_ms)
                        VALUES (
                            asked.allowance_id, asked.subject, state.next_ticket, node_ids[i], incarnations[i],
                            sequences[i], state.at_ms + greatest(0, wait_ms[i]) + 1000)
                        ON CONFLICT (allowance_id, subject, node_id, incarnation) DO UPDATE
                            -- One that had died loses its place.
                            SET ticket = coalesce(queue.own_ticket, excluded.ticket),
                                ask_sequence = excluded.ask_sequence, lives_until_ms = excluded.lives_until_ms;
                    state.next_ticket := state.next_ticket + 1;
                    UPDATE ledger_accounts a
                        SET next_ticket = state.next_ticket, waiting_until_ms = state.waiting_until_ms
                        WHERE a.allowance_id = asked.allowance_id AND a.subject = asked.subject;
                    -- Only the first in the queue calls: those behind it must not take from it what it has gathered.
                    IF NOT queue.has_earlier THEN
                        answer.recalled := ledger_recall(
                            asked.allowance_id, asked.subject, state, node_ids[i], incarnations[i]);
                    END IF;
                ELSIF queue.own_ticket IS NOT NULL THEN
                    -- A renewal says nothing about whether the one that waits still does.
                    IF answer.verdict = 'exhausted' OR need > 0 THEN
                        DELETE FROM ledger_waiters w
                            WHERE w.allowance_id = asked.allowance_id AND w.subject = asked.subject
                                AND w.node_id = node_ids[i] AND w.incarnation = incarnations[i];
                    END IF;
                    answer.frees_others := queue.others_wait;
                    frees_others := frees_others OR queue.others_wait;
                END IF;
            END IF;

            answer.window_start := state.window_start;
            answer.reset_ms := state.window_end_ms - state.at_ms;
            answer.lease_ms := state.lease_ms;
            answer.limit_amount := state.limit_amount;
            answer.settled := state.settled;
            answer.lent := state.lent;
            IF answer.verdict = 'exhausted' THEN
                answer.retry_after_ms := CASE WHEN state.sliding_ms IS NULL THEN answer.reset_ms
                    ELSE ledger_retry_after(asked.allowance_id, asked.subject, state, need) END;
            END IF;
            RETURN NEXT answer;
        END LOOP;
        IF frees_others THEN
            PERFORM ledger_wake(asked.allowance_id, asked.subject);
        END IF;
    END LOOP;
END $$;

-- How long until a sliding window has room for `need`; NULL: it never has.
CREATE FUNCTION ledger_retry_after(
    given_allowance_id uuid, given_subject bigint, state ledger_state, need bigint
) RETURNS bigint LANGUAGE sql STABLE AS $$
    SELECT CASE WHEN need <= (state).limit_amount THEN coalesce(
        (
            SELECT (b.bucket + 1) * ledger_step((state).sliding_ms) + (state).sliding_ms - (state).at_ms
            FROM (
                SELECT bucket, sum(amount) OVER (ORDER BY bucket) AS gone FROM ledger_buckets
                WHERE allowance_id = given_allowance_id AND subject = given_subject
            ) b
            WHERE (state).settled - b.gone <= (state).limit_amount - need
            ORDER BY b.bucket LIMIT 1
        ), (state).sliding_ms) END
$$;

-- Booking -----------------------------------------------------------------------------------------------------------

-- Books what the records of one holder charge to and return to one window of an account: the general case.
-- Window -1: spent without a lease, which counts in the window that is current.
CREATE FUNCTION ledger_book(
    given_now bigint, given_node_id uuid, given_incarnation uuid, given_allowance_id uuid, given_subject bigint,
    given_window bigint, charged bigint, debt bigint, returned bigint
) RETURNS void LANGUAGE plpgsql AS $$
#variable_conflict use_variable
DECLARE
    state ledger_state;
    lease record;
    counted bigint;
    rest bigint;
BEGIN
    state := ledger_open(given_allowance_id, given_subject, given_now);
    IF NOT state.is_open THEN
        RETURN;
    END IF;
    IF state.kind = 'slots' THEN
        charged := 0;
        debt := 0;
        IF returned = 0 THEN
            RETURN;
        END IF;
    END IF;
    PERFORM ledger_heard(given_allowance_id, given_subject, given_node_id, given_incarnation, state.at_ms);

    IF given_window = -1 THEN
        UPDATE ledger_windows w SET unleased = ledger_sum(w.unleased, charged), debt = ledger_sum(w.debt, debt),
                charged = ledger_sum(w.charged, ledger_sum(charged, debt))
            WHERE w.allowance_id = given_allowance_id AND w.subject = given_subject
                AND w.window_start = state.window_start;
        PERFORM ledger_settle(
            given_allowance_id, given_subject, state.window_start, state.sliding_ms, state.at_ms,
            ledger_sum(charged, debt));
        RETURN;
    END IF;

    IF charged > 0 OR debt > 0 THEN
        INSERT INTO ledger_windows (allowance_id, subject, window_start)
            VALUES (given_allowance_id, given_subject, given_window) ON CONFLICT DO NOTHING;
        INSERT INTO ledger_leases (allowance_id, subject, window_start, node_id, incarnation)
            VALUES (given_allowance_id, given_subject, given_window, given_node_id, given_incarnation)
            ON CONFLICT DO NOTHING;
    END IF;
    SELECT l.lent, l.written_off, l.written_off_at_ms, 0::bigint AS from_lent, 0::bigint AS from_written_off INTO lease
        FROM ledger_leases l
        WHERE l.allowance_id = given_allowance_id AND l.subject = given_subject AND l.window_start = given_window
            AND l.node_id = given_node_id AND l.incarnation = given_incarnation;
    IF NOT FOUND THEN
        RETURN;
    END IF;

    IF charged > 0 OR debt > 0 THEN
        UPDATE ledger_windows w SET charged = ledger_sum(w.charged, ledger_sum(charged, debt))
            WHERE w.allowance_id = given_allowance_id AND w.subject = given_subject AND w.window_start = given_window;
        lease.from_lent := least(lease.lent, charged);
        rest := charged - lease.from_lent;
        lease.from_written_off := least(lease.written_off, rest);
        rest := rest - lease.from_written_off;
        PERFORM ledger_settle(
            given_allowance_id, given_subject, given_window, state.sliding_ms, state.at_ms, lease.from_lent);
        IF lease.from_written_off > 0 AND state.sliding_ms IS NOT NULL THEN
            -- It counts from now on, for a full period; what had slid out of the window in between is beyond the limit.
            counted := ledger_unsettle(
                given_allowance_id, given_subject, given_window, state.sliding_ms, lease.written_off_at_ms,
                lease.from_written_off);
            PERFORM ledger_settle(
                given_allowance_id, given_subject, given_window, state.sliding_ms, state.at_ms, counted);
            debt := ledger_sum(debt, lease.from_written_off - counted);
        END IF;
        debt := ledger_sum(debt, rest);
        PERFORM ledger_settle(given_allowance_id, given_subject, given_window, state.sliding_ms, state.at_ms, debt);
    END IF;

    rest := least(lease.lent - lease.from_lent, returned);
    UPDATE ledger_windows w SET lent = w.lent - lease.from_lent - rest, debt = ledger_sum(w.debt, debt)
        WHERE w.allowance_id = given_allowance_id AND w.subject = given_subject AND w.window_start = given_window;
    counted := least(lease.written_off - lease.from_written_off, returned - rest);
    UPDATE ledger_leases l SET lent = l.lent - lease.from_lent - rest,
            written_off = l.written_off - lease.from_written_off - counted
        WHERE l.allowance_id = given_allowance_id AND l.subject = given_subject AND l.window_start = given_window
            AND l.node_id = given_node_id AND l.incarnation = given_incarnation;
    IF counted > 0 AND state.kind <> 'slots' THEN
        PERFORM ledger_unsettle(
            given_allowance_id, given_subject, given_window, state.sliding_ms, lease.written_off_at_ms, counted);
    END IF;
    IF returned > 0 AND state.waiting_until_ms >= state.at_ms THEN
        PERFORM ledger_wake(given_allowance_id, given_subject);
    END IF;
END $$;

-- Books what the records of holders charge and return: one line for each holder, account and window, summed up.
-- Lines that the leases cover, which is all of them in a quiet life, are booked together; the rest one by one. Then the holders
-- that are over are closed.
CREATE FUNCTION ledger_apply(
    given_now bigint, node_ids uuid[], incarnations uuid[], allowance_ids uuid[], subjects bigint[],
    window_starts bigint[], charges bigint[], debts bigint[], returns bigint[], closed_node_ids uuid[],
    closed_incarnations uuid[]
) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    present bigint := ledger_now(given_now);
    booked integer[];
    line record;
BEGIN
    PERFORM ledger_lock(
        present, allowance_ids, subjects, NULL,
        (SELECT array_agg(t.charged > 0 OR t.debt > 0 ORDER BY t.ordinal)
            FROM unnest(charges, debts) WITH ORDINALITY AS t (charged, debt, ordinal)),
        closed_node_ids, closed_incarnations);
    IF cardinality(allowance_ids) > 0 THEN
        -- Materialized, so that a lease is looked for by its whole key: the planner would find the few leases that it expects of an account
        -- cheaper to read all, and there is one for each process.
        WITH lines AS MATERIALIZED (
            SELECT t.ordinal::integer, t.node_id, t.incarnation, t.allowance_id, t.subject, t.window_start,
                CASE WHEN d.kind = 'slots' THEN 0 ELSE t.charged END AS charged,
                CASE WHEN d.kind = 'slots' THEN 0 ELSE t.debt END AS debt,
                t.returned, d.sliding_seconds * 1000::bigint AS sliding_ms,
                greatest(a.clock_ms, present) AS at_ms
            FROM unnest(node_ids, incarnations, allowance_ids, subjects, window_starts, charges, debts, returns)
                WITH ORDINALITY AS t (
                    node_id, incarnation, allowance_id, subject, window_start, charged, debt, returned, ordinal)
            JOIN allowances d ON d.id = t.allowance_id
            JOIN ledger_accounts a ON a.allowance_id = t.allowance_id AND a.subject = t.subject
            WHERE t.window_start >= 0
        ), covered AS (
            UPDATE ledger_leases l SET lent = l.lent - n.charged - n.returned
            FROM lines n
            WHERE l.allowance_id = n.allowance_id AND l.subject = n.subject AND l.window_start = n.window_start
                AND l.node_id = n.node_id AND l.incarnation = n.incarnation
                AND l.lent::numeric >= n.charged::numeric + n.returned
                AND (n.charged > 0 OR n.debt > 0 OR n.returned > 0)
            RETURNING n.*
        ), windows AS (
            SELECT c.allowance_id, c.subject, c.window_start, c.sliding_ms, c.at_ms,
                least(sum(c.charged::numeric + c.debt), 9223372036854775807)::bigint AS settled,
                sum(c.charged::numeric + c.returned)::bigint AS unlent,
                least(sum(c.debt), 9223372036854775807)::bigint AS debt
            FROM covered c GROUP BY 1, 2, 3, 4, 5
        ), moved AS (
            UPDATE ledger_windows w
            SET settled = ledger_sum(w.settled, c.settled), lent = w.lent - c.unlent, debt = ledger_sum(w.debt, c.debt),
                charged = ledger_sum(w.charged, c.settled),
                leaves_ms = CASE WHEN c.sliding_ms IS NULL OR c.settled = 0 THEN w.leaves_ms
                    ELSE coalesce(
                        w.leaves_ms,
                        (c.at_ms / ledger_step(c.sliding_ms) + 1) * ledger_step(c.sliding_ms) + c.sliding_ms) END
            FROM windows c
            WHERE w.allowance_id = c.allowance_id AND w.subject = c.subject AND w.window_start = c.window_start
        ), sliding AS (
            INSERT INTO ledger_buckets AS b (allowance_id, subject, bucket, amount)
            SELECT c.allowance_id, c.subject, c.at_ms / ledger_step(c.sliding_ms), c.settled
            FROM windows c WHERE c.sliding_ms IS NOT NULL AND c.settled > 0
            ON CONFLICT (allowance_id, subject, bucket) DO UPDATE SET amount = ledger_sum(b.amount, excluded.amount)
        ), heard AS (
            UPDATE ledger_holders h SET last_heard_ms = c.at_ms
            FROM (SELECT DISTINCT allowance_id, subject, node_id, incarnation, at_ms FROM covered) c
            WHERE h.incarnation = c.incarnation AND h.node_id = c.node_id AND h.allowance_id = c.allowance_id
                AND h.subject = c.subject AND h.last_heard_ms + ledger_heard_ms() <= c.at_ms
        ), moved_on AS (
            UPDATE ledger_accounts a SET clock_ms = c.at_ms
            FROM (SELECT DISTINCT allowance_id, subject, at_ms FROM windows) c
            WHERE a.allowance_id = c.allowance_id AND a.subject = c.subject AND a.clock_ms < c.at_ms
        )
        SELECT array_agg(c.ordinal) INTO booked FROM covered c;
        PERFORM ledger_wake(t.allowance_id, t.subject)
            FROM (
                SELECT DISTINCT allowance_id, subject FROM unnest(allowance_ids, subjects, returns)
                    AS t (allowance_id, subject, returned) WHERE returned > 0) t
            JOIN ledger_accounts a ON a.allowance_id = t.allowance_id AND a.subject = t.subject
            WHERE a.waiting_until_ms >= a.clock_ms;
    END IF;
    FOR line IN
        SELECT t.* FROM unnest(node_ids, incarnations, allowance_ids, subjects, window_starts, charges, debts, returns)
            WITH ORDINALITY AS t (
                node_id, incarnation, allowance_id, subject, window_start, charged, debt, returned, ordinal)
        WHERE cardinality(booked) IS DISTINCT FROM cardinality(allowance_ids)
            AND (booked IS NULL OR t.ordinal <> ALL (booked))
        ORDER BY t.allowance_id, t.subject, t.ordinal
    LOOP
        PERFORM ledger_book(
            present, line.node_id, line.incarnation, line.allowance_id, line.subject, line.window_start, line.charged,
            line.debt, line.returned);
    END LOOP;
    PERFORM ledger_close(present, t.node_id, t.incarnation)
        FROM unnest(closed_node_ids, closed_incarnations) AS t (node_id, incarnation);
END $$;

-- A holder is over and all of its records were applied: what is still lent to it, or was written off, was never spent.
CREATE FUNCTION ledger_close(given_now bigint, given_node_id uuid, given_incarnation uuid)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    present bigint := ledger_now(given_now);
    account record;
    state ledger_state;
    lease record;
BEGIN
    FOR account IN
        SELECT allowance_id, subject FROM ledger_holders
        WHERE uuid_hash_extended(incarnation, 0) = uuid_hash_extended(given_incarnation, 0)
            AND node_id = given_node_id AND incarnation = given_incarnation
        ORDER BY allowance_id, subject
    LOOP
        state := ledger_open(account.allowance_id, account.subject, present);
        CONTINUE WHEN NOT state.is_open;
        FOR lease IN
            DELETE FROM ledger_leases
            WHERE allowance_id = account.allowance_id AND subject = account.subject AND node_id = given_node_id
                AND incarnation = given_incarnation
            RETURNING window_start, lent, written_off, written_off_at_ms
        LOOP
            UPDATE ledger_windows SET lent = ledger_windows.lent - lease.lent
                WHERE allowance_id = account.allowance_id AND subject = account.subject
                    AND window_start = lease.window_start;
            IF lease.written_off > 0 AND state.kind <> 'slots' THEN
                PERFORM ledger_unsettle(
                    account.allowance_id, account.subject, lease.window_start, state.sliding_ms,
                    lease.written_off_at_ms, lease.written_off);
            END IF;
        END LOOP;
        DELETE FROM ledger_waiters WHERE allowance_id = account.allowance_id AND subject = account.subject
            AND node_id = given_node_id AND incarnation = given_incarnation;
        DELETE FROM ledger_holders WHERE allowance_id = account.allowance_id AND subject = account.subject
            AND node_id = given_node_id AND incarnation = given_incarnation;
        UPDATE ledger_accounts a SET holder_count = a.holder_count - 1
            WHERE a.allowance_id = account.allowance_id AND a.subject = account.subject;
        IF state.waiting_until_ms >= state.at_ms THEN
            PERFORM ledger_wake(account.allowance_id, account.subject);
        END IF;
    END LOOP;
END $$;

-- Doubt -------------------------------------------------------------------------------------------------------------

-- Counts as spent what holders of an account still have that were not heard of since their lease ended, and for
-- `beyond_ms` more. Returns how much that was.
CREATE FUNCTION ledger_write_off(
    given_now bigint, given_allowance_id uuid, given_subject bigint, beyond_ms bigint
) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    state ledger_state;
    lease record;
    written bigint := 0;
BEGIN
    state := ledger_open(given_allowance_id, given_subject, ledger_now(given_now));
    IF NOT state.is_open THEN
        RETURN 0;
    END IF;
    FOR lease IN
        SELECT l.* FROM ledger_leases l
        JOIN ledger_holders h USING (allowance_id, subject, node_id, incarnation)
        WHERE l.allowance_id = given_allowance_id AND l.subject = given_subject AND l.lent > 0
            AND l.ends_at_ms + beyond_ms < state.at_ms AND h.last_heard_ms + state.lease_ms + beyond_ms < state.at_ms
    LOOP
        UPDATE ledger_leases l SET lent = 0, written_off = l.written_off + lease.lent,
                written_off_at_ms = CASE WHEN l.written_off = 0 THEN state.at_ms ELSE l.written_off_at_ms END
            WHERE l.allowance_id = given_allowance_id AND l.subject = given_subject
                AND l.window_start = lease.window_start AND l.node_id = lease.node_id
                AND l.incarnation = lease.incarnation;
        UPDATE ledger_windows w SET lent = w.lent - lease.lent
            WHERE w.allowance_id = given_allowance_id AND w.subject = given_subject
                AND w.window_start = lease.window_start;
        IF state.kind <> 'slots' THEN
            PERFORM ledger_settle(
                given_allowance_id, given_subject, lease.window_start, state.sliding_ms, state.at_ms, lease.lent);
        END IF;
        written := ledger_sum(written, lease.lent);
    END LOOP;
    RETURN written;
END $$;

-- The same for every account, of one allowance or of all (NULL), at most `accounts_max` of them.
CREATE FUNCTION ledger_write_off_all(
    given_now bigint, given_allowance_id uuid, beyond_ms bigint, accounts_max integer,
    OUT accounts integer, OUT amount bigint
) LANGUAGE plpgsql AS $$
DECLARE
    present bigint := ledger_now(given_now);
    account record;
    written bigint;
BEGIN
    accounts := 0;
    amount := 0;
    FOR account IN
        SELECT l.allowance_id, l.subject FROM ledger_leases l
        JOIN ledger_holders h USING (allowance_id, subject, node_id, incarnation)
        JOIN allowances d ON d.id = l.allowance_id
        WHERE (given_allowance_id IS NULL OR l.allowance_id = given_allowance_id) AND l.lent > 0
            AND l.ends_at_ms + beyond_ms < present
            AND h.last_heard_ms + ledger_lease_ms(d.kind, d.sliding_seconds * 1000::bigint) + beyond_ms < present
        GROUP BY l.allowance_id, l.subject ORDER BY l.allowance_id, l.subject LIMIT accounts_max
    LOOP
        written := ledger_write_off(present, account.allowance_id, account.subject, beyond_ms);
        IF written > 0 THEN
            accounts := accounts + 1;
            amount := ledger_sum(amount, written);
        END IF;
    END LOOP;
END $$;

-- The current window of accounts as they are now, without changing or locking them; those of `given_subject` only, or all
-- whose subject is above `after_subject`.
CREATE FUNCTION ledger_figures(
    given_now bigint, allowance_ids uuid[], given_subject bigint, after_subject bigint, rows_max integer
) RETURNS TABLE (
    allowance_id uuid, subject bigint, end_user text, window_start bigint, reset_ms bigint, limit_amount bigint,
    settled bigint, lent bigint, in_doubt bigint, debt bigint, written_off bigint, charged bigint
) LANGUAGE sql VOLATILE AS $$
    SELECT a.allowance_id, a.subject, a.end_user, s.window_start, s.window_end_ms - s.at_ms, d.limit_amount,
        CASE WHEN w.leaves_ms <= s.at_ms THEN (
                SELECT least(coalesce(sum(b.amount), 0), 9223372036854775807) FROM ledger_buckets b
                WHERE b.allowance_id = a.allowance_id AND b.subject = a.subject
                    AND b.bucket > (s.at_ms - s.sliding_ms) / ledger_step(s.sliding_ms) - 1)
            ELSE coalesce(w.settled, 0) END,
        coalesce(w.lent, 0), coalesce(l.in_doubt, 0), coalesce(w.debt, 0), coalesce(l.written_off, 0),
        coalesce(w.charged, 0)
    FROM ledger_accounts a
    JOIN allowances d ON d.id = a.allowance_id
    CROSS JOIN LATERAL (SELECT greatest(a.clock_ms, ledger_now(given_now)) AS at_ms OFFSET 0) present
    CROSS JOIN LATERAL (
        SELECT present.at_ms, d.sliding_seconds * 1000::bigint AS sliding_ms,
            coalesce(rolled.window_start, a.window_start) AS window_start,
            coalesce(rolled.window_end_ms, a.window_end_ms) AS window_end_ms
        FROM (SELECT 1) AS one
        LEFT JOIN LATERAL ledger_span(d.period, d.time_zone, present.at_ms) rolled
            ON a.window_end_ms <= present.at_ms
    ) s
    LEFT JOIN ledger_windows w ON w.allowance_id = a.allowance_id AND w.subject = a.subject
        AND w.window_start = s.window_start
    LEFT JOIN LATERAL (
        SELECT sum(x.written_off)::bigint AS written_off, sum(x.lent) FILTER (
            WHERE x.ends_at_ms < s.at_ms
                AND h.last_heard_ms + ledger_lease_ms(d.kind, s.sliding_ms) < s.at_ms)::bigint AS in_doubt
        FROM ledger_leases x
        JOIN ledger_holders h ON h.allowance_id = x.allowance_id AND h.subject = x.subject AND h.node_id = x.node_id
            AND h.incarnation = x.incarnation
        WHERE x.allowance_id = a.allowance_id AND x.subject = a.subject AND x.window_start = s.window_start
            AND (x.lent > 0 OR x.written_off > 0)
    ) l ON true
    WHERE a.allowance_id = ANY (allowance_ids) AND (given_subject IS NULL OR a.subject = given_subject)
        AND (after_subject IS NULL OR a.subject > after_subject)
    ORDER BY a.allowance_id, a.subject LIMIT rows_max
$$;

-- Limits ------------------------------------------------------------------------------------------------------------

-- A limit that was set calls back what exceeds it, and wakes those who may fit now.
--
-- Returns whom it called.
CREATE FUNCTION ledger_limit_changed(given_now bigint, given_allowance_id uuid) RETURNS uuid[] LANGUAGE plpgsql AS $$
DECLARE
    present bigint := ledger_now(given_now);
    account record;
    state ledger_state;
    called uuid[] := '{}';
BEGIN
    FOR account IN
        SELECT allowance_id, subject FROM ledger_accounts WHERE allowance_id = given_allowance_id ORDER BY subject
    LOOP
        state := ledger_open(account.allowance_id, account.subject, present);
        CONTINUE WHEN NOT state.is_open;
        IF ledger_sum(state.settled, state.lent) > state.limit_amount THEN
            called := called || ledger_recall(account.allowance_id, account.subject, state, NULL, NULL);
        END IF;
        IF state.waiting_until_ms >= state.at_ms THEN
            PERFORM ledger_wake(account.allowance_id, account.subject);
        END IF;
    END LOOP;
    RETURN called;
END $$;

-- However an allowance is changed, its ledger hears of it in the same transaction.
CREATE FUNCTION ledger_follow_allowance() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        PERFORM ledger_limit_changed(NULL, NEW.id);
        RETURN NULL;
    END IF;
    -- What data planes still hold of it is charged to nothing.
    PERFORM 1 FROM ledger_accounts WHERE allowance_id = OLD.id ORDER BY allowance_id, subject FOR UPDATE;
    PERFORM ledger_wake(allowance_id, subject) FROM ledger_accounts
        WHERE allowance_id = OLD.id AND waiting_until_ms >= clock_ms;
    DELETE FROM ledger_waiters WHERE allowance_id = OLD.id;
    DELETE FROM ledger_buckets WHERE allowance_id = OLD.id;
    DELETE FROM ledger_leases WHERE allowance_id = OLD.id;
    DELETE FROM ledger_holders WHERE allowance_id = OLD.id;
    DELETE FROM ledger_windows WHERE allowance_id = OLD.id;
    DELETE FROM ledger_accounts WHERE allowance_id = OLD.id;
    DELETE FROM ledger_forgotten WHERE allowance_id = OLD.id;
    RETURN NULL;
END $$;
CREATE TRIGGER ledger_limit AFTER UPDATE OF limit_amount ON allowances FOR EACH ROW
    WHEN (OLD.limit_amount <> NEW.limit_amount) EXECUTE FUNCTION ledger_follow_allowance();
CREATE TRIGGER ledger_end AFTER DELETE ON allowances FOR EACH ROW EXECUTE FUNCTION ledger_follow_allowance();

-- Keeping it small --------------------------------------------------------------------------------------------------

-- What the windows that were forgotten had been charged, so that the ledger still adds up to the events.
CREATE TABLE ledger_forgotten (
    allowance_id uuid PRIMARY KEY,
    charged bigint NOT NULL CONSTRAINT ledger_forgotten_charged CHECK (charged >= 0)
);

-- Forgets what nobody needs of the accounts behind (after_allowance_id, after_subject), in their order: looks at `accounts_max` of
-- them and locks only those that have something to forget, `changes_max` at most, since whoever asks for them waits.
--
-- - Waiters a minute after they died.
-- - Windows that ended `keep_ms` ago, with what is in doubt of them: there is nothing left to lend in them.
-- - Holders that were not heard of for `keep_ms` and have nothing. What was written off of a sliding window has left it by then; of a
--   total it is kept for ten times as long, because a record that comes after all would count twice without it.
-- - Accounts of single end users that nobody used for `keep_ms`, once their amounts have left the window.
--
-- Returns how many rows went and the last account it looked at; NULL: that was the last there is, or another session is at it.
CREATE FUNCTION ledger_sweep(
    given_now bigint, keep_ms bigint, after_allowance_id uuid, after_subject bigint, accounts_max integer,
    changes_max integer, OUT went bigint, OUT last_allowance_id uuid, OUT last_subject bigint
) LANGUAGE plpgsql AS $$
DECLARE
    present bigint := ledger_now(given_now);
    -- Where a window ended is not kept; none is longer than a month.
    windows_before bigint := (present - keep_ms) / 1000 - 31 * 86400;
    account record;
    looked integer := 0;
    changed integer := 0;
    part bigint;
BEGIN
    went := 0;
    IF NOT pg_try_advisory_xact_lock(7240005) THEN
        RETURN;
    END IF;
    FOR account IN
        SELECT a.allowance_id, a.subject,
            EXISTS (
                SELECT FROM ledger_waiters w WHERE w.allowance_id = a.allowance_id AND w.subject = a.subject
                    AND w.lives_until_ms + 60000 < present)
            OR EXISTS (
                SELECT FROM ledger_holders h WHERE h.allowance_id = a.allowance_id AND h.subject = a.subject
                    AND h.last_heard_ms + keep_ms < present)
            OR EXISTS (
                SELECT FROM ledger_windows w WHERE w.allowance_id = a.allowance_id AND w.subject = a.subject
                    AND w.window_start <> a.window_start AND w.window_start < windows_before)
            OR (a.subject <> 0 AND a.clock_ms + keep_ms < present) AS is_stale
        FROM ledger_accounts a
        WHERE after_allowance_id IS NULL OR (a.allowance_id, a.subject) > (after_allowance_id, after_subject)
        ORDER BY a.allowance_id, a.subject LIMIT accounts_max
    LOOP
        looked := looked + 1;
        last_allowance_id := account.allowance_id;
        last_subject := account.subject;
        CONTINUE WHEN NOT account.is_stale;
        part := ledger_sweep_account(account.allowance_id, account.subject, present, keep_ms, windows_before);
        went := went + part;
        IF part > 0 THEN
            changed := changed + 1;
            EXIT WHEN changed >= changes_max;
        END IF;
    END LOOP;
    IF looked < accounts_max AND changed < changes_max THEN
        last_allowance_id := NULL;
        last_subject := NULL;
    END IF;
END $$;

-- The part of `ledger_sweep` for one account. Returns how many rows went.
CREATE FUNCTION ledger_sweep_account(
    given_allowance_id uuid, given_subject bigint, present bigint, keep_ms bigint, windows_before bigint
) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    account ledger_accounts;
    terms record;
    went bigint := 0;
    part bigint;
BEGIN
    SELECT * INTO account FROM ledger_accounts a
        WHERE a.allowance_id = given_allowance_id AND a.subject = given_subject FOR UPDATE;
    SELECT d.period, coalesce(d.sliding_seconds, 0) * 1000::bigint AS sliding_ms INTO terms
        FROM allowances d WHERE d.id = given_allowance_id;
    IF account.allowance_id IS NULL OR terms.period IS NULL THEN
        RETURN 0;
    END IF;

    DELETE FROM ledger_waiters w WHERE w.allowance_id = given_allowance_id AND w.subject = given_subject
        AND w.lives_until_ms + 60000 < present;
    GET DIAGNOSTICS part = ROW_COUNT;
    went := went + part;

    WITH old AS (
        DELETE FROM ledger_windows w WHERE w.allowance_id = given_allowance_id AND w.subject = given_subject
            AND w.window_start <> account.window_start AND w.window_start < windows_before
        RETURNING w.window_start, w.charged
    ), leases AS (
        DELETE FROM ledger_leases l USING old o WHERE l.allowance_id = given_allowance_id AND l.subject = given_subject
            AND l.window_start = o.window_start
    ), remembered AS (
        INSERT INTO ledger_forgotten AS f (allowance_id, charged)
            SELECT given_allowance_id, least(sum(o.charged), 9223372036854775807)::bigint FROM old o
            HAVING sum(o.charged) > 0
            ON CONFLICT (allowance_id) DO UPDATE SET charged = ledger_sum(f.charged, excluded.charged)
    )
    SELECT count(*) INTO part FROM old;
    went := went + part;

    WITH silent AS (
        DELETE FROM ledger_holders h WHERE h.allowance_id = given_allowance_id AND h.subject = given_subject
            AND h.last_heard_ms + keep_ms < present
            AND NOT EXISTS (
                SELECT FROM ledger_leases l
                WHERE l.allowance_id = given_allowance_id AND l.subject = given_subject AND l.node_id = h.node_id
                    AND l.incarnation = h.incarnation
                    AND (l.lent > 0 OR (l.written_off > 0
                        AND l.written_off_at_ms + CASE WHEN terms.sliding_ms > 0 THEN terms.sliding_ms * 2
                            WHEN terms.period = 'none' THEN 0 ELSE keep_ms * 10 END >= present)))
        RETURNING h.node_id, h.incarnation
    ), leases AS (
        DELETE FROM ledger_leases l USING silent s WHERE l.allowance_id = given_allowance_id
            AND l.subject = given_subject AND l.node_id = s.node_id AND l.incarnation = s.incarnation
    )
    SELECT count(*) INTO part FROM silent;
    UPDATE ledger_accounts a SET holder_count = a.holder_count - part
        WHERE part > 0 AND a.allowance_id = given_allowance_id AND a.subject = given_subject;
    went := went + part;

    -- A total counts for ever.
    IF given_subject = 0 OR account.clock_ms + keep_ms >= present OR account.clock_ms + terms.sliding_ms * 2 >= present
        OR terms.period = 'total' OR account.window_end_ms + keep_ms >= present
        OR EXISTS (
            SELECT FROM ledger_holders h WHERE h.allowance_id = given_allowance_id AND h.subject = given_subject)
        OR EXISTS (
            SELECT FROM ledger_leases l WHERE l.allowance_id = given_allowance_id AND l.subject = given_subject)
    THEN
        RETURN went;
    END IF;
    INSERT INTO ledger_forgotten AS f (allowance_id, charged)
        SELECT given_allowance_id, least(sum(w.charged), 9223372036854775807)::bigint FROM ledger_windows w
        WHERE w.allowance_id = given_allowance_id AND w.subject = given_subject HAVING sum(w.charged) > 0
        ON CONFLICT (allowance_id) DO UPDATE SET charged = ledger_sum(f.charged, excluded.charged);
    DELETE FROM ledger_buckets b WHERE b.allowance_id = given_allowance_id AND b.subject = given_subject;
    DELETE FROM ledger_waiters w WHERE w.allowance_id = given_allowance_id AND w.subject = given_subject;
    DELETE FROM ledger_windows w WHERE w.allowance_id = given_allowance_id AND w.subject = given_subject;
    DELETE FROM ledger_accounts a WHERE a.allowance_id = given_allowance_id AND a.subject = given_subject;
    RETURN went + 1;
END $$;
