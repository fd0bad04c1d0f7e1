-- Reason: whoever had a role before the event gave it keeps it after the event.
ALTER TABLE event_role_grants ADD COLUMN held SMALLINT; -- 1: the member had it before; NULL: nobody has looked yet
UPDATE event_role_grants SET held = 0 WHERE has = 1;
