from __future__ import annotations

import discord
import pytest
from hypothesis import given
from hypothesis import strategies as st

from steward.text.escaping import escape_markdown, escape_mentions

MARKS = (
    "*",
    "_",
    "~~",
    "||",
    "`",
    "\\",
    "> ",
    ">>> ",
    "# ",
    "- ",
    "\n",
    "[a](b)",
    "https://a_b.c/d_e",
    "<https://x/_>",
)
MENTIONS = ("@everyone", "@here", "<@123456789012345678>", "<@!123456789012345678>", "<@&123456789012345678>", "<#1>")
PIECES = st.sampled_from([*MARKS, *MENTIONS, "a "])
TEXTS = st.lists(PIECES | st.text(max_size=5), max_size=12).map("".join)


@given(TEXTS)
def test_marks_are_escaped_as_discord_py_does(text):
    assert escape_markdown(text) == discord.utils.escape_markdown(text)


@given(TEXTS)
def test_mentions_are_broken_as_discord_py_does(text):
    assert escape_mentions(text) == discord.utils.escape_mentions(text)


@pytest.mark.parametrize(
    ("written", "escaped"),
    [("**loud**", r"\*\*loud\*\*"), ("a_b https://a_b.c/_", r"a\_b https://a_b.c/_"), ("# big", r"\# big"), ("", "")],
)
def test_no_mark_is_read_and_links_stay(written, escaped):
    assert escape_markdown(written) == escaped


def test_nobody_is_mentioned_and_channels_stay():
    assert escape_mentions("@everyone <@123456789012345678> <#5>") == "@\u200beveryone <@\u200b123456789012345678> <#5>"
