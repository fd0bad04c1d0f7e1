"""Names and titles as they stand in messages: in their own script, and unable to format, ping, link or turn a text."""

from __future__ import annotations

from unicodedata import bidirectional, category

from steward.text.cutting import cut_label
from steward.text.escaping import escape_markdown, escape_mentions

LONGEST = 80
NAMELESS = "(no name)"
_JOINERS = "\u200c\u200d"
_EMPTY = frozenset("\u115f\u1160\u2800\u3164\uffa0")
_ISOLATE, _END = "\u2068", "\u2069"
_BREAK = "\u200b"


def shown_name(name: str, longest: int = LONGEST) -> str:
    """
    Return a name or title as it may stand in a message.

    Markdown and mentions are escaped, links broken, what can't be seen is dropped but for the joiners of emoji and
    scripts; what is written from right to left is isolated, so that it turns nothing around it.
    """
    flat = label_name(name, longest)
    if not flat:
        return NAMELESS
    said = escape_mentions(escape_markdown(flat.replace("://", f":{_BREAK}//"))).replace("<", "\\<")
    return f"{_ISOLATE}{said}{_END}" if any(bidirectional(letter) in {"R", "AL"} for letter in flat) else said


def label_name(name: str, longest: int = LONGEST) -> str:
    """Return a name as it may stand where nothing is formatted, such as in a choice."""
    seen = "".join(" " if letter.isspace() else letter for letter in name if not _is_unseen(letter))
    return cut_label(" ".join(seen.split()).strip(_JOINERS), longest)


def _is_unseen(letter: str) -> bool:
    return letter in _EMPTY or (category(letter)[0] == "C" and letter not in _JOINERS and not letter.isspace())
