"""What services say is near an artist, so that picks have neighbours also where few members share what they hear."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from steward.bots.music.catalogue.artists import Artist
from steward.bots.music.catalogue.heard import NamedArtist, heard_artists
from steward.bots.music.providers.answers import ArtistRef
from steward.bots.music.providers.asking import first_answer
from steward.bots.music.providers.provider import Capability
from steward.bots.music.providers.services import MusicServices
from steward.runtime.clock import Clock
from steward.store import Store, Transaction

WITHIN = 1.3
"""Seconds for all services; what comes later is there the next time."""
MOST_NEAR = 100


class ToldBy(NamedTuple):
    """A service by its title, and when it was asked: milliseconds since 1970."""

    service: str
    told_ms: int


@dataclass(frozen=True, slots=True)
class NearTold:
    """
    What services said.

    Attributes:
        near: by artist that was asked about, those near it with their weights.
        by: which service told of each of these.
        missed: why services said nothing, a sentence each.

    """

    near: Mapping[int, Mapping[int, float]] = field(default_factory=dict)
    by: Mapping[int, ToldBy] = field(default_factory=dict)
    missed: tuple[str, ...] = ()


async def ask_for_near(seeds: Sequence[Artist], services: MusicServices, clock: Clock, store: Store) -> NearTold:
    """Ask services what is near some artists, all at once; artists that nobody knew are kept."""
    answers = await asyncio.gather(
        *(
            first_answer(
                services.providers,
                Capability.SIMILAR,
                lambda one, seed=seed: one.similar_artists(ArtistRef(seed.name, seed.mbid or "")),  # type: ignore[misc]
                clock,
                within=WITHIN,
            )
            for seed in seeds
        )
    )
    missed = tuple(dict.fromkeys(said for answer in answers if answer.told is None for said in answer.missed))
    told = [(seed, answer.told) for seed, answer in zip(seeds, answers, strict=True) if answer.told is not None]
    if not told:
        return NearTold(missed=missed)
    named = {
        seed.id: {NamedArtist(*one.artist): one.score for one in answer.value[:MOST_NEAR]} for seed, answer in told
    }
    everybody = {one for of_one in named.values() for one in of_one}

    def keep(tx: Transaction) -> dict[NamedArtist, int]:
        return heard_artists(tx, everybody)

    numbers = await store.write(keep)
    near: dict[int, dict[int, float]] = {}
    by: dict[int, ToldBy] = {}
    for seed, answer in told:
        of_one = near.setdefault(seed.id, {})
        for one, score in named[seed.id].items():
            if one in numbers and score > 0 and numbers[one] != seed.id:
                of_one[numbers[one]] = max(score, of_one.get(numbers[one], 0.0))
                by[numbers[one]] = ToldBy(answer.source, answer.told_ms)
    return NearTold(near, by, missed)
