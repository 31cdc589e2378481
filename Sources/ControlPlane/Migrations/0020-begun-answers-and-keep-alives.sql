-- One thing more that a model may be unable to do, and keep-alives of routes.

ALTER TABLE models
    DROP CONSTRAINT models_unsupported_features_check,
    ADD CONSTRAINT models_unsupported_features_check CHECK (
        cardinality(unsupported_features) <= 9
        AND unsupported_features <@ ARRAY['tools', 'images', 'documents', 'audio', 'json_schema', 'reasoning', 'sampling',
            'system_messages', 'begun_answers']);

ALTER TABLE routes
    -- After so long a silence of its provider the caller of a stream gets a sign that it is still waited for; NULL: never.
    ADD COLUMN keep_alive_milliseconds integer CHECK (keep_alive_milliseconds BETWEEN 100 AND 600000);
