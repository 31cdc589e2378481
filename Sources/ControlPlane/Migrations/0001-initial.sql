-- The whole schema of the first version. Conventions: `id` is made by the program (UUID, version 7); `revision` starts at
-- 1, rises by one with every update and is the ETag; money is nanodollars, prices are picodollars, both bigint.

-- One row: what this database is the truth of.
CREATE TABLE fleet_state (
    only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    fleet text NOT NULL,
    -- Rises with every change of configuration, under this row's lock, so that the order of sequences is the order of commits.
    change_sequence bigint NOT NULL DEFAULT 0,
    -- The change_sequence of the last change that touched what the blob `policy` is built from.
    policy_sequence bigint NOT NULL DEFAULT 0,
    -- The key ID (16 hexadecimal digits) of the Ed25519 key that `weir-control init` made or was given.
    signing_key_id text NOT NULL,
    -- The first 16 hexadecimal digits of the SHA-256 of the operator's encryption key: a wrong key file is said at start.
    encryption_key_id text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now()
);

-- Tenancy -----------------------------------------------------------------------------------------------------------

CREATE TABLE organizations (
    id uuid PRIMARY KEY,
    name text NOT NULL CONSTRAINT organizations_name_unique UNIQUE,
    metadata jsonb NOT NULL DEFAULT '{}',
    revision bigint NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE teams (
    id uuid PRIMARY KEY,
    organization_id uuid NOT NULL CONSTRAINT teams_organization REFERENCES organizations (id),
    name text NOT NULL,
    metadata jsonb NOT NULL DEFAULT '{}',
    revision bigint NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT teams_name_unique UNIQUE (organization_id, name)
);

CREATE TABLE virtual_keys (
    id uuid PRIMARY KEY,
    -- The public part of the key's text: twelve characters of 0-9a-z. Usage events name the key by it.
    key_id text NOT NULL CONSTRAINT virtual_keys_key_id_unique UNIQUE CHECK (key_id ~ '^[0-9a-z]{12}$'),
    team_id uuid NOT NULL CONSTRAINT virtual_keys_team REFERENCES teams (id),
    name text NOT NULL,
    -- NULL: all routes. An ID of a route that is gone allows nothing.
    allowed_route_ids uuid[],
    -- CIDR notation; empty: from anywhere.
    allowed_networks text[] NOT NULL DEFAULT '{}',
    tags jsonb NOT NULL DEFAULT '{}',
    expires_at timestamptz,
    revoked_at timestamptz,
    metadata jsonb NOT NULL DEFAULT '{}',
    revision bigint NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT virtual_keys_name_unique UNIQUE (team_id, name)
);

-- Up to two live rows for each key: the current secret, and during a rotation the one before it.
CREATE TABLE virtual_key_secrets (
    id uuid PRIMARY KEY,
    virtual_key_id uuid NOT NULL REFERENCES virtual_keys (id) ON DELETE CASCADE,
    sha256 bytea NOT NULL CONSTRAINT virtual_key_secrets_sha256_unique UNIQUE CHECK (length(sha256) = 32),
    shard smallint NOT NULL GENERATED ALWAYS AS (get_byte(sha256, 0)) STORED,
    -- Set when a newer secret replaced this one: the end of the overlap.
    expires_at timestamptz,
    revoked_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX virtual_key_secrets_by_key ON virtual_key_secrets (virtual_key_id);
CREATE INDEX virtual_key_secrets_live_by_shard ON virtual_key_secrets (shard) WHERE revoked_at IS NULL;

-- Providers, models, routes -----------------------------------------------------------------------------------------

CREATE TABLE credentials (
    id uuid PRIMARY KEY,
    name text NOT NULL CONSTRAINT credentials_name_unique UNIQUE,
    -- Rises with every change of the secret or the reference.
    version integer NOT NULL DEFAULT 1,
    -- `env:NAME` or `file:/path`, resolved by the data planes.
    reference text,
    -- nonce | ciphertext | tag of AES-256-GCM under the operator's key; associated data: see CredentialVault.
    ciphertext bytea,
    metadata jsonb NOT NULL DEFAULT '{}',
    revision bigint NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT credentials_one_source CHECK ((reference IS NULL) <> (ciphertext IS NULL))
);

CREATE TABLE providers (
    id uuid PRIMARY KEY,
    name text NOT NULL CONSTRAINT providers_name_unique UNIQUE,
    dialect text NOT NULL,
    base_url text NOT NULL,
    transport text NOT NULL DEFAULT 'automatic',
    credential_id uuid CONSTRAINT providers_credential REFERENCES credentials (id),
    connect_timeout_milliseconds integer NOT NULL DEFAULT 5000 CHECK (connect_timeout_milliseconds > 0),
    first_token_timeout_milliseconds integer NOT NULL DEFAULT 120000 CHECK (first_token_timeout_milliseconds > 0),
    idle_timeout_milliseconds integer NOT NULL DEFAULT 60000 CHECK (idle_timeout_milliseconds > 0),
    total_timeout_milliseconds integer NOT NULL DEFAULT 600000 CHECK (total_timeout_milliseconds > 0),
    metadata jsonb NOT NULL DEFAULT '{}',
    revision bigint NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX providers_by_credential ON providers (credential_id);

CREATE TABLE models (
    id uuid PRIMARY KEY,
    name text NOT NULL CONSTRAINT models_name_unique UNIQUE,
    kind text NOT NULL,
    max_output_tokens integer CHECK (max_output_tokens > 0),
    metadata jsonb NOT NULL DEFAULT '{}',
    revision bigint NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now()
);

-- Never updated: a price that was charged stays what it was. A new price is a new row.
CREATE TABLE model_prices (
    id uuid PRIMARY KEY,
    model_id uuid NOT NULL REFERENCES models (id) ON DELETE CASCADE,
    effective_from timestamptz NOT NULL,
    input_picodollars_per_token bigint NOT NULL CHECK (input_picodollars_per_token >= 0),
    cached_input_picodollars_per_token bigint CHECK (cached_input_picodollars_per_token >= 0),
    cache_write_5m_picodollars_per_token bigint CHECK (cache_write_5m_picodollars_per_token >= 0),
    cache_write_1h_picodollars_per_token bigint CHECK (cache_write_1h_picodollars_per_token >= 0),
    audio_input_picodollars_per_token bigint CHECK (audio_input_picodollars_per_token >= 0),
    output_picodollars_per_token bigint NOT NULL CHECK (output_picodollars_per_token >= 0),
    reasoning_picodollars_per_token bigint CHECK (reasoning_picodollars_per_token >= 0),
    audio_output_picodollars_per_token bigint CHECK (audio_output_picodollars_per_token >= 0),
    request_picodollars bigint CHECK (request_picodollars >= 0),
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT model_prices_effective_unique UNIQUE (model_id, effective_from)
);

CREATE TABLE routes (
    id uuid PRIMARY KEY,
    name text NOT NULL CONSTRAINT routes_name_unique UNIQUE,
    strategy text NOT NULL,
    metadata jsonb NOT NULL DEFAULT '{}',
    revision bigint NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now()
);

-- Rows rather than a jsonb array, so that the database itself refuses to leave a route with a target that is gone: every
-- data plane would refuse the snapshot.
CREATE TABLE route_targets (
    route_id uuid NOT NULL REFERENCES routes (id) ON DELETE CASCADE,
    position smallint NOT NULL CHECK (position >= 0),
    provider_id uuid NOT NULL CONSTRAINT route_targets_provider REFERENCES providers (id),
    model_id uuid NOT NULL CONSTRAINT route_targets_model REFERENCES models (id),
    upstream_model_name text,
    weight integer NOT NULL DEFAULT 1 CHECK (weight BETWEEN 1 AND 1000000),
    PRIMARY KEY (route_id, position)
);
CREATE INDEX route_targets_by_provider ON route_targets (provider_id);
CREATE INDEX route_targets_by_model ON route_targets (model_id);

-- Access and audit --------------------------------------------------------------------------------------------------

CREATE TABLE admin_tokens (
    id uuid PRIMARY KEY,
    name text NOT NULL,
    role text NOT NULL CHECK (role IN ('admin', 'viewer')),
    sha256 bytea NOT NULL CONSTRAINT admin_tokens_sha256_unique UNIQUE CHECK (length(sha256) = 32),
    expires_at timestamptz,
    revoked_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT now()
);
CREATE UNIQUE INDEX admin_tokens_name_unique ON admin_tokens (name) WHERE revoked_at IS NULL;

CREATE TABLE node_tokens (
    id uuid PRIMARY KEY,
    name text NOT NULL,
    sha256 bytea NOT NULL CONSTRAINT node_tokens_sha256_unique UNIQUE CHECK (length(sha256) = 32),
    revoked_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT now()
);
CREATE UNIQUE INDEX node_tokens_name_unique ON node_tokens (name) WHERE revoked_at IS NULL;

-- Append-only. `id` is a version 7 UUID, so that its order is the order of time.
CREATE TABLE audit_entries (
    id uuid PRIMARY KEY,
    at timestamptz NOT NULL DEFAULT now(),
    -- `admin_token`, or `command` for what `weir-control` itself does.
    actor_kind text NOT NULL,
    actor_id uuid,
    actor_name text NOT NULL,
    -- `create`, `update`, `delete`, `revoke`, `rotate`, ...
    action text NOT NULL,
    resource_kind text NOT NULL,
    resource_id uuid,
    resource_name text,
    change_sequence bigint,
    request_id text,
    remote_address text,
    -- What changed, without secrets: {"before": {...}, "after": {...}}.
    changes jsonb NOT NULL DEFAULT '{}'
);
CREATE INDEX audit_entries_by_resource ON audit_entries (resource_kind, resource_id, id);

-- The answer to a create, kept so that the same request again gets the same answer.
CREATE TABLE idempotency_keys (
    scope text NOT NULL,
    key text NOT NULL,
    request_sha256 bytea NOT NULL,
    status integer NOT NULL,
    headers jsonb NOT NULL DEFAULT '{}',
    body bytea NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (scope, key)
);
CREATE INDEX idempotency_keys_by_age ON idempotency_keys (created_at);

-- Snapshots ---------------------------------------------------------------------------------------------------------

-- The change_sequence of the last change of each shard of virtual keys. No row: never had a key.
CREATE TABLE key_shards (
    shard smallint PRIMARY KEY CHECK (shard BETWEEN 0 AND 255),
    change_sequence bigint NOT NULL
);

CREATE TABLE snapshots (
    version bigint PRIMARY KEY CHECK (version > 0),
    -- What it contains: every change up to this one.
    change_sequence bigint NOT NULL,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    -- Of the manifest's payload bytes: what the next manifest names as its predecessor.
    payload_sha256 bytea NOT NULL CHECK (length(payload_sha256) = 32),
    -- Who signed it: a publisher with another key publishes anew.
    signing_key_id text NOT NULL,
    -- The manifest as it was signed (JSON).
    payload bytea NOT NULL,
    -- The DSSE envelope as it is served (JSON).
    envelope bytea NOT NULL
);

-- Never a row: publishers take turns by locking it. LOCK TABLE takes no snapshot, so that the REPEATABLE READ transaction
-- that waited for its turn sees what the one before it published; an advisory lock, being a query, would freeze the view
-- before the wait. Empty, so that no vacuum ever holds it.
CREATE TABLE publisher_turn ();

CREATE TABLE blobs (
    sha256 bytea PRIMARY KEY CHECK (length(sha256) = 32),
    bytes bytea NOT NULL,
    -- The last time a publisher put it into a manifest anew.
    referenced_at timestamptz NOT NULL DEFAULT now()
);
ALTER TABLE blobs ALTER COLUMN bytes SET STORAGE EXTERNAL;

CREATE TABLE nodes (
    id uuid PRIMARY KEY,
    name text NOT NULL,
    incarnation uuid NOT NULL,
    started_at timestamptz NOT NULL,
    software_version text NOT NULL,
    snapshot_version bigint NOT NULL,
    snapshot_expired boolean NOT NULL,
    -- The last manifest it refused: {"version", "reason", "detail", "atUnixMilliseconds"}.
    rejection jsonb,
    sealing_public_key text NOT NULL,
    journal_bytes bigint NOT NULL,
    unacknowledged_records bigint NOT NULL,
    draining boolean NOT NULL,
    first_seen_at timestamptz NOT NULL DEFAULT now(),
    last_seen_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX nodes_by_last_seen ON nodes (last_seen_at);

-- Usage -------------------------------------------------------------------------------------------------------------

-- One row for each journal stream: the thread of one incarnation of a data plane.
CREATE TABLE usage_streams (
    node_id uuid NOT NULL,
    incarnation uuid NOT NULL,
    thread integer NOT NULL,
    -- Every record up to and including it has been applied.
    acknowledged_sequence bigint NOT NULL DEFAULT 0,
    ended boolean NOT NULL DEFAULT false,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (node_id, incarnation, thread)
);

-- One row for each request. Applied once by the sequence of its stream; the primary key is the second line.
CREATE TABLE usage_events (
    request_id uuid NOT NULL,
    -- The UTC date of started_at: what the partitions are made of.
    day date NOT NULL,
    started_at timestamptz NOT NULL,
    organization_id uuid NOT NULL,
    team_id uuid NOT NULL,
    virtual_key_id text NOT NULL,
    route_id uuid NOT NULL,
    provider_id uuid NOT NULL,
    model_id uuid NOT NULL,
    -- The zero UUID: the model had no price.
    price_id uuid NOT NULL,
    -- RequestOutcome and Endpoint of the wire: see JournalRecord.swift.
    endpoint smallint NOT NULL,
    outcome smallint NOT NULL,
    is_stream boolean NOT NULL,
    end_user text NOT NULL,
    status integer NOT NULL,
    attempts integer NOT NULL,
    input_tokens bigint NOT NULL,
    cached_input_tokens bigint NOT NULL,
    cache_write_5m_tokens bigint NOT NULL,
    cache_write_1h_tokens bigint NOT NULL,
    audio_input_tokens bigint NOT NULL,
    output_tokens bigint NOT NULL,
    reasoning_tokens bigint NOT NULL,
    audio_output_tokens bigint NOT NULL,
    usage_reported boolean NOT NULL,
    cost_nanodollars bigint NOT NULL,
    reserved_nanodollars bigint NOT NULL,
    duration_microseconds bigint NOT NULL,
    first_token_microseconds bigint NOT NULL,
    overhead_microseconds bigint NOT NULL,
    relayed_bytes bigint NOT NULL,
    node_id uuid NOT NULL,
    PRIMARY KEY (request_id, day)
) PARTITION BY RANGE (day);
CREATE INDEX usage_events_by_time ON usage_events (started_at, request_id);
CREATE INDEX usage_events_by_key ON usage_events (virtual_key_id, started_at, request_id);

-- The sums of usage_events by hour, kept when the events are gone. Changed only in the transaction that inserts the events.
CREATE TABLE usage_rollups_hourly (
    hour timestamptz NOT NULL,
    organization_id uuid NOT NULL,
    team_id uuid NOT NULL,
    virtual_key_id text NOT NULL,
    route_id uuid NOT NULL,
    provider_id uuid NOT NULL,
    model_id uuid NOT NULL,
    endpoint smallint NOT NULL,
    outcome smallint NOT NULL,
    requests bigint NOT NULL,
    -- Of these, the ones whose provider gave no usage numbers.
    estimated_requests bigint NOT NULL,
    input_tokens bigint NOT NULL,
    cached_input_tokens bigint NOT NULL,
    cache_write_5m_tokens bigint NOT NULL,
    cache_write_1h_tokens bigint NOT NULL,
    audio_input_tokens bigint NOT NULL,
    output_tokens bigint NOT NULL,
    reasoning_tokens bigint NOT NULL,
    audio_output_tokens bigint NOT NULL,
    cost_nanodollars bigint NOT NULL,
    duration_microseconds bigint NOT NULL,
    overhead_microseconds bigint NOT NULL,
    PRIMARY KEY (
        hour, organization_id, team_id, virtual_key_id, route_id, provider_id, model_id, endpoint, outcome)
);
