"""Names as they are compared and shown: punctuation and scripts stay, what can't be seen goes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from steward.bots.music.catalogue.names import LONGEST_NAME, folded_name, folded_tag, shown_artist


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("AC/DC", "ac/dc"),
        ("Straße", "STRASSE"),
        ("\uff37\uff49\uff44\uff45", "wide"),
        ("ﬁnch", "FINCH"),
        ("  two   spaces ", "Two Spaces"),
        ("Nul\x00l", "null"),
        ("\u200bunseen\u200b", "Unseen"),
        ("e\u0301", "\u00e9"),
    ],
)
def test_names_that_are_one(one, other):
    assert folded_name(one) == folded_name(other) != ""


@pytest.mark.parametrize(
    "name", ["!!!", "???", "+/-", "🦊🌙", "שירת המגדלור", "風の駅員", "0", "`tick`", "👩‍👩‍👧 trio"]
)
def test_names_of_marks_emoji_and_other_scripts_stay(name):
    assert folded_name(name) == name


@pytest.mark.parametrize("name", ["", "   ", "\u200b\u200b", "\x00\x01", "\u202e", "\n\t", "\u200d"])
def test_what_cannot_be_seen_is_no_name(name):
    assert folded_name(name) == shown_artist(name) == ""


def test_names_that_differ_in_a_mark_are_two():
    assert folded_name("AC/DC") != folded_name("ACDC")


def test_a_tag_is_one_however_it_is_joined():
    assert folded_tag("Hip-Hop") == folded_tag("hip hop") == folded_tag("HIP_HOP") == "hip hop"


@given(st.text(max_size=400))
def test_folding_twice_is_folding_once_and_nothing_breaks_a_line(name):
    for fold in (folded_name, folded_tag, shown_artist):
        once = fold(name)
        assert fold(once) == once
        assert len(once) <= LONGEST_NAME
        assert not {"\n", "\r", "\x00", "\u202e"} & set(once)
