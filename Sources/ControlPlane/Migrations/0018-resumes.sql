-- Streams that break off and are gone on with. What stands here by default is what held before, so that the policy keeps its bytes.

ALTER TABLE providers
    -- How it is asked to go on from a given beginning of an answer; NULL: it cannot.
    ADD COLUMN prefix_continuation text
        CHECK (prefix_continuation IN ('assistant_message', 'prefix', 'prefix_echoed', 'continue_final_message'));

ALTER TABLE routes
    -- How often a stream that breaks off is gone on with.
    ADD COLUMN resumes_max smallint NOT NULL DEFAULT 0 CHECK (resumes_max BETWEEN 0 AND 3);
