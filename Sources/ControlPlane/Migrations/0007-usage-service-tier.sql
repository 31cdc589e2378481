-- What a request was charged follows from its tokens, its price and the service tier that its provider named.

ALTER TABLE usage_events
    -- The raw value of ServiceTier; 0: standard.
    ADD COLUMN service_tier smallint NOT NULL DEFAULT 0,
    ADD COLUMN image_input_tokens bigint NOT NULL DEFAULT 0,
    ADD COLUMN image_output_tokens bigint NOT NULL DEFAULT 0;
