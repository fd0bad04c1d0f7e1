-- Reason: playlists of members. Tracks stay as they were called and linked when they were saved, whatever becomes of
-- the catalogue. They are kept by listener, so that all of a member's go at once.
CREATE TABLE music_playlists (
    id {auto_key},
    listener BIGINT NOT NULL,
    name VARCHAR(80) NOT NULL,
    folded VARCHAR(200) NOT NULL,        -- as compared
    at BIGINT NOT NULL,
    CONSTRAINT music_playlist_name UNIQUE (listener, folded)
);

CREATE TABLE music_playlist_tracks (
    playlist BIGINT NOT NULL,
    number BIGINT NOT NULL,              -- their order; with gaps where some were removed
    listener BIGINT NOT NULL,
    artist VARCHAR(200) NOT NULL,
    title VARCHAR(200) NOT NULL,         -- empty: any track of the artist
    recording VARCHAR(36) NOT NULL,      -- MusicBrainz's id; empty: not known
    link VARCHAR(400) NOT NULL,          -- empty: none is known
    PRIMARY KEY (playlist, number)
) {compact};
CREATE INDEX music_playlist_tracks_by_listener ON music_playlist_tracks (listener);
