"""Real listening of 2011 (HetRec, Last.fm): read, split into what is known and held back, and what a list is worth."""

from __future__ import annotations

import gzip
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from math import log2
from pathlib import Path
from random import Random
from statistics import fmean
from typing import NamedTuple

from steward.bots.music.catalogue.names import folded_tag
from tests.shared import shared_folder

FOLDER = Path("data") / "lastfm"
FEWEST, SHARE = 10, 0.2
"""Of listeners with fewer artists nothing is held back; of the others this share."""
SHOWN = 20


@dataclass(frozen=True, slots=True)
class LastFm:
    """
    Listeners and artists by index, in the order of their ids.

    Attributes:
        listeners: each with artists and plays, in the order of artists.
        names: of artists.
        tagged: who gave which artist which tag.
        friends: of each listener.

    """

    listeners: Sequence[Sequence[tuple[int, int]]]
    names: Sequence[str]
    tagged: Sequence[tuple[int, int, str]]
    friends: Sequence[Sequence[int]]

    def tags(self, unless: Iterable[Collection[int]], taggers: Collection[int] | None = None) -> list[dict[str, int]]:
        """
        Return for each artist its tags with how many gave them.

        Args:
            unless: for each listener the artists of which their tags tell too much.
            taggers: the only ones that count.

        """
        hidden = {listener: {*artists} for listener, artists in enumerate(unless)}
        found: list[Counter[str]] = [Counter() for _ in self.names]
        for listener, artist, tag in self.tagged:
            if artist not in hidden.get(listener, ()) and (taggers is None or listener in taggers):
                found[artist][tag] += 1
        return [*map(dict, found)]


class Split(NamedTuple):
    """What is learnt from, and what is held back, of each listener."""

    train: Sequence[Sequence[tuple[int, int]]]
    test: Sequence[Sequence[int]]


class Worth(NamedTuple):
    """How good lists of artists are."""

    recall: float
    ndcg: float
    coverage: int
    popularity: float


def shared_last_fm() -> Path:
    """Return where the data is, whether it is there or not."""
    return shared_folder() / FOLDER


def read_last_fm(folder: Path) -> LastFm:
    """Read the five files."""
    rows = partial(_rows, folder)
    plays: defaultdict[int, list[tuple[int, int]]] = defaultdict(list)
    for user, artist, times in rows("user_artists"):
        plays[int(user)].append((int(artist), int(times)))
    artists = {
        artist: index for index, artist in enumerate(sorted({one for of_one in plays.values() for one, _ in of_one}))
    }
    users = {user: index for index, user in enumerate(sorted(plays))}
    names = {int(artist): name for artist, name, *_ in rows("artists")}
    tags = {int(tag): folded_tag(name) for tag, name in rows("tags", encoding="latin-1")}
    tagged = [
        (users[int(user)], artists[int(artist)], tags[int(tag)])
        for user, artist, tag, *_ in rows("user_taggedartists")
        if int(user) in users and int(artist) in artists and tags[int(tag)]
    ]
    friends: list[list[int]] = [[] for _ in users]
    for user, friend in rows("user_friends"):
        if int(user) in users and int(friend) in users:
            friends[users[int(user)]].append(users[int(friend)])
    return LastFm(
        [sorted((artists[artist], times) for artist, times in plays[user]) for user in users],
        [names.get(artist, f"artist {artist}") for artist in artists],
        tagged,
        friends,
    )


def _rows(folder: Path, name: str, encoding: str = "utf-8") -> Iterator[list[str]]:
    with gzip.open(folder / f"{name}.dat.gz", "rt", encoding=encoding, newline="") as file:
        next(file)
        for line in file:
            if line.strip():
                yield line.rstrip("\r\n").split("\t")


def split(data: LastFm, seed: int) -> Split:
    """Hold back a fifth of what each listener listens to."""
    chance = Random(seed)
    train: list[Sequence[tuple[int, int]]] = []
    test: list[Sequence[int]] = []
    for plays in data.listeners:
        if len(plays) < FEWEST:
            train.append(plays)
            test.append([])
            continue
        mixed = list(plays)
        chance.shuffle(mixed)
        held = max(1, round(SHARE * len(mixed)))
        test.append([artist for artist, _ in mixed[:held]])
        train.append(mixed[held:])
    return Split(train, test)


def popularity(train: Iterable[Sequence[tuple[int, int]]]) -> Counter[int]:
    """Return how many listen to each artist."""
    return Counter(artist for plays in train for artist, _ in plays)


def most_popular(popular: Mapping[int, int], known: Collection[int], count: int = SHOWN) -> list[int]:
    """Return the most popular artists that somebody doesn't know."""
    ranked = sorted(popular, key=lambda artist: (-popular[artist], artist))[: count + len(known)]
    return [artist for artist in ranked if artist not in known][:count]


def worth(lists: Mapping[int, Sequence[int]], test: Sequence[Collection[int]], popular: Mapping[int, int]) -> Worth:
    """
    Return how good the lists of some listeners are: recall and nDCG at 20, artists shown in all, their mean popularity.

    Args:
        lists: by listener.
        test: what is held back of each.

    """
    recalls, gains = [], []
    for listener, artists in lists.items():
        held = {*test[listener]}
        places = [place for place, artist in enumerate(artists[:SHOWN]) if artist in held]
        recalls.append(len(places) / len(held))
        ideal = sum(1 / log2(place + 2) for place in range(min(SHOWN, len(held))))
        gains.append(sum(1 / log2(place + 2) for place in places) / ideal)
    shown = [artist for artists in lists.values() for artist in artists[:SHOWN]]
    return Worth(fmean(recalls), fmean(gains), len({*shown}), fmean(popular.get(artist, 0) for artist in shown))
