-- Image lines and tiers of prices, and the bound of a model's input.

ALTER TABLE models ADD COLUMN max_input_tokens integer CHECK (max_input_tokens > 0);

ALTER TABLE model_prices
    ADD COLUMN image_input_picodollars_per_token bigint CHECK (image_input_picodollars_per_token >= 0),
    ADD COLUMN image_output_picodollars_per_token bigint CHECK (image_output_picodollars_per_token >= 0),
    -- An array of {"service_tier", "above_input_tokens", the lines by their columns' names}. Part of the row, because it is
    -- never changed and never searched.
    ADD COLUMN tiers jsonb NOT NULL DEFAULT '[]' CHECK (jsonb_typeof(tiers) = 'array');
