"""Names that break what doesn't expect them, and tracks of such names."""

import json

from hypothesis import strategies as st

from steward.bots.music.playlists.cleaning import kept_track

NAMES = [
    "AC/DC", "!!!", "`@everyone`", "<@1> <@&2> <#3>", "a - b - c", "- a", "a -", " - ", "#EXTINF:-1,x", "#EXTM3U",
    "]]>", "<![CDATA[x]]>", "&amp;", "&lolz;", "<b>x</b>", 'A & B <c> "q"', "שלום עולם", "\u202eevil",
    "\x00nul\x07bell", "a\r\nhttps://x.yz", "x" * 500, "\ud800half", "\ufffe\uffff", "👨\u200d👩\u200d👧", "日本語 🎵",
    "'; DROP TABLE music_playlists; --", "a,b, c", '{"a": [1]}', "\\u0000",
]  # fmt: skip
TEXTS = st.one_of(st.sampled_from(NAMES), st.text(max_size=30), st.text(" -,#:<>&\"'\\/", max_size=8))
LINKS = st.sampled_from(
    ["", "https://www.deezer.com/track/3135556", 'http://x.yz/a b?c=<d>&e="f"#g#h', "https://ü.de/ä"]
)
MBID = "b1a9c0e9-d987-4042-ae91-78d6a3267d69"
IDENTIFIERS = st.sampled_from(
    ["", f"https://musicbrainz.org/recording/{MBID}", f"https://musicbrainz.org/artist/{MBID}"]
)
TRACKS = st.builds(
    lambda artist, title, link, identifier: kept_track(artist, title, [link], [identifier]),
    *(TEXTS, TEXTS, LINKS, IDENTIFIERS),
).filter(bool)
PLAYLISTS = st.lists(TRACKS, min_size=1, max_size=6)


def collected(folder):
    """The hostile texts that stand beside the clone."""
    return [text for _, text in json.loads((folder / "web" / "hostile.json").read_text())]
