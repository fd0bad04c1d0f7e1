"""Why an artist is recommended, as values that a view puts into words."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from steward.bots.music.catalogue.artists import Artist


class Component(StrEnum):
    """What speaks for an artist; a score has a share of each."""

    ARTISTS = "artists"
    LISTENERS = "listeners"
    TAGS = "tags"
    MOOD = "mood"
    POPULARITY = "popularity"


@dataclass(frozen=True, slots=True)
class NearArtists:
    """Whoever listens to these artists of the profile listens to it; the nearest first."""

    artists: tuple[Artist, ...]


@dataclass(frozen=True, slots=True)
class AlikeListeners:
    """
    Listeners with a similar taste listen to it.

    Attributes:
        listeners: some of them, the most alike first.
        count: of all of those that were looked at.
        shared: artists of the profile that the first of them listens to as well.

    """

    listeners: tuple[int, ...]
    count: int
    shared: tuple[Artist, ...] = ()


@dataclass(frozen=True, slots=True)
class SharedTags:
    """It is tagged as what the profile has; the strongest first."""

    tags: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MoodTags:
    """It is tagged as was asked for; the strongest first."""

    tags: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MostHeard:
    """Many listen to it, and nothing else is known; `listeners` as the catalogue counts them."""

    listeners: int


PickReason = NearArtists | AlikeListeners | SharedTags | MoodTags | MostHeard


@dataclass(frozen=True, slots=True)
class ArtistPick:
    """
    An artist to listen to next.

    Attributes:
        score: in no unit; comparable within an answer.
        members: whom of a group it is for, those who gain most by it first; empty for one person.

    """

    artist: Artist
    score: float
    reason: PickReason
    members: tuple[int, ...] = ()
