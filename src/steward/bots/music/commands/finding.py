"""The artists that commands are about: offered while a member types, found by what was chosen or typed."""

from __future__ import annotations

from functools import partial

import discord

from steward.bots.music.catalogue.artists import Artist, artists_of, find_artist, suggest_artists
from steward.bots.music.errors import MusicError
from steward.bots.music.views.names import label_name
from steward.client.embeds import quoted
from steward.client.panels.chooser import LONGEST_CHOICE, Named, typed_id
from steward.store import Store, Transaction

CHOSEN = "artist:"


class ArtistChooser:
    """Offers artists of the catalogue while a member types, and finds the one that was meant."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def offered(self, _: discord.Interaction, typed: str) -> Named:
        """Return artists by name, those with the most listeners first."""
        found = await self._store.read(partial(suggest_artists, start=typed))
        return [(label_name(artist.name, LONGEST_CHOICE) or "?", f"{CHOSEN}{artist.id}") for artist in found]

    def found(self, tx: Transaction, typed: str) -> Artist:
        """
        Return the artist that was chosen or typed.

        Raises:
            MusicError: there is none.

        """
        number = typed_id(typed.removeprefix(CHOSEN)) if typed.startswith(CHOSEN) else None
        if number is not None and (chosen := artists_of(tx, [number]).get(number)) is not None:
            return chosen
        match = find_artist(tx, typed)
        if match is None:
            raise MusicError(
                f"I know no artist “{quoted(typed)}”.", remedy="Pick one from the list that shows while you type."
            )
        return match.artist
