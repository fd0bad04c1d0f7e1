"""Splits a text into tokens, with all alternatives at each position."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cached_property
from typing import NamedTuple

from steward.text.phrases.figures import figures_at
from steward.text.phrases.lexicon import ANY, ENGLISH, Sense, is_glued, lexicon, unmarked
from steward.text.phrases.zones import iana_zone, offset_of, zone_city, zones_named

_SKIPPED = frozenset(" ,;()[]\"'`*_·“”„«»")
_AFTER_WORDS = frozenset(".:!?")
_JOINTS = re.compile(r"(?:\. |[ '.\-])")
_TIMESTAMP = re.compile(r"<t:(-?\d{1,12})(?::[a-z])?>")
_OFFSET = re.compile(r"([+\-])(\d{1,2})(?::?(\d{2}))?(?![\w:])")
_IANA = re.compile(r"[a-z][a-z_+\-]*(?:/[a-z0-9_+\-]+)+(?![\w/])|(?<=\()[a-z][\w/+\-]*(?=[,)])")
_IN_PARENTHESES = re.compile(r"(?<=\()[^()\d]+(?=\))")
_SIGNS = {"@": "AT", "~": "ABOUT", "+": "PLUS", "-": "DASH", "&": "AND"}
_MAX_STEPS = 700  # the longest realistic texts take about 610
_FRACTIONS = {"½": "5", "¼": "25", "¾": "75"}
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−－", "-") | {"’": "'", "ʼ": "'", "‘": "'"})  # noqa: RUF001


class Token(NamedTuple):
    """
    One possible token at a position.

    Attributes:
        kind: used in patterns.
        value: its meaning.
        languages: bits of the languages that have it.
        end: position after it.

    """

    kind: str
    value: object
    languages: int
    end: int


class Exhausted(Exception):
    """The text is too ambiguous to parse."""


class Tokens:
    """
    The tokens of a text.

    Args:
        text: as written.

    """

    def __init__(self, text: str) -> None:
        self.text = _plain(text)
        self.durations: dict[int, tuple[Token, ...]] = {}
        self.fitting: dict[tuple[int, frozenset[str], bool], list[Token]] = {}
        self._left = _MAX_STEPS
        self._at: dict[int, tuple[Token, ...]] = {}
        self._kinds: dict[int, frozenset[str]] = {}
        self._after: dict[int, int] = {}

    def spend(self, steps: int) -> None:
        """
        Count parsing steps.

        Raises:
            Exhausted: too many steps.

        """
        self._left -= steps
        if self._left < 0:
            raise Exhausted

    def at(self, position: int) -> tuple[Token, ...]:
        """Return the possible tokens at a position."""
        found = self._at.get(position)
        if found is None:
            found = self._at[position] = tuple(self._found(position))
        return found

    def enter(self, position: int) -> frozenset[str]:
        """
        Return the possible kinds at a position; counts as a step.

        Raises:
            Exhausted: too many steps.

        """
        self._left -= 1
        if self._left < 0:
            raise Exhausted
        found = self._kinds.get(position)
        if found is None:
            found = self._kinds[position] = frozenset([token.kind for token in self.at(position)])
        return found

    def after(self, end: int) -> int:
        """Return the start of the next token after a position, or the end of the text."""
        found = self._after.get(end)
        if found is None:
            found = self._after[end] = self._next(end)
        return found

    def _next(self, end: int) -> int:
        text, size, position = self.text, len(self.text), end
        if position < size and text[position] in _AFTER_WORDS and position and not text[position - 1].isdigit():
            position += 1
        while position < size and text[position] in _SKIPPED:
            position += 1
        return position

    def _found(self, position: int) -> Iterator[Token]:
        text = self.text
        if position >= len(text):
            return
        char = text[position]
        if char.isdigit():
            for end, kind, value in figures_at(text, position):
                yield Token(kind, value, ANY, end)
            return
        if char == "<":
            yield from self._timestamp(position)
            return
        if char in _SIGNS:
            if char in "+-":
                yield from self._offset(position)
            yield Token(_SIGNS[char], None, ANY, position + 1)
            if char == "-" and text[position - 1 : position + 2] == " - ":
                yield Token("BREAK", None, ANY, position + 1)
            return
        yield from self._zones(position)
        if is_glued(char):
            yield from self._glued(position)
        elif char in self._letters:
            yield from self._words(position)

    @cached_property
    def _letters(self) -> frozenset[str]:
        return frozenset(char for char in self.text if char.isalpha() or unicodedata.category(char)[0] == "M")

    def _word_end(self, position: int) -> int:
        text, letters = self.text, self._letters
        while position < len(text) and text[position] in letters and not is_glued(text[position]):
            position += 1
        return position

    def _words(self, position: int) -> Iterator[Token]:
        known = lexicon()
        text, end = self.text, self._word_end(position)
        if end == position:
            return
        said = text[position:end]
        longest = known.starts.get(said, 1) if said in known.starts else known.starts.get(unmarked(said), 1)
        count, found = 1, False
        while True:
            for sense in _senses(said):
                found = True
                yield Token(sense.kind, sense.value, sense.languages, end)
            joint = _JOINTS.match(text, end)
            if count == longest or joint is None:
                break
            word_end = self._word_end(joint.end())
            if word_end == joint.end():
                break
            said, end, count = f"{said} {text[joint.end() : word_end]}", word_end, count + 1
        if not found and count == 1:
            yield from self._compound(said, position)

    def _compound(self, word: str, position: int) -> Iterator[Token]:
        """Yield the parts of `freitagabend`, one after the other."""
        for cut in range(4, len(word) - 3):
            heads = [sense for sense in _senses(word[:cut]) if sense.kind in ("WEEKDAY", "AHEAD")]
            tails = [sense for sense in _senses(word[cut:]) if sense.kind == "PART"]
            if heads and tails:
                self._at[position + cut] = tuple(
                    Token(one.kind, one.value, one.languages, position + len(word)) for one in tails
                )
                yield from (Token(one.kind, one.value, one.languages, position + cut) for one in heads)

    def _glued(self, position: int) -> Iterator[Token]:
        known = lexicon()
        for length in range(1, known.glued + 1):
            word = self.text[position : position + length]
            if len(word) < length:
                return
            for sense in known.senses.get(word, ()):
                yield Token(sense.kind, sense.value, sense.languages, position + length)

    def _timestamp(self, position: int) -> Iterator[Token]:
        match = _TIMESTAMP.match(self.text, position)
        if match is None:
            return
        try:
            yield Token("INSTANT", datetime.fromtimestamp(int(match[1]), UTC), ANY, match.end())
        except (OverflowError, OSError, ValueError):
            return

    def _offset(self, position: int) -> Iterator[Token]:
        match = _OFFSET.match(self.text, position)
        zone = None if match is None else offset_of(match[1], int(match[2]), int(match[3] or 0))
        if match is None or zone is None:
            return
        yield Token("OFFSET", zone, ANY, match.end())
        if match[3] and position and self.text[position - 1] == " ":
            yield Token("FULL_OFFSET", zone, ANY, match.end())

    def _zones(self, position: int) -> Iterator[Token]:
        """Yield zone names that are no words, such as Europe/London; in parentheses also cities."""
        text = self.text
        match = _IANA.match(text, position)
        zone = None if match is None else iana_zone(match[0])
        if match is not None and zone is not None:
            yield Token("ZONE", (zone,), ANY, match.end())
        match = _IN_PARENTHESES.match(text, position)
        zone = None if match is None else zone_city(match[0].strip())
        if match is not None and zone is not None:
            yield Token("ZONE", (zone,), ANY, match.end())
        yield from (Token("ZONE", zones, ANY, end) for zones, end in zones_named(text, position, self._word_end))


def _senses(word: str) -> tuple[Sense, ...]:
    senses = lexicon().senses
    found = senses.get(word)
    return found if found is not None else senses.get(unmarked(word), ())


def reach(languages: int) -> int:
    """Return the languages that may be mixed with a word: any for English, as people mix it in."""
    return ANY if languages & ENGLISH else languages


def _plain(text: str) -> str:
    """Return the text with normalised letters, digits, dashes and spaces."""
    text = re.sub(r"(\d?)\s?([½¼¾])", lambda match: f"{match[1] or 0}.{_FRACTIONS[match[2]]}", text)
    text = re.sub(r"(?<=\d) ([13])/([24])(?=\s?[^\W\d])", _decimal, text)
    text = text.casefold() if text.isascii() else _folded(text)
    return " ".join(text.split()).strip(" .!?,")


def _folded(text: str) -> str:
    text = unicodedata.normalize("NFKC", text).translate(_DASHES).casefold()
    return unicodedata.normalize("NFC", "".join(_character(char) for char in text))


def _decimal(match: re.Match[str]) -> str:
    """Return the fraction in `1 1/2 hours` as a decimal."""
    return f".{int(match[1]) * 100 // int(match[2])}"


def _character(char: str) -> str:
    if char.isascii():
        return char
    if char.isdecimal():
        return str(unicodedata.decimal(char))
    return "" if unicodedata.category(char) == "Cf" else char
