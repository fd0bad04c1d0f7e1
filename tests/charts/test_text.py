"""Names of any script: sanitised, on one line, and cut to fit."""

from __future__ import annotations

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from steward.charts.canvas import clean, fit, width


def test_bidi_and_control_characters_are_removed():
    assert clean("a\u202eb\x00c\n d\u2066e") == "abc de"


def test_stacked_marks_are_limited_to_two():
    assert clean("Z" + "\u0316" * 40 + "a") == "Z\u0316\u0316a"


def test_a_long_name_ends_in_an_ellipsis():
    assert fit("off-topic-and-everything-else", 27, 200).endswith("…")


@given(text=st.text(), room=st.floats(0, 500))
def test_fitted_text_is_no_wider_than_its_room(text, room):
    assert width(fit(text, 27, room), 27) <= room


@given(text=st.text())
def test_clean_text_may_stand_in_xml(text):
    cleaned = clean(text)
    assert not any(unicodedata.category(char) in ("Cc", "Cs") for char in cleaned)
    assert clean(cleaned) == cleaned
