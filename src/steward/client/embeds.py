"""Parts of embeds, as Discord's API takes them: every name escaped, every list capped."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

from steward.text.cutting import cut_label, cut_list, cut_text
from steward.text.escaping import escape_markdown, escape_mentions

Message = dict[str, Any]

BLUE, GREEN, AMBER = 0x3B82F6, 0x22C55E, 0xF59E0B
NAME_LENGTH = 32
LONGEST_FOOTER = 2048
FIELD_LENGTH = 1024  # Discord's bound on a field's value
LONGEST_TITLE = 256  # of an embed's title, or of a field's name
CODE_LINE = 120
BREAK = "\u200b"  # Discord makes no link across it
UNSEEN = ("Cc", "Cf", "Cs")  # control and format characters, halves of others; not those of a newer Unicode
BLANKS = "\u115f\u1160\u2800\u3164\uffa0"  # letters and signs that are empty
NOTHING = "\u2026"  # Discord refuses an empty field
UNKNOWN = "unknown"


def clean(name: str, longest: int = NAME_LENGTH) -> str:
    """
    Return a user's or guild's name as it may be shown: no markdown, mention, link or line break, cut to a length.

    Characters that show nothing or turn the direction of the text are left out.
    """
    seen = "".join(" " if letter.isspace() else letter for letter in name if not _is_unseen(letter))
    flat = cut_label(" ".join(seen.split()), longest).replace("://", f":{BREAK}//")
    return escape_mentions(escape_markdown(flat)) or "(no name)"


@lru_cache(maxsize=64)  # the title of an event that hundreds click
def plain(text: str) -> str:
    """Return a title or text of somebody's within a sentence: no markdown, no mention."""
    return escape_mentions(escape_markdown(" ".join(text.split())))


def at(instant: datetime, style: str = "F") -> str:
    """Write an instant so that each member reads it in their own zone (docs: Reference > "Message Formatting")."""
    return f"<t:{int(instant.timestamp())}:{style}>"


def _is_unseen(letter: str) -> bool:
    return letter in BLANKS or (unicodedata.category(letter) in UNSEEN and not letter.isspace())


def embed(title: str, fields: list[dict[str, Any]], colour: int, *, footer: str, at: datetime) -> Message:
    made = {
        "title": cut_label(title, LONGEST_TITLE),
        "color": colour,
        "fields": fields,
        "footer": {"text": cut_label(footer, LONGEST_FOOTER)},
        "timestamp": at.isoformat(),
    }
    return {"embeds": [made]}


def field(name: str, value: str, *, inline: bool = True) -> dict[str, Any]:
    """Return one field of an embed; a name or value that is too long is cut."""
    return {"name": cut_label(name, LONGEST_TITLE), "value": cut_text(value, FIELD_LENGTH), "inline": inline}


def number(value: int | None) -> str:
    """Write a number as people read it; None is unknown."""
    return UNKNOWN if value is None else f"{value:,}"


def signed(value: int | None) -> str:
    """Write a change, with its sign."""
    return UNKNOWN if value is None else f"{value:+,}"


def of_them(total: str, part: int, what: str) -> str:
    """Say what part of a number is something in particular, if any is."""
    return f"{total}, {part:,} of them {what}" if part else total


def lines(texts: Sequence[str]) -> str:
    """Join lines, as many as a field holds, and count the others."""
    return cut_list([line for text in texts if (line := text.strip())], FIELD_LENGTH) or NOTHING


def code(texts: Sequence[str]) -> str:
    """Put lines into a block of code."""
    cleaned = [cut_label(line.strip().replace("`", "'"), CODE_LINE) for line in texts if line.strip()]
    return f"```\n{cut_list(cleaned, FIELD_LENGTH - 8) or NOTHING}\n```"


def quoted(typed: str) -> str:
    """Return a typed text for use in a sentence: cut, and without markdown and mentions."""
    return plain(cut_label(typed, 50))
