"""`/recommend`: what to listen to next, and the buttons under each pick."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Collection
from dataclasses import replace
from functools import partial

import discord
from discord import app_commands

from steward.bots.music.catalogue.artists import Artist, ArtistMatch, artists_of, find_artist
from steward.bots.music.catalogue.names import folded_name, folded_tag
from steward.bots.music.commands.allowed import music_guild
from steward.bots.music.commands.finding import SURE, ArtistChooser
from steward.bots.music.errors import MusicError
from steward.bots.music.picks.asks import PickAsk, PicksFor, read_ask
from steward.bots.music.picks.picking import PickAsker, Picking, Picks
from steward.bots.music.picks.tastes import who_agreed
from steward.bots.music.providers.services import MusicServices
from steward.bots.music.recommend.moods.mood_tags import MoodOfTags, find_mood, tag_numbers
from steward.bots.music.section import MusicSection
from steward.bots.music.taste.favourites import add_favourites
from steward.bots.music.taste.members import own_listener
from steward.bots.music.taste.opinions import ArtistVerdict, drop_opinion, keep_opinion
from steward.bots.music.views import picks as views
from steward.client.components import Reply
from steward.client.interactions import Use, answered, guild_of
from steward.client.members.who_left import WhoLeft
from steward.client.panels.chooser import Named, Offered
from steward.errors import StewardError
from steward.guilds.host import Host
from steward.guilds.settings_book import Section
from steward.store import Transaction

LOOKED_FOR_WITHIN, WORDS_READ_WITHIN = 1.0, 1.2
"""Seconds for services to find an artist, and for a model to read words; neighbours take as long again."""
LEFT_WITHIN = 1.5
"""Seconds for Discord to say who has left."""
LONGEST_TEXT = 2000
DASH = re.compile(r"\s[-\u2013\u2014]\s")  # between an artist and a title


async def _offered(binding: RecommendCommand, interaction: discord.Interaction, typed: str) -> Named:
    return await binding.artists.offered(interaction, typed)


LikeOption = app_commands.Transform[str, Offered(_offered, narrowed=False)]
Words = app_commands.Range[str, 1, LONGEST_TEXT]
WHOSE = [
    app_commands.Choice(name=name, value=whose.value)
    for name, whose in (
        ("what I like", PicksFor.ME),
        ("all in my voice channel", PicksFor.VOICE),
        ("this server", PicksFor.SERVER),
    )
]


class RecommendCommand:
    """`/recommend`."""

    def __init__(self, host: Host, section: Section[MusicSection], services: MusicServices, who_left: WhoLeft) -> None:
        self._host = host
        self._who_left = who_left
        self._store = host.store
        self._section = section
        self._services = services
        self._picking = Picking(host.store, host.clock, services)
        self.artists = ArtistChooser(host.store, host.clock, services)
        host.interactions.add(
            app_commands.Command(
                name="recommend", description="What to listen to next, and why", callback=self.recommend
            )
        )
        host.interactions.on(views.SAY, self._say, private=True)
        host.interactions.on(views.MORE, self._more, private=True)
        host.interactions.on(views.NEXT, self._next, private=True)
        host.interactions.on(views.NAME_THREE, self._name_three, private=True, opens_form=True)
        host.interactions.on(views.NAMED_THREE, self._named_three, private=True)

    @app_commands.describe(
        text="A mood or words, such as: calm for studying, not sad",
        artist="An artist that it should be like, or a track as Artist - Title",
        whose="Whose taste counts; default: yours",
    )
    @app_commands.rename(whose="from")
    @app_commands.choices(whose=WHOSE)
    @answered()
    async def recommend(
        self,
        interaction: discord.Interaction,
        text: Words | None = None,
        artist: LikeOption | None = None,
        whose: str = PicksFor.ME.value,
    ) -> Reply:
        music_guild(interaction, self._section)
        ask, note = PickAsk(PicksFor(whose)), ""
        if artist is not None:
            ask = replace(ask, artist=(await self._like(artist)).id)
        if text is not None and text.strip():
            ask, note = await self._read(ask, text)
        return await self._answer(interaction, ask, note)

    async def _like(self, typed: str) -> Artist:
        """Return the artist that was chosen or typed; of a track whose it is."""
        name = DASH.split(typed, maxsplit=1)[0]
        if name != typed:

            def read(tx: Transaction) -> tuple[ArtistMatch | None, ArtistMatch | None]:
                return find_artist(tx, typed), find_artist(tx, name)

            whole, part = await self._store.read(read)
            if part is not None and (whole is None or whole.by not in SURE):
                return part.artist
        return (await self.artists.named([typed], within=LOOKED_FOR_WITHIN))[0]

    async def _read(self, ask: PickAsk, text: str) -> tuple[PickAsk, str]:
        """Return the ask with the tags of some words, or the artist that they name, and what is to be said of them."""

        def read(tx: Transaction) -> tuple[MoodOfTags, Artist | None]:
            match = find_artist(tx, text) if folded_name(text) else None
            sure = match is not None and match.by in SURE
            return find_mood(tx, text), match.artist if match is not None and sure else None

        mood, named = await self._store.read(read)
        told = await self._of_model(text)
        tags = told or mood.tags
        unread = [] if told else [word for word in mood.words.unread if any(map(str.isalnum, word))]
        if any(weight > 0 for weight in tags.values()):
            return replace(ask, tags=tags), views.mood_note(True, unread)
        if named is not None and not ask.artist:
            return replace(ask, artist=named.id), ""
        return ask, views.mood_note(False, unread)

    async def _of_model(self, text: str) -> dict[int, float]:
        """Return the tags that the keyword model reads in some words, if there is one and it answers in time."""
        model = self._services.keywords
        if model is None:
            return {}
        try:
            async with asyncio.timeout(WORDS_READ_WITHIN):
                said = await model.tags(text, lambda tag: folded_tag(tag) or None)
        except (TimeoutError, StewardError):
            return {}
        names = [*said.value]
        numbers = await self._store.read(partial(tag_numbers, names=names))
        return {numbers[name]: 1.0 for name in names if name in numbers}

    async def _answer(
        self, interaction: discord.Interaction, ask: PickAsk, note: str = "", *, private: bool | None = None
    ) -> Reply:
        asker = await self._asker(interaction, ask)
        found = await self._picking.five(asker, ask)
        if not found.picks and found.is_blank:
            self._refuse_blank(found)
            return Reply(views.blank(note), private=True)
        if not found.picks:
            raise MusicError(views.ALL_SHOWN if await self._store.read(_has_artists) else views.EMPTY)
        return Reply(views.cards(found, note), private=True if found.is_private else private)

    def _refuse_blank(self, found: Picks) -> None:
        if found.ask.whose is PicksFor.VOICE:
            raise MusicError(views.NOBODY_IN_VOICE)
        if found.ask.whose is PicksFor.SERVER:
            raise MusicError(views.NOBODY_HERE)

    async def _asker(self, interaction: discord.Interaction, ask: PickAsk) -> PickAsker:
        """
        Return who asks, with whom they sit in voice, and who has left of those who agreed, where that matters.

        Raises:
            MusicError: it matters, and they sit in no channel, or the bot isn't told of it.

        """
        guild_id, user_id = guild_of(interaction), interaction.user.id
        if ask.whose is PicksFor.SERVER and not ask.artist:
            return PickAsker(guild_id, user_id, absent=await self._absent(guild_id))
        if ask.whose is not PicksFor.VOICE or ask.artist:
            return PickAsker(guild_id, user_id)
        if not self._host.settings.activity:
            raise MusicError("I'm not told who sits in voice: whoever runs me has switched that off.")
        channel_id = self._host.voice.channel_of(guild_id, user_id)
        if channel_id is None:
            raise MusicError("You aren't in a voice channel.", remedy="Join one and ask again.")
        return PickAsker(guild_id, user_id, self._host.voice.sitting_in(guild_id, channel_id))

    async def _absent(self, guild_id: int) -> Collection[int]:
        """Return who has left of those who agreed; what Discord says too late is known the next time."""
        agreed = await self._store.read(partial(who_agreed, guild_id=guild_id))
        try:
            async with asyncio.timeout(LEFT_WITHIN):
                return await self._who_left.among(guild_id, agreed)
        except TimeoutError:
            return ()

    async def _next(self, use: Use) -> Reply:
        return await self._answer(use.interaction, read_ask(use.args[0]))

    async def _more(self, use: Use) -> Reply:
        return await self._answer(use.interaction, PickAsk(artist=int(use.args[0])))

    async def _say(self, use: Use) -> Reply:
        guild_of(use.interaction)
        verdict, number = map(int, use.args)

        def work(tx: Transaction) -> Artist | None:
            artist = artists_of(tx, [number]).get(number)
            if artist is not None:
                listener = own_listener(tx, use.interaction.user.id)
                if verdict:
                    keep_opinion(tx, listener, number, ArtistVerdict(verdict))
                else:
                    drop_opinion(tx, listener, number)
            return artist

        artist = await self._store.write(work)
        if artist is None:
            raise MusicError("I don't know that artist any more.")
        if not verdict:
            return Reply({"content": views.taken_back(artist), "components": []}, update=True)
        return Reply(views.said(artist, ArtistVerdict(verdict)))

    async def _name_three(self, use: Use) -> Reply:
        guild_of(use.interaction)
        return Reply(modal=views.three_artists().modal(views.NAMED_THREE.id()))

    async def _named_three(self, use: Use) -> Reply:
        values, errors = views.three_artists().read(use)
        if errors.error is not None:
            raise errors.error
        typed = [name for name in (values[one].strip() for one in ("first", "second", "third")) if name]
        if not typed:
            raise MusicError("Name at least one artist.")
        artists = await self.artists.named(typed, within=LOOKED_FOR_WITHIN)

        def work(tx: Transaction) -> None:
            add_favourites(tx, own_listener(tx, use.interaction.user.id), [one.id for one in artists])

        await self._store.write(work)
        return await self._answer(use.interaction, PickAsk())


def _has_artists(tx: Transaction) -> bool:
    return tx.value("SELECT 1 FROM music_artists LIMIT 1") is not None
