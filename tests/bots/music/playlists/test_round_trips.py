"""What is exported is read again as it was, whatever tracks are called; so is what others write."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from steward.bots.music.errors import MusicError
from steward.bots.music.playlists.cleaning import kept_text, kept_track
from steward.bots.music.playlists.formats import playlist_file
from steward.bots.music.playlists.playlist import Playlist, PlaylistFormat, PlaylistTrack, clean_track
from steward.bots.music.playlists.reading import read_file
from tests.bots.music.playlists.hostile import MBID, NAMES, PLAYLISTS, TEXTS, collected

WHOLE, ALL = (PlaylistFormat.JSPF, PlaylistFormat.XSPF), (PlaylistFormat.JSPF, PlaylistFormat.XSPF, PlaylistFormat.M3U8)
TITLES = TEXTS.map(kept_text).filter(bool)
NAMED_FIELDS = ["playlist", "track", "title", "creator", "location", "identifier"]


def read_back(tracks, kind, title="Evening"):
    name, content = playlist_file(Playlist(1, 2, title, 0, tuple(tracks)), kind, "Ada")
    return read_file(content, name, 200)


@pytest.mark.parametrize("kind", WHOLE)
@given(tracks=PLAYLISTS, title=TITLES)
@settings(max_examples=150, deadline=None)
def test_what_is_written_is_read_as_it_was(kind, tracks, title):
    read = read_back(tracks, kind, title)
    assert (read.title, read.tracks, read.unread) == (title, tracks, [])


@given(tracks=PLAYLISTS.map(lambda tracks: [one for one in tracks if one and "#EXT" not in one.label]), title=TITLES)
@settings(max_examples=150, deadline=None)
def test_m3u8_has_all_but_the_ids(tracks, title):
    if tracks:
        read = read_back(tracks, PlaylistFormat.M3U8, title)
        assert (read.title, read.tracks) == (title, [track._replace(recording="") for track in tracks])


@given(tracks=PLAYLISTS)
@settings(max_examples=150, deadline=None)
def test_what_is_read_is_kept_as_it_is(tracks):
    assert [*map(clean_track, tracks)] == tracks


def test_hostile_texts_survive_in_each_format(shared_data):
    names = [*collected(shared_data), *NAMES]
    tracks = [track for name in names if (track := kept_track(name, f"{name} again")) is not None]
    assert len(tracks) > 50
    for kind in WHOLE:
        assert read_back(tracks[:200], kind).tracks == tracks[:200]
    assert len(read_back(tracks[:200], PlaylistFormat.M3U8).tracks) == len(tracks[:200])


def test_a_full_playlist_of_the_longest_names_is_small_enough_to_be_read_back():
    tracks = [
        PlaylistTrack(f"{number}{'字🎵' * 60}", "t" * 200, link=f"https://x.yz/{number}{'x' * 300}")
        for number in range(200)
    ]
    for kind in ALL:
        assert read_back(tracks, kind).tracks == tracks


def test_listenbrainz_s_own_form_and_older_ones_are_read():
    track = {
        "title": "Sexy Boy",
        "creator": "Air",
        "identifier": f"https://musicbrainz.org/recording/{MBID}",
        "extension": {"https://musicbrainz.org/doc/jspf#track": {"added_by": "ada", "additional_metadata": {}}},
    }
    whole = PlaylistTrack("Air", "Sexy Boy", MBID)
    for one in (track, {**track, "identifier": [track["identifier"]]}, {**track, "extension": [{"x": []}]}):
        for tracks in ([one], one):
            for document in ({"playlist": {"title": "Mine", "track": tracks}}, {"title": "Mine", "track": tracks}):
                read = read_file(json.dumps(document).encode("utf-8-sig"), "x.jspf", 200)
                assert (read.title, read.tracks) == ("Mine", [whole])


@given(
    st.recursive(
        st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), TEXTS),
        lambda inner: st.one_of(
            st.lists(inner, max_size=3), st.dictionaries(st.sampled_from(NAMED_FIELDS), inner, max_size=4)
        ),
        max_leaves=20,
    )
)
@settings(max_examples=200, deadline=None)
def test_json_of_any_shape_is_read_or_refused_with_a_sentence(value):
    content = json.dumps({"playlist": {"track": value}}).encode()
    try:
        assert read_file(content, "x.jspf", 200).tracks
    except MusicError as error:
        assert error.sentence.endswith(".")
