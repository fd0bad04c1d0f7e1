-- Reason: a click costs the same however many have answered: seats are counted, and a line is read at its head.
CREATE TABLE event_tallies (
    occurrence_id BIGINT NOT NULL,
    option_key VARCHAR(32) NOT NULL,
    seated INTEGER NOT NULL,             -- how many have this answer and their seat, or need none
    waiting INTEGER NOT NULL,            -- how many wait for a seat
    PRIMARY KEY (occurrence_id, option_key)
);
INSERT INTO event_tallies (occurrence_id, option_key, seated, waiting)
    SELECT occurrence_id, option_key, SUM(seated), SUM(1 - seated) FROM event_answers
    GROUP BY occurrence_id, option_key;
CREATE INDEX event_answers_in_line ON event_answers (occurrence_id, seated, option_key, arrival);
