"""The meanings of words by language, from the tables in `steward.text.words`, loaded on first use."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from sys import intern
from typing import NamedTuple

LANGUAGES = (
    *("en", "de", "fr", "es", "pt", "it", "nl"),
    *("pl", "ru", "uk", "cs", "da", "sv", "nb", "fi", "hu", "ro", "bg"),
    *("hr", "lt", "el", "tr", "id", "vi", "th", "hi", "ja", "ko", "zh"),
)
BIT = {language: 1 << place for place, language in enumerate(LANGUAGES)}
ANY = (1 << len(LANGUAGES)) - 1
ENGLISH = BIT["en"]
_LETTERS = str.maketrans({"\N{LATIN SMALL LETTER DOTLESS I}": "i", "ø": "o", "ł": "l"})  # without a decomposition
_SHORTEST_UNMARKED = 2  # `št` is a Saturday, but `st` may be server time

_TABLES = Path(__file__).parent.parent / "words"
JOINED = (  # 21 to 99 as one word
    ("de", "ein zwei drei vier fünf sechs sieben acht neun", "und", "zwanzig dreissig vierzig fünfzig"),
    ("nl", "een twee drie vier vijf zes zeven acht negen", "en", "twintig dertig veertig vijftig"),
    ("nl", "een twee drie vier vijf zes zeven acht negen", "ën", "twintig dertig veertig vijftig"),
)


class Sense(NamedTuple):
    """
    One meaning of a word.

    Attributes:
        kind: of token, such as `WEEKDAY`.
        value: such as 4.
        languages: bits of the languages that have it.

    """

    kind: str
    value: object
    languages: int


class Lexicon(NamedTuple):
    """
    All words.

    Attributes:
        senses: by casefolded word or words, with and without diacritics.
        starts: most words of an entry, by its first word.
        glued: length of the longest entry in scripts without spaces.

    """

    senses: dict[str, tuple[Sense, ...]]
    starts: dict[str, int]
    glued: int


@cache
def lexicon() -> Lexicon:
    """Return the words of all languages."""
    senses: dict[str, tuple[Sense, ...]] = {}
    shared: dict[tuple[Sense, ...], tuple[Sense, ...]] = {}  # shares equal tuples to avoid memory fragmentation
    for language, kind, value, words in _entries():
        sense = Sense(kind, value, BIT.get(language, ANY))
        for word in words:
            meant = _with(senses.get(word, ()), sense)
            senses[word] = shared.setdefault(meant, meant)
    plain: dict[str, tuple[Sense, ...]] = {}
    for word, meanings in senses.items():
        bare = unmarked(word)
        if bare not in senses and len(bare) > _SHORTEST_UNMARKED:
            meant = tuple(dict.fromkeys((*plain.get(bare, ()), *meanings)))
            plain[bare] = shared.setdefault(meant, meant)
    senses |= plain
    starts: dict[str, int] = {}
    for word in senses:
        first, count = word.partition(" ")[0], word.count(" ") + 1
        if count > starts.get(first, 1):
            starts[first] = count
    return Lexicon(senses, starts, max(len(word) for word in senses if is_glued(word[0])))


def _with(meant: tuple[Sense, ...], sense: Sense) -> tuple[Sense, ...]:
    """Return the senses of a word with one added, or its languages merged into the same one."""
    for place, old in enumerate(meant):
        if old[:2] == sense[:2]:
            merged = old._replace(languages=old.languages | sense.languages)
            return (*meant[:place], merged, *meant[place + 1 :])
    return (*meant, sense)


def unmarked(word: str) -> str:
    """Return a word without diacritics of Latin, Greek and Cyrillic letters: `février` as `fevrier`."""
    if word.isascii():
        return word
    split = unicodedata.normalize("NFD", word)
    kept = "".join(char for char in split if not "\u0300" <= char <= "\u036f")
    return unicodedata.normalize("NFC", kept).translate(_LETTERS)


def is_glued(char: str) -> bool:
    """Return whether a character is of a script without spaces between words."""
    return (
        "\u0e00" <= char <= "\u0e7f"
        or "\u3040" <= char <= "\u30ff"
        or "\u4e00" <= char <= "\u9fff"
        or ("\uac00" <= char <= "\ud7a3")
    )


def _entries() -> Iterator[tuple[str, str, object, list[str]]]:
    """Yield language, kind, value and words of each line of the tables."""
    for name in (*LANGUAGES[:7], "more", "cldr"):
        language = name
        with (_TABLES / f"{name}.txt").open(encoding="utf-8") as lines:
            for line in map(str.rstrip, lines):
                if line.startswith("["):
                    language = line[1:-1]
                elif line and line[0] != "#" and language not in ("zones", "cities"):
                    head, _, tail = line.partition(": ")
                    kind, _, value = head.partition("=")
                    words = tail.casefold().split(", ")
                    yield language, intern(kind.upper().replace(" ", "_")), _value(value), words
    for language, units, by, tens in JOINED:
        for ten, name in enumerate(tens.split(), 2):
            for unit, digit in enumerate(units.split(), 1):
                yield language, "NUMBER", float(ten * 10 + unit), [f"{digit}{by}{name}"]


def _value(text: str) -> object:
    values = [float(word) if word[-1].isdigit() else word for word in text.split(" ")] if text else []
    return tuple(values) if len(values) > 1 else values[0] if values else None
