"""Texts that members type, without control characters."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from steward.client.payloads import tidied, tidy


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("a\x00b", "ab"),
        ("one\r\ntwo\rthree\n\tfour", "one\ntwo\nthree\n\tfour"),
        ("\ud83d", ""),
        ("👨‍👩‍👧 e\u0301 \u202eabc \u200b", "👨‍👩‍👧 e\u0301 \u202eabc \u200b"),
    ],
)
def test_only_control_characters_are_left_out(typed, kept):
    assert tidied(typed) == kept


@given(st.text())
def test_what_is_left_can_be_written_anywhere(text):
    kept = tidied(text)
    kept.encode()
    assert "\x00" not in kept
    assert tidied(kept) == kept
    assert [letter for letter in text if unicodedata.category(letter) not in ("Cc", "Cs")] == [
        letter for letter in kept if letter not in "\n\t"
    ]


def test_options_and_fields_are_tidied_and_nothing_else():
    data = {
        "name": "event",
        "options": [{"name": "create", "options": [{"name": "title", "value": "a\x00"}, {"name": "n", "value": 3}]}],
        "custom_id": "a\x00",
        "components": [{"component": {"custom_id": "text", "value": "\x07b"}}],
        "resolved": {"messages": {"1": {"value": "\x00"}}},
    }
    tidy(data)
    assert data["options"][0]["options"] == [{"name": "title", "value": "a"}, {"name": "n", "value": 3}]
    assert (data["components"][0]["component"]["value"], data["custom_id"]) == ("b", "a\x00")
    assert data["resolved"]["messages"]["1"]["value"] == "\x00"
