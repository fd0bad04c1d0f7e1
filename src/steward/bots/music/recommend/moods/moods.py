"""What a member asks for in words, as tags with weights: moods, occasions, decades, and tags by their names."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import NamedTuple

from steward.bots.music.catalogue.likeness import most_alike
from steward.bots.music.catalogue.names import folded_tag
from steward.bots.music.recommend.moods.lexicon import (
    DECADES,
    DEGREES,
    ENDS,
    JOINS,
    LEXICON,
    NEGATIONS,
    UNSAID,
)

LONGEST_PHRASE = 4
"""Words of one tag, or of one entry of the lexicon."""
MOST_WORDS = 100
MOST_TAGS = 12
SHORTEST_TYPO = 5
_WORD = re.compile(r"[,.;:!?()]+|[^\s,.;:!?()]+")
_DECADE = re.compile(r"(?:19|20)?([0-9]0)'?s")
_BREAKS = frozenset(",.;:!?()")
_ENDINGS = (
    ("ies", "y"),
    ("ing", ""),
    ("ing", "e"),
    ("ed", ""),
    ("ed", "e"),
    ("es", ""),
    ("s", ""),
    ("ly", ""),
    ("y", ""),
)


class MoodWord(NamedTuple):
    """What was understood: some words as they were typed, folded, and the tags that they stand for."""

    text: str
    tags: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Mood:
    """
    What was asked for.

    Attributes:
        words: what was understood, in order.
        unread: words that say something, but nobody knows what.

    """

    words: tuple[MoodWord, ...] = ()
    unread: tuple[str, ...] = ()

    @property
    def tags(self) -> dict[str, float]:
        """The tags, those with the greatest weights first; a negative one is to be avoided."""
        found: dict[str, float] = {}
        for word in self.words:
            for tag, weight in word.tags.items():
                found[tag] = found.get(tag, 0.0) + weight
        best = sorted((tag for tag in found if found[tag]), key=lambda tag: (-abs(found[tag]), tag))
        return {tag: found[tag] for tag in best[:MOST_TAGS]}


def words_of(text: str) -> list[str]:
    """Return the words of a text as they are looked up; marks that end a clause are words as well."""
    return [
        word if word[0] in _BREAKS else _decade(word)
        for piece in _WORD.findall(text[:2000].replace("\u2019", "'"))
        for word in (folded_tag(piece).split() or [])
    ][:MOST_WORDS]


def phrases_of(words: Sequence[str]) -> list[str]:
    """Return every run of words that may be a tag, each once, and what a single word may be a form of."""
    runs = (
        " ".join(words[start:end])
        for start in range(len(words))
        for end in range(start + 1, min(len(words), start + LONGEST_PHRASE) + 1)
        if not _BREAKS.intersection(word[0] for word in words[start:end])
    )
    stems = (stem for word in words for stem in _stems(word) if stem)
    return list(dict.fromkeys((*runs, *stems)))


def unknown_words(words: Sequence[str], tags: Collection[str]) -> list[str]:
    """Return the words that neither the lexicon nor one of the tags has, and that may be typed wrongly."""
    read = read_mood(words, tags)
    return [word for word in read.unread if len(word) >= SHORTEST_TYPO]


def read_mood(words: Sequence[str], tags: Collection[str], meant: Mapping[str, str] | None = None) -> Mood:
    """
    Return the mood of some words: the longest phrases first, and of what was typed wrongly what was meant.

    `not` turns the next phrase round, and those joined to it by `or`; `a bit` and `very` weigh the next one.

    Args:
        tags: tags of the catalogue that may be among the words.
        meant: of words that are typed wrongly the tags of the catalogue that are most like them.

    """
    known, corrected = frozenset(tags), meant or {}
    found: list[MoodWord] = []
    unread: list[str] = []
    sign, degree, joined = 1.0, 1.0, False
    for phrase in _phrases(words, known, corrected):
        if phrase in DEGREES:
            degree = DEGREES[phrase]
        elif phrase in ENDS or phrase[0] in _BREAKS:
            sign, degree, joined = 1.0, 1.0, False
        elif phrase in NEGATIONS:
            sign, joined = -1.0, False
        elif of_phrase := _tags_of(phrase, known, corrected):
            if joined:
                sign = 1.0  # what was turned round has ended
            found.append(MoodWord(phrase, {tag: sign * degree * weight for tag, weight in of_phrase.items()}))
            degree, joined = 1.0, True
        elif phrase in JOINS:
            joined = joined and phrase == "and"
        elif phrase not in UNSAID:
            unread.append(phrase)
            degree = 1.0
    return Mood(tuple(found), tuple(unread))


def _phrases(words: Sequence[str], tags: Collection[str], meant: Mapping[str, str]) -> Iterator[str]:
    """Yield the words, joined where several together say something."""
    start = 0
    while start < len(words):
        for end in range(min(len(words), start + LONGEST_PHRASE), start, -1):
            phrase = " ".join(words[start:end])
            if end == start + 1 or phrase in DEGREES or _tags_of(phrase, tags, meant):
                yield phrase
                start = end
                break


def _tags_of(phrase: str, tags: Collection[str], meant: Mapping[str, str]) -> dict[str, float]:
    """Return what a phrase stands for: itself where it is a tag, and what the lexicon says; empty if it is unknown."""
    if phrase in UNSAID or phrase in NEGATIONS or phrase in DEGREES:
        return {}
    found = _of_lexicon(phrase)
    tag = next((form for form in (phrase, *_stems(phrase)) if form in tags), None)
    if tag is not None:
        found = {tag: 1.0} | found
    if not found and phrase in DECADES:
        found = {DECADES[phrase]: 1.0}
    if not found and _DECADE.fullmatch(phrase):
        found = {phrase: 1.0}
    if not found and phrase in meant:
        found = {meant[phrase]: 1.0}
    if not found and len(phrase) >= SHORTEST_TYPO and " " not in phrase:
        found = _of_lexicon(_in_lexicon(phrase))
    return found


def _of_lexicon(phrase: str) -> dict[str, float]:
    entry = LEXICON.get(phrase)
    if entry is None:
        entry = next((LEXICON[stem] for stem in _stems(phrase) if stem in LEXICON), None)
    return {} if entry is None else dict(_parsed(entry))


def _stems(word: str) -> Iterator[str]:
    """Yield what a word may be a form of: `running` and `runs` of `run`."""
    for end, instead in _ENDINGS:
        if word.endswith(end):
            stem = word[: -len(end)]
            yield stem + instead
            if stem[-1:] == stem[-2:-1]:
                yield stem[:-1]


@lru_cache(maxsize=128)
def _in_lexicon(word: str) -> str:
    """Return the entry of the lexicon that a word typed wrongly is most like; empty if there is none."""
    alike = most_alike(word, LEXICON)
    return "" if alike is None else alike[0]


@cache
def _parsed(entry: str) -> tuple[tuple[str, float], ...]:
    found = []
    for part in entry.split(", "):
        sign, rest = (-1.0, part[1:]) if part.startswith("-") else (1.0, part)
        tag, _, weight = rest.rpartition(" ")
        if weight.startswith("."):
            found.append((tag, sign * float(weight)))
        else:
            found.append((rest, sign))
    return tuple(found)


def _decade(word: str) -> str:
    """Return a word, decades as they are tagged: `1980's` is `80s`."""
    match = _DECADE.fullmatch(word)
    return f"{match[1]}s" if match else word
