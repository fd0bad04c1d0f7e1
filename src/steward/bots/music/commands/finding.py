"""The artists that commands are about: offered while a member types, found by what was chosen or typed."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from functools import partial

import discord

from steward.bots.music.catalogue.artists import (
    Artist,
    ArtistMatch,
    MatchedBy,
    artists_of,
    find_artist,
    suggest_artists,
)
from steward.bots.music.catalogue.heard import NamedArtist, heard_artists
from steward.bots.music.catalogue.names import folded_name
from steward.bots.music.errors import MusicError
from steward.bots.music.providers.asking import WITHIN, first_answer
from steward.bots.music.providers.provider import Capability
from steward.bots.music.providers.services import MusicServices
from steward.bots.music.views.names import label_name
from steward.client.embeds import quoted
from steward.client.panels.chooser import LONGEST_CHOICE, Named, typed_id
from steward.runtime.clock import Clock
from steward.store import Store, Transaction

CHOSEN = "artist:"
SURE = frozenset({MatchedBy.NAME, MatchedBy.ALIAS})


class ArtistChooser:
    """Offers artists of the catalogue while a member types, and finds the one that was meant, there or at services."""

    def __init__(self, store: Store, clock: Clock, services: MusicServices) -> None:
        self._store = store
        self._clock = clock
        self._services = services

    async def offered(self, _: discord.Interaction, typed: str) -> Named:
        """Return artists by name, those with the most listeners first."""
        found = await self._store.read(partial(suggest_artists, start=typed))
        return [(label_name(artist.name, LONGEST_CHOICE) or "?", f"{CHOSEN}{artist.id}") for artist in found]

    async def named(self, typed: Sequence[str], *, within: float = WITHIN) -> list[Artist]:
        """
        Return the artists that were chosen or typed, in their order; those that only services know are kept.

        A name that the catalogue has only something like is looked for at services before that is taken.

        Args:
            within: seconds for the services.

        Raises:
            MusicError: one is nobody.

        """
        matches = await self._store.read(lambda tx: [_matched(tx, one) for one in typed])
        unsure = [one for one, match in zip(typed, matches, strict=True) if match is None or match.by not in SURE]
        told = dict(zip(unsure, await asyncio.gather(*(self._told(one, within) for one in unsure)), strict=True))

        def work(tx: Transaction) -> list[Artist]:
            numbers = heard_artists(tx, [one for one in told.values() if one is not None])
            known = artists_of(tx, [*numbers.values()])
            found = []
            for one, match in zip(typed, matches, strict=True):
                elsewhere = told.get(one)
                number = None if elsewhere is None else numbers.get(elsewhere)
                artist = known.get(number) if number is not None else match.artist if match is not None else None
                if artist is None:
                    raise MusicError(
                        f"I know no artist “{quoted(one)}”.", remedy="Pick one from the list that shows while you type."
                    )
                found.append(artist)
            return found

        return await self._store.write(work)

    async def _told(self, typed: str, within: float) -> NamedArtist | None:
        """Return the artist that a service takes a name for; None if none knows any, or answers in time."""
        if not folded_name(typed) or typed.startswith(CHOSEN):
            return None
        ask = Capability.ARTISTS
        answer = await first_answer(
            self._services.providers, ask, lambda one: one.find_artists(typed), self._clock, within=within
        )
        if answer.told is None:
            return None
        found = [one.artist for one in answer.told.value]
        same = [one for one in found if folded_name(one.name) == folded_name(typed)]
        best = (same or found)[0]
        return NamedArtist(best.name, best.mbid)


def _matched(tx: Transaction, typed: str) -> ArtistMatch | None:
    number = typed_id(typed.removeprefix(CHOSEN)) if typed.startswith(CHOSEN) else None
    if number is not None and (chosen := artists_of(tx, [number]).get(number)) is not None:
        return ArtistMatch(chosen, MatchedBy.NAME)
    return find_artist(tx, typed)
