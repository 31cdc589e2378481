-- Rules of routes, and targets that stand together. All targets of a route stay rows of route_targets, its own first and then those
-- of its rules in order, so that the database goes on refusing to remove what one of them names.
ALTER TABLE routes
    -- Which of its own targets stand together, as the policy says it; NULL: none do.
    ADD COLUMN target_groups jsonb CHECK (jsonb_typeof(target_groups) = 'array'),
    -- As the policy says them, with the number of each one's targets in place of these; NULL: none.
    ADD COLUMN rules jsonb CHECK (jsonb_typeof(rules) = 'array');
