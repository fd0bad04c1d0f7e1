-- Reason: one message a league's day in the bets channel: its games, odds, bets and results, edited in place.
CREATE TABLE bet_board_channels (
    guild_id BIGINT NOT NULL PRIMARY KEY, -- where boards go: the settings, for those who write in the same transaction
    channel_id BIGINT NOT NULL
);

CREATE TABLE bet_boards (
    id {auto_key},
    guild_id BIGINT NOT NULL,
    league BIGINT NOT NULL,
    day INTEGER NOT NULL,                 -- that the league keeps: days since 0000-12-31
    CONSTRAINT bet_board UNIQUE (league, day, guild_id)
);
