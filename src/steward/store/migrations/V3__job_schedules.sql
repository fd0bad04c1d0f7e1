-- Reason: a job whose schedule has changed owes nothing of the new one for the time before the change.
ALTER TABLE jobs ADD COLUMN schedule VARCHAR(190);
