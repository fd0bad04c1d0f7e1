"""Discord markdown converted to plain text."""

from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from steward.text.markup import unmarked

BERLIN = ZoneInfo("Europe/Berlin")
MARKS = "*_~|`>#[]()<>@&:-\\ \n\x00"


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("**Raid** night", "Raid night"),
        ("***Raid*** __night__ ~~off~~", "Raid night off"),
        ("*Raid* _night_", "Raid night"),
        ("The boss is ||Onyxia||", "The boss is Onyxia"),
        ("**Bring __food__ and *drink***", "Bring food and drink"),
        ("Ask <@123> or <@!123>, all <@&7>, in <#42>", "Ask @member or @member, all @role, in #channel"),
        ("<:onyxia:99> Raid <a:dance:5>", ":onyxia: Raid :dance:"),
        ("Meet <t:1795806000:F>", "Meet Fri 27 Nov 2026, 20:00 (Europe/Berlin)"),
        ("Meet <t:1795806000>", "Meet Fri 27 Nov 2026, 20:00 (Europe/Berlin)"),
        ("Doors <t:1795806000:t> on <t:1795806000:D>", "Doors 20:00 on 27 Nov 2026"),
        ("<t:99999999999999999:F>", "<t:99999999999999999:F>"),
        ("See [**the** guide](https://example.org/a_b_c)", "See the guide (https://example.org/a_b_c)"),
        ("See <https://example.org/*x*>", "See https://example.org/*x*"),
        ("https://example.org/a_b_c_ and _this_", "https://example.org/a_b_c_ and this"),
        ("Run `/event **x**`", "Run /event **x**"),
        ("```py\nprint('*')\n```", "print('*')"),
        ("Use </events list:123> in <id:browse>", "Use /events list in #browse"),
        ("# Rules\n> be *kind*\n-# small\n* one\n* two", "Rules\nbe kind\nsmall\n- one\n- two"),
        (r"5 \* 3 \_x\_", "5 * 3 _x_"),
        ("5 * 3 * 2, snake_case_name, a|b, 3~4, x_y", "5 * 3 * 2, snake_case_name, a|b, 3~4, x_y"),
        ("Raid #1, 19:00 - 21:00 <3", "Raid #1, 19:00 - 21:00 <3"),
        ("** **", "** **"),
        ("", ""),
    ],
)
def test_markdown_is_removed_and_words_stay(written, read):
    assert unmarked(written, BERLIN) == read


@given(st.text(max_size=1000))
def test_text_without_markdown_is_unchanged(text):
    words = "".join(letter for letter in text if letter not in MARKS)
    assert unmarked(words) == words


@given(st.text(st.sampled_from(MARKS + "at1 hps/"), max_size=200))
def test_any_markdown_is_converted_and_only_mentions_add_text(text):
    read = unmarked(text)
    assert not text.strip("\x00 \n") or read.strip("\x00 ") or not text.strip()


@given(st.text(st.characters(blacklist_characters=MARKS), min_size=1).map(str.strip))
def test_each_pair_of_marks_is_removed(words):
    if words:
        for mark in ("**", "__", "~~", "||", "*"):
            assert unmarked(f"a {mark}{words}{mark} b") == f"a {words} b"
