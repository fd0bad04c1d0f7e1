-- Reason: who listens to what, and what is learnt of it: which artists are near each other, and how rare each is.
-- A listener is a number: an account, or somebody invented. Nothing here tells whose it is.
CREATE TABLE music_listening (
    listener BIGINT NOT NULL,
    artist BIGINT NOT NULL,
    plays BIGINT NOT NULL,
    PRIMARY KEY (listener, artist)
) {compact};
CREATE INDEX music_listening_by_artist ON music_listening (artist, listener);

CREATE TABLE music_vectors (
    kind SMALLINT NOT NULL,              -- 1: near artists by listeners from outside, 2: by those here, 3: tags
    artist BIGINT NOT NULL,
    ids {blob} NOT NULL,                 -- 32-bit numbers of artists or tags, little-endian
    weights {blob} NOT NULL,             -- as many 32-bit floats
    built_at BIGINT NOT NULL,
    PRIMARY KEY (kind, artist)
);

CREATE TABLE music_audience (
    artist BIGINT NOT NULL PRIMARY KEY,
    listeners BIGINT NOT NULL,           -- of those here, when it was last counted
    rarity DOUBLE PRECISION NOT NULL     -- the square of its inverse document frequency
);
CREATE INDEX music_audience_by_listeners ON music_audience (listeners);

CREATE TABLE music_listeners (
    listener BIGINT NOT NULL PRIMARY KEY,
    norm DOUBLE PRECISION NOT NULL       -- the length of what they listen to, as a vector of rarities
);
