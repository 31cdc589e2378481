-- Second attempts of requests that wait long for their first token. A route has none unless it says so.

ALTER TABLE routes
    -- Of a hundred requests at most so many are sent twice; NULL: none.
    ADD COLUMN hedge_percent_max smallint CHECK (hedge_percent_max BETWEEN 1 AND 50),
    -- So long after the first attempt; NULL: after the 95th percentile of the route's own times to the first token.
    ADD COLUMN hedge_after_milliseconds integer CHECK (hedge_after_milliseconds BETWEEN 1 AND 600000),
    -- Requests for plain answers too, not only for streams.
    ADD COLUMN hedge_plain_answers boolean,
    ADD CONSTRAINT routes_hedge CHECK (
        (hedge_percent_max IS NULL) = (hedge_plain_answers IS NULL)
        AND (hedge_after_milliseconds IS NULL OR hedge_percent_max IS NOT NULL));
