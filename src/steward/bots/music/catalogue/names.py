"""Names of artists and tags: as they are shown, and folded as they are compared."""

from __future__ import annotations

from unicodedata import category, normalize
from urllib.parse import quote

LONGEST_NAME, LONGEST_TAG = 200, 100
LAST = "\U0010ffff"
"""Comes after every other character, on each engine."""
_JOINERS = "\u200c\u200d"
_AT_ENDS = f"{_JOINERS} "


def folded_name(name: str) -> str:
    """
    Return a name as it is compared: NFKC, without case, and without what can't be seen; empty if nothing is left.

    Punctuation stays: `!!!` and `AC/DC` are names.
    """
    plain = normalize("NFKC", normalize("NFKC", name).casefold())
    return " ".join(_visible(plain).split())[:LONGEST_NAME].strip()


def folded_tag(tag: str) -> str:
    """Return a tag as it is kept: `Hip-Hop` and `hip hop` are one."""
    return " ".join(folded_name(tag).replace("-", " ").replace("_", " ").split())[:LONGEST_TAG].strip()


def shown_artist(name: str) -> str:
    """Return a name or title without what can't be shown, as long as is kept; what is kept already stays the same."""
    return " ".join(_visible(name).split()).strip(_AT_ENDS)[:LONGEST_NAME].strip(_AT_ENDS)


def search_term(words: str, longest: int) -> str:
    """Return words as a part of an address that searches for them, of so many characters at most, encoded."""
    found = ""
    for letter in words.strip():
        more = quote(letter, safe="")
        if len(found) + len(more) > longest:
            break
        found += more
    return found


def _visible(text: str) -> str:
    """Take out control and format characters, but not the joiners that emoji and some scripts are written with."""
    return "".join(
        letter if category(letter)[0] != "C" or letter in _JOINERS else " " if letter.isspace() else ""
        for letter in text
    ).strip(f"{_JOINERS} \t\r\n")
