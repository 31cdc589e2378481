-- What each data plane has set aside by itself, as its last heartbeat had it: other control planes tell their own data planes.
ALTER TABLE nodes ADD COLUMN targets_out jsonb;
