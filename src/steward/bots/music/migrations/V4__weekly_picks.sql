-- Reason: the artists of a server's weekly posts, so that none comes again for eight weeks. They tell of no member.
CREATE TABLE music_weekly_picks (
    guild_id BIGINT NOT NULL,
    artist BIGINT NOT NULL,
    week VARCHAR(10) NOT NULL,           -- of the last post with it: the local date on which that was due
    at BIGINT NOT NULL,
    PRIMARY KEY (guild_id, artist)
) {compact};
