"""`/music`: a member's own taste: what it is made of, who may see it, and how it is forgotten."""

from __future__ import annotations

from functools import partial

import discord
from discord import app_commands

from steward.bots.music.catalogue.artists import Artist
from steward.bots.music.commands.finding import ArtistChooser
from steward.bots.music.taste.favourites import add_favourites, favourites_of
from steward.bots.music.taste.members import forget_taste, own_listener
from steward.bots.music.taste.sharing import hide_taste, share_taste
from steward.bots.music.views import own as views
from steward.client.components import Reply
from steward.client.interactions import Use, answered, guild_of
from steward.client.panels.chooser import Named, Offered
from steward.client.panels.confirm import confirmed
from steward.guilds.host import Host
from steward.store import Transaction


async def _offered(group: MusicCommands, interaction: discord.Interaction, typed: str) -> Named:
    return await group.artists.offered(interaction, typed)


ArtistOption = app_commands.Transform[str, Offered(_offered, narrowed=False)]


class MusicCommands(app_commands.Group):
    """The commands under `/music`."""

    def __init__(self, host: Host) -> None:
        super().__init__(name="music", description="Your taste in music: what I go by, and who may see it")
        self._store = host.store
        self.artists = ArtistChooser(host.store)
        host.interactions.add(self)
        self._ask = confirmed(
            host.interactions, views.FORGET, views.KEEP, self._forget, label="Delete", cancelled=views.KEPT
        )

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
        typed = [one for one in (first, second, third) if one is not None]

        def work(tx: Transaction) -> list[Artist]:
            artists = [self.artists.found(tx, one) for one in typed]
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
