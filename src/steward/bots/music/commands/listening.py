"""`/taste`, `/top` and `/match`: what members hear, one's own or that of members who let others see it."""

from __future__ import annotations

from typing import Any

import discord
from discord import app_commands

from steward.bots.music.commands.allowed import music_guild
from steward.bots.music.commands.seeing import note_use, person, seen_taste
from steward.bots.music.errors import MusicError
from steward.bots.music.section import MusicSection
from steward.bots.music.taste.favourites import favourites_of
from steward.bots.music.taste.likeness import taste_match
from steward.bots.music.taste.sharing import shares_taste
from steward.bots.music.taste.tops import (
    ListeningPeriod,
    listens_since,
    top_artists,
    top_tags,
    top_tracks,
)
from steward.bots.music.taste.wanted import wanted_of
from steward.bots.music.views import listening as views
from steward.client.components import Reply
from steward.client.embeds import Message
from steward.client.interactions import answered
from steward.guilds.host import Host
from steward.guilds.settings_book import Section
from steward.store import Transaction
from steward.text.plurals import counted

ARTISTS, TRACKS = "artists", "tracks"
SHOWN, TAGS, OF_TASTE = 10, 6, 5
Someone = discord.Member | discord.User
_PERIODS = [
    app_commands.Choice(name=name, value=period.value)
    for name, period in (
        ("this week", ListeningPeriod.WEEK),
        ("this month", ListeningPeriod.MONTH),
        ("all", ListeningPeriod.ALL),
    )
]
_WHAT = [app_commands.Choice(name=name, value=name) for name in (ARTISTS, TRACKS)]


class ListeningCommands:
    """Commands that show what members hear. What isn't shared is shown to its owner alone."""

    def __init__(self, host: Host, section: Section[MusicSection]) -> None:
        self._store = host.store
        self._section = section
        named: dict[str, tuple[Any, str]] = {
            "taste": (self.taste, "What a member's taste in music is made of"),
            "top": (self.top, "What a member hears most"),
            "match": (self.match, "How alike your taste and another member's are; both must have chosen to show it"),
        }
        for name, (callback, description) in named.items():
            host.interactions.add(app_commands.Command(name=name, description=description, callback=callback))

    @app_commands.describe(member="Whose; default: yours")
    @answered()
    async def taste(self, interaction: discord.Interaction, member: Someone | None = None) -> Reply:
        guild_id, asking = music_guild(interaction, self._section), interaction.user.id
        whose = person(member, asking)

        def read(tx: Transaction) -> tuple[Message, bool, int]:
            seen = seen_taste(tx, guild_id, asking, whose)
            listens = listens_since(tx, seen.listener, ListeningPeriod.ALL)
            profile = wanted_of(tx, seen.listener).profile
            tags = top_tags(tx, profile, TAGS)
            tops = top_artists(tx, seen.listener, ListeningPeriod.ALL, OF_TASTE)
            named = favourites_of(tx, seen.listener)
            made_of = f"-# {counted(listens, 'track')} heard. {views.as_of(seen.link, whose)}" if seen.link else ""
            return views.taste_view(whose, tags, tops, named, made_of), seen.is_shared, seen.listener

        message, is_shared, listener = await self._store.read(read)
        await note_use(self._store, asking, listener)
        return Reply(message, private=None if is_shared else True)

    @app_commands.describe(
        period="Default: this month", what="Artists or tracks; default: artists", member="Whose; default: yours"
    )
    @app_commands.choices(period=_PERIODS, what=_WHAT)
    @answered()
    async def top(
        self,
        interaction: discord.Interaction,
        period: str = ListeningPeriod.MONTH.value,
        what: str = ARTISTS,
        member: Someone | None = None,
    ) -> Reply:
        guild_id, asking = music_guild(interaction, self._section), interaction.user.id
        whose, span = person(member, asking), ListeningPeriod(period)

        def read(tx: Transaction) -> tuple[Message, bool, int]:
            seen = seen_taste(tx, guild_id, asking, whose)
            found = (top_tracks if what == TRACKS else top_artists)(tx, seen.listener, span, SHOWN)
            listens = listens_since(tx, seen.listener, span)
            return views.top_view(whose, span, what, found, listens, seen.link), seen.is_shared, seen.listener

        message, is_shared, listener = await self._store.read(read)
        await note_use(self._store, asking, listener)
        return Reply(message, private=None if is_shared else True)

    @app_commands.describe(member="With whom")
    @answered()
    async def match(self, interaction: discord.Interaction, member: Someone) -> Reply:
        guild_id, asking = music_guild(interaction, self._section), interaction.user.id
        whose = person(member, asking)
        if whose == asking:
            raise MusicError("That's you.", remedy="Choose somebody else.")

        def read(tx: Transaction) -> tuple[Message, tuple[int, int]]:
            own = seen_taste(tx, guild_id, asking, asking)
            if not shares_taste(tx, guild_id, asking):
                raise MusicError("You keep your taste to yourself here.", remedy="`/music sharing` shows it.")
            other = seen_taste(tx, guild_id, asking, whose)
            found = taste_match(tx, own.listener, other.listener)
            if found is None:
                raise MusicError("I don't know enough of what you both hear yet.")
            return views.match_view(asking, whose, found), (own.listener, other.listener)

        message, listeners = await self._store.read(read)
        await note_use(self._store, asking, *listeners)
        return Reply(message)
