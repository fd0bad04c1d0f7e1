-- Reason: files that `steward music import` reads: how far each is, and what of MusicBrainz's tables waits to be joined.
-- Who listens in them is kept in music_listening as numbers below 0, which belong to no member. In music_vectors the
-- kind 2 is learnt of all listeners, these included; there is no kind 1.
CREATE TABLE music_imports (
    id {auto_key},
    fingerprint VARCHAR(64) NOT NULL,    -- of size, beginning and end: the same file under another name is the same
    name VARCHAR(200) NOT NULL,
    member BIGINT NOT NULL DEFAULT 0,    -- of an archive, in its order: the one that is read now
    place BIGINT NOT NULL DEFAULT 0,     -- bytes of the member that are done
    line BIGINT NOT NULL DEFAULT 0,      -- of the member, the last that is done
    lines_read BIGINT NOT NULL DEFAULT 0,
    lines_bad BIGINT NOT NULL DEFAULT 0,
    kept BIGINT NOT NULL DEFAULT 0,      -- lines whose content is kept
    begun_at BIGINT NOT NULL,
    finished_at BIGINT,                  -- NULL: not yet
    CONSTRAINT music_import UNIQUE (fingerprint)
);

CREATE TABLE music_source_artists (
    number BIGINT NOT NULL PRIMARY KEY,  -- of an artist in MusicBrainz's tables
    artist BIGINT NOT NULL,
    mbid VARCHAR(36) NOT NULL,
    is_by_name SMALLINT NOT NULL         -- 1: found by its name, which others may have, too
) {compact};
CREATE INDEX music_source_artists_by_artist ON music_source_artists (is_by_name, artist);

CREATE TABLE music_source_tags (
    number BIGINT NOT NULL PRIMARY KEY,
    name VARCHAR(100) NOT NULL
) {compact};

CREATE TABLE music_source_artist_tags (
    artist BIGINT NOT NULL,
    number BIGINT NOT NULL,              -- of the tag, there
    weight BIGINT NOT NULL,
    PRIMARY KEY (artist, number)
) {compact};
