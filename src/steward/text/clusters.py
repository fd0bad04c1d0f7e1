"""Grapheme clusters: user-perceived characters such as an emoji with its skin tone, an accented letter, or a flag."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

_JOINER = "\u200d"
_FLAG_LETTERS = range(0x1F1E6, 0x1F200)
_SKIN_TONES = range(0x1F3FB, 0x1F400)
_TAGS = range(0xE0020, 0xE0080)
_JAMO = range(0x1160, 0x1200)  # vowels and final consonants of Hangul, which join the previous character


def cluster_end(text: str, start: int) -> int:
    """
    Return the end of the grapheme cluster that starts at `start`.

    A subset of the extended grapheme clusters of UAX #29; unknown sequences count per code point.
    """
    end = start + 1
    if text[start] == "\r" and text[end : end + 1] == "\n":
        return end + 1
    if _is(text, start, _FLAG_LETTERS) and _is(text, end, _FLAG_LETTERS):
        end += 1
    while end < len(text):
        if text[end] == _JOINER and end + 1 < len(text):
            end += 2
        elif _extends(text, end):
            end += 1
        else:
            break
    return end


def cluster_ends(text: str) -> Iterator[int]:
    """Yield the end of each grapheme cluster."""
    end = 0
    while end < len(text):
        end = cluster_end(text, end)
        yield end


def _extends(text: str, at: int) -> bool:
    return (
        unicodedata.category(text[at]).startswith("M")
        or text[at] == _JOINER
        or _is(text, at, _SKIN_TONES)
        or _is(text, at, _TAGS)
        or _is(text, at, _JAMO)
    )


def _is(text: str, at: int, kind: range) -> bool:
    return at < len(text) and ord(text[at]) in kind
