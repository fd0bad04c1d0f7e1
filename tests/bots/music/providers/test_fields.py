"""Anything may stand where a field is expected."""

import pytest

from steward.bots.music.providers.fields import (
    folded,
    inside,
    mbid_of,
    moment_of,
    number_of,
    picture_of,
    read_json,
    rows_of,
    share_of,
    text_of,
    web_address,
    whole_of,
)

ODD: list[object] = [
    None,
    True,
    0,
    -1.5,
    float("inf"),
    float("nan"),
    10**400,
    "",
    " ",
    "x",
    [],
    {},
    [[]],
    {"#text": []},
    b"",
    ...,
]


@pytest.mark.parametrize("value", ODD, ids=repr)
def test_nothing_odd_is_an_error(value):
    for read in (text_of, number_of, whole_of, share_of, mbid_of, web_address, picture_of, rows_of):
        read(value)
    moment_of(value, 2_000_000_000)
    inside(value, "a", "b")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("AC/DC", "AC/DC"),
        ({"#text": "Air", "mbid": ""}, "Air"),
        (1999, "1999"),
        (True, ""),
        ("a\tb\r\nc\u2028d", "a b c d"),
        ("\x00\x1b[31m\x9b", "[31m"),
        ("a\ud800b", "ab"),
        ("\ufb01 \uff21 e\u0301", "\ufb01 \uff21 e\u0301"),
        ("👩‍🚀 فيروز 東京", "👩‍🚀 فيروز 東京"),
        ("x" * 9999, "x" * 500),
    ],
)
def test_texts_stay_as_they_are_written_but_for_control_characters(value, text):
    assert text_of(value) == text


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("https://a.example/x.jpg", True),
        ("http://a.example/x.jpg", False),
        ("javascript:alert(1)", False),
        ("https://user:key@a.example/", False),
        ("https://[a.example/", False),
        ("https://a.example/) [b](https://c.example", False),
        ("https://a.example/<b>", False),
        ("//a.example/x.jpg", False),
    ],
)
def test_only_plain_https_addresses_are_shown(value, shown):
    assert web_address(value) == (value if shown else "")


def test_names_are_compared_in_their_own_script():
    assert folded("\uff21\uff29\uff32  Supply") == folded("air supply")
    assert folded("東京事変") == "東京事変"
    assert folded("Мумий Тролль") != folded("Mumiy Troll")


@pytest.mark.parametrize("body", [b"", b"<html>", b"nul", b"[" * 100_000, b'{"a": '])
def test_what_is_no_json_is_a_value_error(body):
    with pytest.raises(ValueError):
        read_json(body)


def test_json_may_have_control_characters_a_mark_and_broken_letters():
    assert read_json(b'\xef\xbb\xbf{"a": "x\x01\ny\xff"}') == {"a": "x\x01\ny\ufffd"}
