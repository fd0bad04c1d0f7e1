"""Names of artists stand in messages as they are written, and do nothing there."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from steward.bots.music.catalogue.invented import HOSTILE
from steward.bots.music.views.names import NAMELESS, label_name, shown_name

MENTION = re.compile(r"(?<!\\)<(?:@[!&]?|#|/|a?:|t:|id:)|@(?:everyone|here)\b")


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("AC/DC", "AC/DC"),
        ("!!!", "!!!"),
        ("`tick` @everyone", "\\`tick\\` @\u200beveryone"),
        ("**Bold** __under__", "\\*\\*Bold\\*\\* \\_\\_under\\_\\_"),
        ("<#1> <:owl:1> <t:0:R>", "\\<#1> \\<:owl:1> \\<t:0:R>"),
        ("https://example.org/song", "https:\u200b//example.org/song"),
        ("Two\nLines\x00", "Two Lines"),
        ("\u202eesrever", "esrever"),
        ("👩\u200d👩\u200d👧 Trio", "👩\u200d👩\u200d👧 Trio"),
        ("قمر", "\u2068قمر\u2069"),
        ("\u200b\u3164", NAMELESS),
        ("", NAMELESS),
        ("风の駅員", "风の駅員"),
    ],
)
def test_a_name_is_shown_in_its_own_script(name, shown):
    assert shown_name(name) == shown


@given(st.one_of(st.sampled_from(HOSTILE), st.text(max_size=300)))
def test_no_name_pings_links_or_breaks_a_line(name):
    shown = shown_name(name)
    assert not MENTION.search(shown)
    assert "://" not in shown
    assert shown.splitlines() == [shown]
    assert not re.search(r"(?<!\\)(?:\\\\)*[*_~|`]", shown)
    assert len(shown) <= 2 * 80 + 2
    assert len(label_name(name, 40)) <= 40
    assert shown.count("\u2068") == shown.count("\u2069")
