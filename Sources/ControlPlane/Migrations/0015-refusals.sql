-- Requests that data planes refused before they began them, counted: what plans ask of a candidate besides what was served.

CREATE TABLE refused_requests (
    -- Made by the data plane; a repetition is the same row.
    id uuid PRIMARY KEY,
    -- The first of them.
    began timestamptz NOT NULL,
    virtual_key_id text COLLATE "C" NOT NULL,
    -- The name that was asked for.
    route text NOT NULL,
    -- Endpoint of the wire: see JournalRecord.swift.
    endpoint smallint NOT NULL,
    is_stream boolean NOT NULL,
    end_user text NOT NULL,
    -- Of the error.
    code text NOT NULL,
    requests bigint NOT NULL CHECK (requests > 0),
    -- Sums over them, by estimate.
    input_tokens bigint NOT NULL,
    output_tokens bigint NOT NULL,
    worst_nanodollars bigint NOT NULL,
    worst_tokens bigint NOT NULL
);
CREATE INDEX refused_requests_by_time ON refused_requests (began, id);
