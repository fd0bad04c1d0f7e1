-- Reason: artists as they are known: what they are called, how many listen to them, and how people tag them.
-- Columns that name a row of another table are called as it is: artist, tag.
CREATE TABLE music_artists (
    id {auto_key},
    name VARCHAR(200) NOT NULL,          -- as shown
    folded VARCHAR(200) NOT NULL,        -- as compared: NFKC, without case
    mbid VARCHAR(36),                    -- MusicBrainz's id; NULL: not known
    listeners BIGINT NOT NULL DEFAULT 0, -- as whoever tells of the artist counts them
    CONSTRAINT music_artist_mbid UNIQUE (mbid)
);
CREATE INDEX music_artists_by_name ON music_artists (folded);
CREATE INDEX music_artists_by_listeners ON music_artists (listeners);

CREATE TABLE music_artist_names (
    folded VARCHAR(200) NOT NULL,        -- the name, or an alias
    artist BIGINT NOT NULL,
    is_alias SMALLINT NOT NULL,
    letters SMALLINT NOT NULL,           -- characters of the name: one that is typed wrongly is about as long
    PRIMARY KEY (folded, artist)
) {compact};
CREATE INDEX music_artist_names_by_artist ON music_artist_names (artist);
CREATE INDEX music_artist_names_by_length ON music_artist_names (letters);

CREATE TABLE music_tags (
    id {auto_key},
    name VARCHAR(100) NOT NULL,          -- folded as names are
    artists BIGINT NOT NULL DEFAULT 0,   -- how many have it
    CONSTRAINT music_tag UNIQUE (name)
);

CREATE TABLE music_artist_tags (
    artist BIGINT NOT NULL,
    tag BIGINT NOT NULL,
    weight BIGINT NOT NULL,              -- how many people gave it, or a score that grows with that
    PRIMARY KEY (artist, tag)
) {compact};
CREATE INDEX music_artist_tags_by_tag ON music_artist_tags (tag, weight);
