-- Reason: after a change of a job's schedule, the new one is not caught up for the time before.
ALTER TABLE jobs ADD COLUMN schedule VARCHAR(190);
