-- How single requests went, for keys that may ask.

ALTER TABLE virtual_keys
    -- Its requests may ask to be explained.
    ADD COLUMN may_explain boolean NOT NULL DEFAULT false;

CREATE TABLE explanations (
    request_id uuid PRIMARY KEY,
    at timestamptz NOT NULL DEFAULT now(),
    explanation json NOT NULL CHECK (json_typeof(explanation) = 'object')
);
CREATE INDEX explanations_at ON explanations (at);
