"""`/music`: a member's own taste: what it is made of, who may see it, and how it is forgotten."""

from __future__ import annotations

from functools import partial

import discord
from discord import app_commands

from steward.bots.music.catalogue.artists import Artist
from steward.bots.music.commands.finding import ArtistChooser
from steward.bots.music.commands.linking import check_account
from steward.bots.music.errors import MusicError
from steward.bots.music.providers.provider import LONGEST_NAME
from steward.bots.music.providers.services import MusicServices
from steward.bots.music.taste.favourites import add_favourites, favourites_of
from steward.bots.music.taste.links import MusicLink, link_account, link_of, unlink_account
from steward.bots.music.taste.members import forget_taste, listener_of, own_listener
from steward.bots.music.taste.sharing import hide_taste, share_taste, shares_taste
from steward.bots.music.views import links as link_views
from steward.bots.music.views import own as views
from steward.bots.music.views.links import TITLES
from steward.client.components import Reply
from steward.client.interactions import Use, answered, guild_of
from steward.client.panels.chooser import Named, Offered
from steward.client.panels.confirm import confirmed
from steward.guilds.host import Host
from steward.store import Transaction


async def _offered(group: MusicCommands, interaction: discord.Interaction, typed: str) -> Named:
    return await group.artists.offered(interaction, typed)


AccountName = app_commands.Range[str, 1, LONGEST_NAME]
ArtistOption = app_commands.Transform[str, Offered(_offered, narrowed=False)]


SERVICES = [app_commands.Choice(name=title, value=name) for name, title in TITLES.items()]


class MusicCommands(app_commands.Group):
    """
    The commands under `/music`.

    Args:
        keep_days: how long what members heard is kept.

    """

    def __init__(self, host: Host, services: MusicServices, keep_days: int) -> None:
        super().__init__(name="music", description="Your taste in music: what I go by, and who may see it")
        self._store = host.store
        self._services = services
        self._keep_days = keep_days
        self.artists = ArtistChooser(host.store, host.clock, services)
        host.interactions.add(self)
        self._ask = confirmed(
            host.interactions, views.FORGET, views.KEEP, self._forget, label="Delete", cancelled=views.KEPT
        )

    @app_commands.command(description="Have me go by what you hear at ListenBrainz or Last.fm; nobody else sees it")
    @app_commands.describe(service="Where you keep what you hear", name="What you're called there")
    @app_commands.choices(service=SERVICES)
    @answered(private=True)
    async def link(self, interaction: discord.Interaction, service: str, name: AccountName) -> Reply:
        guild_id, user_id = guild_of(interaction), interaction.user.id
        account = name.strip()
        is_checked = await check_account(self._services, service, account)

        def work(tx: Transaction) -> tuple[MusicLink, bool]:
            return link_account(tx, user_id, guild_id, service, account), shares_taste(tx, guild_id, user_id)

        link, is_shared = await self._store.write(work)
        return Reply.say(link_views.linked(link, self._keep_days, is_checked=is_checked, is_shared=is_shared))

    @app_commands.command(description="No longer go by what you hear elsewhere, and delete what I know of it")
    @answered(private=True)
    async def unlink(self, interaction: discord.Interaction) -> Reply:
        guild_of(interaction)

        def work(tx: Transaction) -> tuple[MusicLink | None, int | None]:
            link = link_of(tx, listener_of(tx, interaction.user.id))
            return link, unlink_account(tx, interaction.user.id)

        link, listens = await self._store.write(work)
        if link is None or listens is None:
            raise MusicError("You haven't linked an account.", remedy="`/music link` links one.")
        return Reply.say(link_views.unlinked(link, listens))

    @app_commands.command(description="What I know of your taste, and how far your import is")
    @answered(private=True)
    async def show(self, interaction: discord.Interaction) -> Reply:
        guild_id, user_id = guild_of(interaction), interaction.user.id
        return Reply(link_views.taste_kept(await self._store.read(lambda tx: _own(tx, guild_id, user_id))))

    @app_commands.command(name="artists", description="Name artists that you like: three are enough to begin with")
    @app_commands.describe(first="An artist that you like", second="Another one", third="And a third")
    @answered(private=True)
    async def name_artists(
        self,
        interaction: discord.Interaction,
        first: ArtistOption,
        second: ArtistOption | None = None,
        third: ArtistOption | None = None,
    ) -> Reply:
        guild_of(interaction)
        artists = await self.artists.named([one for one in (first, second, third) if one is not None])

        def work(tx: Transaction) -> list[Artist]:
            listener = own_listener(tx, interaction.user.id)
            add_favourites(tx, listener, [one.id for one in artists])
            return favourites_of(tx, listener)

        return Reply.say(views.named(await self._store.write(work)))

    @app_commands.command(description="Choose whether members of this server may see your taste")
    @app_commands.describe(visible="Whether they may; not unless you say so")
    @answered(private=True)
    async def sharing(self, interaction: discord.Interaction, visible: bool) -> Reply:
        work = share_taste if visible else hide_taste
        await self._store.write(partial(work, guild_id=guild_of(interaction), user_id=interaction.user.id))
        return Reply.say(views.SHARED if visible else views.HIDDEN)

    @app_commands.command(description="Delete all that I know of your taste in music, in all servers")
    @answered(private=True)
    async def forget(self, interaction: discord.Interaction) -> Reply:
        guild_of(interaction)
        return self._ask(views.FORGET_QUESTION)

    async def _forget(self, use: Use) -> str:
        rows = await self._store.write(partial(forget_taste, user_id=use.interaction.user.id))
        return views.forgotten(rows)


def _own(tx: Transaction, guild_id: int, user_id: int) -> link_views.OwnTaste:
    listener = listener_of(tx, user_id)
    counts = (
        f"SELECT COUNT(*) FROM {table} WHERE listener = ?"  # noqa: S608 - ours
        for table in ("music_listening", "music_listens", "music_opinions")
    )
    artists, listens, opinions = (tx.value(sql, (listener or 0,)) for sql in counts)
    named = [] if listener is None else favourites_of(tx, listener)
    is_shared = shares_taste(tx, guild_id, user_id)
    return link_views.OwnTaste(link_of(tx, listener), named, artists, listens, opinions, is_shared)
