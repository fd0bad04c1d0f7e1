-- Reason: members: whose listener is whose, which account is linked, what was heard, named, judged and shown.
-- A member's taste is one in all servers; only who may see it is chosen in each.
CREATE TABLE music_members (
    listener {auto_key},                 -- listeners below 0 are nobody's: invented, or from outside
    user_id BIGINT NOT NULL,
    at BIGINT NOT NULL,
    used_at BIGINT NOT NULL,             -- the last time they used the bot, to a day
    CONSTRAINT music_member UNIQUE (user_id)
);

CREATE TABLE music_sharing (
    guild_id BIGINT NOT NULL,
    user_id BIGINT NOT NULL,             -- whose taste members of the guild may see
    at BIGINT NOT NULL,
    PRIMARY KEY (guild_id, user_id)
) {compact};
CREATE INDEX music_sharing_by_user ON music_sharing (user_id);

CREATE TABLE music_links (
    listener BIGINT NOT NULL PRIMARY KEY,
    service VARCHAR(20) NOT NULL,
    name VARCHAR(100) NOT NULL,          -- of the account there
    guild_id BIGINT NOT NULL,            -- in which it was linked
    linked_at BIGINT NOT NULL,
    imported_at BIGINT,                  -- when the last import was complete; NULL: none yet
    known_until BIGINT NOT NULL DEFAULT 0, -- all that was heard before that is kept, in seconds since 1970
    page VARCHAR(64) NOT NULL DEFAULT '',  -- the cursor at which the import goes on that runs
    seen_until BIGINT NOT NULL DEFAULT 0,  -- the latest listen that it has seen
    pages BIGINT NOT NULL DEFAULT 0,       -- that it has read
    listens BIGINT NOT NULL DEFAULT 0,     -- that it has kept
    skipped BIGINT NOT NULL DEFAULT 0,     -- that it has left out: without a date that can be, or unreadable
    problem VARCHAR(400) NOT NULL DEFAULT '' -- why it doesn't go on, a sentence
);

CREATE TABLE music_listens (
    listener BIGINT NOT NULL,
    heard_at BIGINT NOT NULL,
    artist BIGINT NOT NULL,
    title VARCHAR(200) NOT NULL,
    PRIMARY KEY (listener, heard_at, artist, title)
) {compact};

CREATE TABLE music_favourites (
    listener BIGINT NOT NULL,
    artist BIGINT NOT NULL,              -- that they named
    at BIGINT NOT NULL,
    PRIMARY KEY (listener, artist)
) {compact};

CREATE TABLE music_opinions (
    listener BIGINT NOT NULL,
    artist BIGINT NOT NULL,
    verdict SMALLINT NOT NULL,           -- 1: like, 2: dislike, 3: never again, 4: heard it
    at BIGINT NOT NULL,
    PRIMARY KEY (listener, artist)
) {compact};

CREATE TABLE music_shown (
    listener BIGINT NOT NULL,
    artist BIGINT NOT NULL,
    at BIGINT NOT NULL,                  -- last
    PRIMARY KEY (listener, artist)
) {compact};
