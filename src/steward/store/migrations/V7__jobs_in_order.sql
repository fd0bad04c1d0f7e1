-- Reason: due occurrences are read in order, however many there are: the index holds one state after the other, and
--         each in the order in which occurrences begin. (A partial index would be smaller; MariaDB has none.)
CREATE INDEX job_occurrences_next ON job_occurrences (state, due_at, job, occurrence);
DROP INDEX job_occurrences_open /*! ON job_occurrences */;  -- only MariaDB and MySQL read this comment, and need it
