-- Reason: boards follow what feeds tell of a league's day, looked at every few minutes: not once a price, and not once a server.
CREATE TABLE bet_changed_days (
    league BIGINT NOT NULL,
    day INTEGER NOT NULL,                -- that the league keeps, as in bet_boards
    at BIGINT NOT NULL,                  -- when a feed last told something else of it
    PRIMARY KEY (league, day)
) {compact};
