"""What isn't a playlist, or is one that harms, is refused with a sentence; what of a playlist can't be read is told."""

import json
import re
import time
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from steward.bots.music.errors import MusicError
from steward.bots.music.playlists.cleaning import kept_link
from steward.bots.music.playlists.playlist import PlaylistTrack
from steward.bots.music.playlists.reading import MOST_BYTES, read_file

URI = re.compile(r"https?://[A-Za-z0-9.:-]+(?:[/?#](?:[A-Za-z0-9._~:/?#@!$&*+,;=-]|%[0-9A-Fa-f]{2})*)?")
HEAD = '<?xml version="1.0"?>'
OPEN = '<playlist version="1" xmlns="http://xspf.org/ns/0/"><trackList>'
CLOSE = "</trackList></playlist>"
BOMB = (
    '<!DOCTYPE lolz [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]>'
    f"{OPEN}<track><title>&c;</title></track>{CLOSE}"
)


def refused(content, name="list.xspf"):
    with pytest.raises(MusicError) as error:
        read_file(content.encode() if isinstance(content, str) else content, name, 200)
    return error.value.sentence


@pytest.mark.parametrize(
    "content",
    [
        HEAD + BOMB,
        f'{HEAD}<!DOCTYPE playlist SYSTEM "https://evil.example/x.dtd">{OPEN}{CLOSE}',
        f'{HEAD}<!DOCTYPE playlist [<!ENTITY x SYSTEM "file:///etc/passwd">]>{OPEN}<track><title>&x;</title></track>{CLOSE}',
        f"{HEAD}<!DOCTYPE playlist>{OPEN}{CLOSE}",
        (HEAD + BOMB).encode("utf-16"),
    ],
)  # fmt: skip
def test_document_types_and_entities_are_refused(content):
    assert "document type or entities" in refused(content)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (f"{HEAD}{OPEN}<track><title>a\x00b</title></track>{CLOSE}", "isn't well-formed XML: line 1"),
        (f"{HEAD}{OPEN}<track><title>a\x07b</title></track>{CLOSE}", "isn't well-formed XML"),
        (f"{HEAD}{OPEN}<track><title>&#7;</title></track>{CLOSE}", "isn't well-formed XML"),
        (f"{HEAD}{OPEN}<track><title>&nbsp;</title></track>{CLOSE}", "isn't well-formed XML"),
        (f"{HEAD}{OPEN}<track>", "isn't well-formed XML"),
        (f"{HEAD}{OPEN}<track><title>\xff</title></track>{CLOSE}".encode("latin-1"), "isn't well-formed XML"),
        ('<?xml version="1.0" encoding="nonsense"?><playlist/>', "encoding"),
        ('<?xml version="1.0" encoding="shift_jis"?><playlist/>', "encoding"),
        ("<html><body>Moved</body></html>", "but no XSPF"),
        ("<a>" * 50, "no XSPF"),
        (OPEN.replace("<trackList>", "<a>" * 50), "nested too deeply"),
        (f"{HEAD}{OPEN}{CLOSE}", "no track in this file"),
        ('<playlist version="1" xmlns="http://xspf.org/ns/0/"/>', "no track in this file"),
        ("<" * 1000, "isn't well-formed XML"),
        ("[" * 200_000, "isn't JSON"),
        ('{"a": ' * 40_000, "isn't JSON"),
        ("{}", "no playlist in it"),
        ("[]", "no playlist in it"),
        ('{"playlist": 7}', "no playlist in it"),
        ('{"playlist": {"track": []}}', "no track in this file"),
        ('{"playlist": {"track": [{}, null, 7]}}', "No track in this file has an artist"),
        ('{"playlist": {"title": ' + "9" * 5000 + "}}", "isn't JSON"),
        ("", "can't read this file"),
        ("GIF89a", "can't read this file"),
        ("\x00" * 100, "can't read this file"),
        (b"\xff\xfe\xfd", "XML"),
        ("x" * (MOST_BYTES + 1), "up to 256 KiB"),
    ],
)  # fmt: skip
def test_what_is_no_playlist_is_refused_with_a_sentence(content, said):
    assert said in refused(content)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"#EXTM3U\n#EXTINF:-1,Mot\xf6rhead\nx.mp3\n", "isn't UTF-8"),
        (b"#EXTM3U\n#EXT-X-VERSION:3\n#EXTINF:9.009,\nhttp://media.example.com/first.ts\n", "describes a stream"),
        (b"#EXTM3U\n# nothing\n", "no track in this file"),
    ],
)
def test_m3u8_that_names_no_tracks_is_refused_with_a_sentence(content, said):
    assert said in refused(content, "list.m3u8")


def test_m3u_of_players_is_read_with_and_without_its_directives():
    content = (
        "\ufeff#EXTM3U\r\n#PLAYLIST:Evening\r\n#EXTINF:123,Air - Sexy Boy\r\nhttps://x.yz/1.mp3\r\n\r\n"
        '#EXTINF:-1 tvg-id="a" tvg-name="b, c",Only a title, with a comma\r\nC:\\Music\\1.mp3\r\n'
        "../Some Folder/AC_DC%20-%20T.N.T..mp3\r\nhttps://x.yz/Daft_Punk%20-%20One%20More%20Time.ogg?x=y\r\n"
        "#EXTART:Moby\r\n#EXTALB:Play\r\n#EXTINF:0,Porcelain\r\nrtsp://x.yz/p\r\n#EXTINF:7,Last - One"
    )
    read = read_file(content.encode(), "list.m3u", 200)
    assert read.title == "Evening"
    assert read.tracks == [
        PlaylistTrack("Air", "Sexy Boy", link="https://x.yz/1.mp3"),
        PlaylistTrack("", "Only a title, with a comma"),
        PlaylistTrack("AC DC", "T.N.T."),
        PlaylistTrack("Daft Punk", "One More Time", link="https://x.yz/Daft_Punk%20-%20One%20More%20Time.ogg?x=y"),
        PlaylistTrack("Moby", "Porcelain"),
        PlaylistTrack("Last", "One"),
    ]
    assert read.unread == ["3 of the tracks point to files or the like: I keep web addresses only."]


def test_xspf_of_players_is_read_and_what_is_not_of_it_passed_over():
    content = f"""{HEAD}
<x:playlist version="1" xmlns:x="http://xspf.org/ns/0/" xmlns:v="http://www.videolan.org/vlc/playlist/ns/0/">
 <x:title>Even&#x69;ng</x:title><v:title>no</v:title>
 <x:trackList>
  <x:track><x:location>file:///music/1.mp3</x:location><x:location>https://x.yz/1</x:location>
   <x:title>Sexy <![CDATA[<Boy>]]></x:title><x:creator> Air </x:creator><x:duration>298000.0</x:duration>
   <x:extension application="a"><v:title>no</v:title></x:extension></x:track>
  <x:track><x:annotation>nothing else</x:annotation></x:track>
  <x:track><v:title>no</v:title></x:track>
  <x:track><x:title>Moon</x:title><x:duration>-5</x:duration></x:track>
 </x:trackList>
</x:playlist>"""
    read = read_file(content.encode(), "list.xspf", 200)
    assert read.title == "Evening"
    assert read.tracks == [
        PlaylistTrack("Air", "Sexy <Boy>", link="https://x.yz/1"),
        PlaylistTrack("", "Moon"),
    ]
    assert (read.found, read.unread) == (4, ["Tracks 2 and 3 have neither an artist nor a title."])
    assert read_file(content.encode("utf-16"), "list.xspf", 200) == read


def test_what_is_more_than_a_playlist_holds_is_left_out_and_told():
    tracks = [{"title": f"Song {number}"} for number in range(250)]
    read = read_file(json.dumps({"playlist": {"track": tracks}}).encode(), "x", 200)
    assert (len(read.tracks), read.found) == (200, 250)
    assert read.unread == ["A playlist has up to 200 tracks, so I left out the last 50."]


def test_a_name_on_many_lines_becomes_one_line_and_no_directive():
    tracks = [{"creator": "Air\n#EXTINF:-1,x\r\nhttps://evil.example", "title": "a\u2028b\x85c\x00d"}]
    (track,) = read_file(json.dumps({"playlist": {"track": tracks}}).encode(), "x", 200).tracks
    assert track == PlaylistTrack("Air #EXTINF:-1,x https://evil.example", "a b cd")


@pytest.mark.parametrize(
    ("link", "kept"),
    [
        ("https://x.yz", "https://x.yz"),
        (" https://x.yz/a b#c#d ", "https://x.yz/a%20b#c%23d"),
        ("https://x.yz/%zz%20", "https://x.yz/%25zz%20"),
        ("https://x.yz/ü>)\n", "https://x.yz/%C3%BC%3E%29"),
        ("javascript:alert(1)", ""),
        ("https://user:secret@x.yz/", ""),
        ("https://", ""),
        ("https://x.yz:99999/", ""),
        ("https://[::1]/", ""),
        ("https://\u202ex.yz/", ""),
        ("//x.yz/", ""),
        (f"https://x.yz/{'a' * 500}", ""),
        (7, ""),
    ],
)
def test_only_web_addresses_are_kept_percent_encoded(link, kept):
    assert kept_link(link) == kept


@given(st.text().map(lambda end: f"https://x.yz/{end}"))
def test_a_kept_address_is_one_by_the_rules_and_stays_the_same(link):
    kept = kept_link(link)
    assert kept == "" or (URI.fullmatch(kept) and kept_link(kept) == kept)


@given(st.one_of(st.binary(max_size=300), st.binary(max_size=60).map(lambda more: b"#EXTM3U\n#EXTINF:" + more)))
@settings(max_examples=500, deadline=None)
def test_bytes_of_any_kind_are_read_or_refused_with_a_sentence(content):
    try:
        assert read_file(content, "list.m3u", 200).tracks
    except MusicError as error:
        assert error.sentence.endswith(".")


@pytest.mark.parametrize(
    "content",
    [
        '{"playlist": {"track": [' + ",".join(["{}"] * 80_000) + "]}}",
        '{"playlist": {"title": "' + "\u202e" * 80_000 + '", "track": [{"title": "x"}]}}',
        f"{OPEN}{'<track/>' * 30_000}{CLOSE}",
        "#EXTM3U\n#EXTINF:-1 " + 'a="b" ' * 40_000,
        "#EXTM3U\n#EXTINF:-1" + " " * 250_000,
        "#EXTM3U\n" + "a\n" * 120_000,
        "#EXTM3U\n" + "-" * 250_000,
    ],
)
def test_the_largest_files_take_no_second(content):
    begun = time.process_time()
    with suppress(MusicError):
        read_file(content.encode()[:MOST_BYTES], "x.m3u", 200)
    assert time.process_time() - begun < 1
