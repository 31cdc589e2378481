-- What may be spent, and how routes treat requests that wait for it.

CREATE TABLE allowances (
    id uuid PRIMARY KEY,
    -- Exactly one of the three: whom it holds for.
    organization_id uuid CONSTRAINT allowances_organization REFERENCES organizations (id),
    team_id uuid CONSTRAINT allowances_team REFERENCES teams (id),
    virtual_key_id uuid CONSTRAINT allowances_virtual_key REFERENCES virtual_keys (id),
    scope_id uuid NOT NULL GENERATED ALWAYS AS (coalesce(organization_id, team_id, virtual_key_id)) STORED,
    -- NULL: everybody together. '*': each end user on its own. Otherwise the label of the one end user it counts.
    end_user text,
    -- It counts only requests by this route, or by a route that has this model among its targets.
    route_id uuid CONSTRAINT allowances_route REFERENCES routes (id),
    model_id uuid CONSTRAINT allowances_model REFERENCES models (id),
    name text NOT NULL,
    kind text NOT NULL CHECK (kind IN ('money', 'tokens', 'requests', 'slots')),
    -- Calendar periods (day, week, month) and total are for money; tokens and requests slide; slots have none.
    period text NOT NULL CHECK (period IN ('none', 'day', 'week', 'month', 'total', 'sliding')),
    sliding_seconds integer CHECK (sliding_seconds BETWEEN 1 AND 31622400),
    -- An IANA name; where the calendar periods begin.
    time_zone text NOT NULL DEFAULT 'UTC',
    -- Nanodollars, tokens, requests or slots. The only thing of the ledger's that ever changes here.
    limit_amount bigint NOT NULL CHECK (limit_amount BETWEEN 0 AND 1000000000000000000),
    mode text NOT NULL CHECK (mode IN ('automatic', 'strict', 'clamp', 'soft')),
    -- Percent of the limit, rising.
    alert_thresholds smallint[] NOT NULL DEFAULT '{}',
    metadata jsonb NOT NULL DEFAULT '{}',
    revision bigint NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT allowances_one_scope CHECK (num_nonnulls(organization_id, team_id, virtual_key_id) = 1),
    CONSTRAINT allowances_one_filter CHECK (num_nonnulls(route_id, model_id) <= 1),
    CONSTRAINT allowances_period CHECK (
        (period = 'sliding') = (sliding_seconds IS NOT NULL)
        AND CASE kind
            WHEN 'money' THEN period <> 'none'
            WHEN 'slots' THEN period = 'none'
            ELSE period = 'sliding'
        END),
    CONSTRAINT allowances_name_unique UNIQUE (scope_id, name)
);
CREATE INDEX allowances_by_organization ON allowances (organization_id) WHERE organization_id IS NOT NULL;
CREATE INDEX allowances_by_team ON allowances (team_id) WHERE team_id IS NOT NULL;
CREATE INDEX allowances_by_virtual_key ON allowances (virtual_key_id) WHERE virtual_key_id IS NOT NULL;
CREATE INDEX allowances_by_route ON allowances (route_id) WHERE route_id IS NOT NULL;
CREATE INDEX allowances_by_model ON allowances (model_id) WHERE model_id IS NOT NULL;

ALTER TABLE routes
    -- Goes into requests that set no bound of their own.
    ADD COLUMN default_max_output_tokens integer CHECK (default_max_output_tokens > 0),
    -- How long a request may wait for what others hold of its allowances.
    ADD COLUMN admission_wait_milliseconds integer NOT NULL DEFAULT 10000
        CHECK (admission_wait_milliseconds BETWEEN 0 AND 60000);

-- The policy and the shards of keys have a new format, so all of them are built anew.
UPDATE fleet_state SET change_sequence = change_sequence + 1, policy_sequence = change_sequence + 1;
UPDATE key_shards SET change_sequence = (SELECT change_sequence FROM fleet_state);
