-- What an account has settled crossed one of its allowance's thresholds.

CREATE TABLE allowance_alerts (
    id uuid PRIMARY KEY,
    allowance_id uuid NOT NULL CONSTRAINT allowance_alerts_allowance REFERENCES allowances (id) ON DELETE CASCADE,
    -- The account, as the ledger names it; 0: everybody together.
    subject bigint NOT NULL,
    end_user text,
    -- The Unix second at which the window began; 0 for totals, the second of the alert for rolling periods.
    window_start bigint NOT NULL,
    threshold_percent integer NOT NULL,
    settled bigint NOT NULL,
    limit_amount bigint NOT NULL,
    at timestamptz NOT NULL DEFAULT now(),
    -- Once for each window, threshold and limit: a limit that was raised is watched anew.
    CONSTRAINT allowance_alerts_once UNIQUE (allowance_id, subject, window_start, threshold_percent, limit_amount)
);
CREATE INDEX allowance_alerts_by_time ON allowance_alerts (at);
