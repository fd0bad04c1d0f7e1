"""Moods as the catalogue has them: tags that are in it, and the artists that people give them to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import log

from steward.bots.music.catalogue.artists import popularity_of
from steward.bots.music.catalogue.likeness import most_alike, possible_lengths
from steward.bots.music.catalogue.lookups import rows_in
from steward.bots.music.recommend.moods.moods import Mood, phrases_of, read_mood, unknown_words, words_of
from steward.store import Transaction

MOST_OF_A_TAG = 300
"""Artists of a tag that are looked at: those to whom most people give it."""
MOST_UNKNOWN = 10
MOST_COMPARED = 2000


@dataclass(frozen=True, slots=True)
class MoodOfTags:
    """
    A mood by numbers of tags.

    Attributes:
        tags: each with its weight; a negative one is to be avoided.
        words: what was understood of what was typed.

    """

    tags: Mapping[int, float] = field(default_factory=dict)
    words: Mood = field(default_factory=Mood)

    @property
    def asked(self) -> dict[int, float]:
        """The tags that are wished for."""
        return {tag: weight for tag, weight in self.tags.items() if weight > 0}


def find_mood(tx: Transaction, text: str) -> MoodOfTags:
    """Return what was asked for in words, as far as the catalogue has tags for it."""
    words = words_of(text)
    tags = tag_numbers(tx, phrases_of(words))
    meant = {}
    for word in unknown_words(words, tags)[:MOST_UNKNOWN]:
        alike = most_alike(word, _tags_about_as_long(tx, word))
        if alike is not None:
            meant[word] = alike[0]
    mood = read_mood(words, tags, meant)
    numbers = tag_numbers(tx, list(mood.tags))
    return MoodOfTags({numbers[tag]: weight for tag, weight in mood.tags.items() if tag in numbers}, mood)


def mood_of_tags(tags: Mapping[int, float]) -> MoodOfTags:
    """Return a mood of tags by their numbers."""
    return MoodOfTags(dict(tags))


def artists_of_mood(tx: Transaction, tags: Mapping[int, float]) -> dict[int, float]:
    """
    Return artists by how many people give them the tags that are wished for, less those that are to be avoided.

    The number of people counts, and how popular the artist is: what few know may carry any tag (measured with
    `steward bench music`).
    """
    found: dict[int, float] = {}
    for tag, weight in sorted(tags.items(), key=lambda item: -item[1]):
        sql = "SELECT artist, weight FROM music_artist_tags WHERE tag = ? ORDER BY weight DESC, artist LIMIT ?"
        rows = tx.all(sql, (tag, MOST_OF_A_TAG))
        most = max((given for _, given in rows), default=1)
        for artist, given in rows:
            if weight > 0 or artist in found:
                found[artist] = found.get(artist, 0.0) + weight * given / most
    popularity = popularity_of(tx, list(found))
    return {artist: score * log(2 + popularity.get(artist, 0)) for artist, score in found.items() if score > 0}


def tag_numbers(tx: Transaction, names: Sequence[str]) -> dict[str, int]:
    """Return the numbers of tags by name; those that no artist has are left out."""
    return dict(map(tuple, rows_in(tx, "SELECT name, id FROM music_tags WHERE artists > 0 AND name IN ({})", names)))


def tag_names(tx: Transaction, tags: Iterable[int]) -> dict[int, str]:
    """Return the names of tags by number."""
    return dict(map(tuple, rows_in(tx, "SELECT id, name FROM music_tags WHERE id IN ({})", sorted(set(tags)))))


def _tags_about_as_long(tx: Transaction, word: str) -> list[str]:
    lengths = possible_lengths(len(word))
    sql = "SELECT name FROM music_tags WHERE artists > 0 ORDER BY artists DESC, id LIMIT ?"
    return [name for (name,) in tx.all(sql, (MOST_COMPARED,)) if len(name) in lengths]
