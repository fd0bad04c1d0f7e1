"""Playlists as files, read back by programs that aren't ours."""

import json
from collections import Counter
from datetime import datetime
from xml.etree import ElementTree as ET

import m3u8
import pytest
from hypothesis import given
from hypothesis import strategies as st
from xspf_lib import Playlist as XspfReader

from steward.bots.music.playlists.formats import LISTENBRAINZ, playlist_file
from steward.bots.music.playlists.playlist import LONGEST_LINK, Playlist, PlaylistFormat, PlaylistTrack, clean_track

RECORDING = "6f1d3b62-0c55-4f0c-9f8a-1b2c3d4e5f60"
TRACKS = (
    PlaylistTrack("AC/DC", 'It\'s a <b>, & "so" on, too', RECORDING, "https://music.example.org/t/1?a=1&b=2"),
    PlaylistTrack("!!!", ""),
    PlaylistTrack("فيروز", "نسم علينا الهوا"),
    PlaylistTrack("椎名林檎 🍏", "]]>" + "x" * 300),
)
LIST = Playlist(7, 11, "Rainy & <grey>", 1_770_000_000_000, tuple(map(clean_track, TRACKS)))

HOSTILE = (
    "@everyone", "`x` **y** ||z||", "]]>", "<!DOCTYPE x [<!ENTITY a 'b'>]>&a;",
    "a\r\n#EXTINF:-1,b", "\x00\x0b\ufffe", "\u202eabc",
    "\ud800", "#EXTM3U", "🏳️‍🌈" * 30, "a, b - c", "' or 1=1 --", "&amp;", "  ",
)  # fmt: skip
texts = st.text(min_size=1, max_size=60) | st.sampled_from(HOSTILE)
tracks = st.builds(PlaylistTrack, texts, texts | st.just(""), st.just(""), texts | st.just("https://e.org/x"))


def written(kind, playlist=LIST):
    return playlist_file(playlist, PlaylistFormat(kind), "Ada")[1].decode()


def cleaned(found):
    return tuple(track for track in map(clean_track, found) if track.artist)


def test_listenbrainz_finds_all_that_it_needs_in_a_jspf_file():
    found = json.loads(written("jspf"))["playlist"]
    assert (found["title"], found["creator"]) == (LIST.name, "Ada")
    assert found["extension"][LISTENBRAINZ] == {"public": False}
    assert datetime.fromisoformat(found["date"]).utcoffset() is not None
    first, second, *_ = found["track"]
    assert first["identifier"] == [f"https://musicbrainz.org/recording/{RECORDING}"]
    assert first["location"] == ["https://music.example.org/t/1?a=1&b=2"]
    assert (first["creator"], first["title"]) == ("AC/DC", TRACKS[0].title)
    assert "title" not in second, "any of the artist's"


@given(st.lists(tracks, max_size=8))
def test_another_reader_of_xspf_finds_every_track(found):
    playlist = LIST._replace(tracks=cleaned(found))
    text = written("xspf", playlist)
    root = ET.fromstring(text)  # noqa: S314 - ours
    read = XspfReader.parse_from_xml_element(root)
    assert [(one.creator, one.title or "") for one in read] == [(one.artist, one.title) for one in playlist.tracks]
    assert (read.title, read.creator) == (playlist.name, "Ada")
    assert Counter(child.tag.rpartition("}")[2] for child in root)["trackList"] == 1


@given(st.lists(tracks, max_size=8))
def test_another_reader_of_m3u8_finds_every_track_with_its_address(found):
    playlist = LIST._replace(tracks=cleaned(found))
    text = written("m3u8", playlist)
    assert text.startswith("#EXTM3U\n")
    read = m3u8.loads(text)
    assert [one.title for one in read.segments] == [one.label.replace("#EXT", "# EXT") for one in playlist.tracks]
    assert [one.uri for one in read.segments] == [one.address for one in playlist.tracks]


@given(tracks)
def test_a_track_has_an_address_that_can_be_opened_and_stands_in_a_message(track):
    address = clean_track(track).address
    assert address.startswith(("https://", "http://"))
    assert address.isascii()
    assert not set(address) & set(" <>()[]\n\"'")
    assert len(address) <= LONGEST_LINK


@pytest.mark.parametrize(
    "link", ["javascript:alert(1)", "https://", "http://[x", "https://e.org/a b", "x" * 500, "https://e.org/)x", "/etc"]
)
def test_a_link_that_is_none_is_left_out(link):
    assert clean_track(PlaylistTrack("Air", "Sexy Boy", "", link)).link == ""


@pytest.mark.parametrize("kind", PlaylistFormat)
def test_an_empty_playlist_is_a_valid_file_named_after_it(kind):
    name, content = playlist_file(LIST._replace(tracks=()), kind, "Ada")
    assert name == f"rainy-grey.{kind}"
    if kind is PlaylistFormat.XSPF:
        assert len(XspfReader.parse_from_xml_element(ET.fromstring(content.decode()))) == 0  # noqa: S314
    assert playlist_file(LIST._replace(name="椎名"), kind, "Ada")[0] == f"playlist.{kind}"


def test_two_hundred_tracks_of_the_longest_names_fit_an_attachment():
    longest = clean_track(PlaylistTrack("🎧" * 300, "ﷺ" * 300, RECORDING))
    many = LIST._replace(tracks=(longest,) * 200)
    assert all(len(playlist_file(many, kind, "Ada")[1]) < 1_000_000 for kind in PlaylistFormat)
