"""`/nowplaying`: what a member hears, from their service within two seconds, else what is kept of it."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import Any

import discord
from discord import app_commands

from steward.bots.music.commands.allowed import music_guild
from steward.bots.music.commands.seeing import note_use, person, seen_taste
from steward.bots.music.errors import MusicError
from steward.bots.music.providers.answers import HeardTrack, Told
from steward.bots.music.providers.failures import PrivateHistory
from steward.bots.music.providers.services import MusicServices
from steward.bots.music.section import MusicSection
from steward.bots.music.taste.links import MusicLink, imported_at
from steward.bots.music.taste.tops import last_heard
from steward.bots.music.views import listening as views
from steward.bots.music.views.links import service_title
from steward.client.components import Reply
from steward.client.interactions import answered
from steward.errors import StewardError
from steward.guilds.host import Host
from steward.guilds.settings_book import Section
from steward.store import from_millis

WITHIN = 2.0
"""Seconds for the service to answer."""
NO_ACCOUNT = "No account is linked, so I don't know what {whom} now."
HIDDEN = "<@{user_id}> hides what they hear at {service}."


class NowPlayingCommand:
    """`/nowplaying`."""

    def __init__(self, host: Host, section: Section[MusicSection], services: MusicServices) -> None:
        self._store = host.store
        self._section = section
        self._services = services
        callback: Any = self.show
        host.interactions.add(
            app_commands.Command(name="nowplaying", description="What a member hears now", callback=callback)
        )

    @app_commands.describe(member="Who; default: you")
    @answered()
    async def show(
        self, interaction: discord.Interaction, member: discord.Member | discord.User | None = None
    ) -> Reply:
        guild_id, asking = music_guild(interaction, self._section), interaction.user.id
        whose = person(member, asking)
        seen = await self._store.read(partial(seen_taste, guild_id=guild_id, asking=asking, user_id=whose))
        if seen.link is None:
            whom = "you hear" if whose == asking else f"<@{whose}> hears"
            raise MusicError(NO_ACCOUNT.format(whom=whom), remedy="`/music link` links one." if whose == asking else "")
        try:
            told, missed = await self._ask(seen.link)
        except PrivateHistory as hidden:
            if whose == asking:
                raise
            raise MusicError(HIDDEN.format(user_id=whose, service=service_title(seen.link))) from hidden
        shown = await self._heard(seen.link, told, missed)
        await note_use(self._store, asking, seen.listener)
        return Reply(views.now_view(whose, shown), private=None if seen.is_shared else True)

    async def _heard(self, link: MusicLink, told: Told[HeardTrack | None] | None, missed: str) -> views.HeardNow:
        """Return what plays now, as a service told, or what was heard last, as it is kept."""
        track = None if told is None else told.value
        if told is not None and track is not None:
            more = {"album": track.album, "picture": track.picture, "link": track.link}
            asked_at = from_millis(told.told_ms)
            return views.HeardNow(track.artist.name, track.title, None, told.source, asked_at, **more)
        kept = await self._store.read(partial(last_heard, listener=link.listener))
        source = service_title(link)
        if kept is None:
            said = missed or f"{source} tells of nothing that plays now."
            raise MusicError(f"{said} I know of nothing that was heard before.")
        return views.heard_last(kept, source, imported_at(link), missed)

    async def _ask(self, link: MusicLink) -> tuple[Told[HeardTrack | None] | None, str]:
        """Return what the service says, or why it doesn't, a sentence."""
        service = self._services.of(link.service)
        if service is None:
            return None, f"{service_title(link)} isn't set up for this bot now."
        try:
            async with asyncio.timeout(WITHIN):
                return await service.now_playing(link.name), ""
        except TimeoutError:
            return None, f"{service.title} is slow."
        except PrivateHistory:
            raise
        except StewardError as error:
            return None, error.for_members or error.sentence
