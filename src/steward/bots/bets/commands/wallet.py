"""`/wallet`: what a member has, daily claims, gifts, and what bet managers grant and forgive."""

from __future__ import annotations

from functools import partial

import discord
from discord import app_commands

from steward.bots.bets.commands.managing import require_bet_manager
from steward.bots.bets.errors import BetsError
from steward.bots.bets.ledger import wallets
from steward.bots.bets.ledger.accounts import find_wallet
from steward.bots.bets.ledger.amounts import LONGEST_AMOUNT, read_points
from steward.bots.bets.ledger.seasons import current_season
from steward.bots.bets.section import BetsSection
from steward.bots.bets.views import wallet as views
from steward.client.components import Reply
from steward.client.embeds import Message
from steward.client.interactions import answered, guild_of
from steward.client.panels.pager import turn_pages
from steward.guilds.host import Host
from steward.guilds.settings_book import Section
from steward.store import Transaction

Amount = app_commands.Range[str, 1, LONGEST_AMOUNT]


class WalletCommands(app_commands.Group):
    """The commands under `/wallet`."""

    def __init__(self, host: Host, section: Section[BetsSection]) -> None:
        super().__init__(name="wallet", description="Play money")
        self._store = host.store
        self._section = section
        host.interactions.add(self)
        turn_pages(host.interactions, views.HISTORY, self._page)

    @app_commands.command(description="What's in your wallet")
    @answered(private=True)
    async def show(self, interaction: discord.Interaction) -> Reply:
        guild_id, section = self._house(interaction)

        def read(tx: Transaction) -> Message:
            own = find_wallet(tx, guild_id, interaction.user.id)
            due = wallets.next_claim(tx, guild_id, interaction.user.id, section)
            return views.wallet_view(own, due, current_season(tx, guild_id), section)

        return Reply(await self._store.read(read))

    @app_commands.command(description="Get today's play money")
    @answered(private=True)
    async def claim(self, interaction: discord.Interaction) -> Reply:
        guild_id, section = self._house(interaction)
        claim = partial(wallets.claim, guild_id=guild_id, user_id=interaction.user.id, section=section)
        return Reply.say(views.claimed(await self._store.write(claim), section))

    @app_commands.command(description="Give play money to another member")
    @app_commands.describe(member="To whom", amount="How many: a number, half or all")
    @answered()
    async def give(
        self, interaction: discord.Interaction, member: discord.Member | discord.User, amount: Amount
    ) -> Reply:
        guild_id, section = self._house(interaction)
        giver, receiver = interaction.user.id, _person(member)
        if receiver == giver:
            raise BetsError("That's you.", remedy="Choose somebody else.")

        give = partial(
            wallets.give_typed,
            guild_id=guild_id,
            giver=giver,
            receiver=receiver,
            typed=amount,
            section=section,
            key=f"transfer:{interaction.id}",
        )
        return Reply.say(views.given(giver, receiver, await self._store.write(give), section))

    @app_commands.command(name="history", description="What happened in your wallet")
    @answered(private=True)
    async def show_history(self, interaction: discord.Interaction) -> Reply:
        return Reply(await self._page(interaction, 0))

    @app_commands.command(description="For bet managers: give a member new play money")
    @app_commands.describe(member="To whom", amount="How many")
    @answered(private=True)
    async def grant(
        self, interaction: discord.Interaction, member: discord.Member | discord.User, amount: Amount
    ) -> Reply:
        guild_id, section = self._house(interaction)
        require_bet_manager(interaction, section)
        receiver, points = _person(member), read_points(amount)
        grant = partial(
            wallets.grant,
            guild_id=guild_id,
            user_id=receiver,
            amount=points,
            actor_id=interaction.user.id,
            key=f"grant:{interaction.id}",
        )
        balance = section.points(await self._store.write(grant))
        return Reply.say(f"<@{receiver}> got {section.points(points)} and has {balance} now.")

    @app_commands.command(description="For bet managers: clear what a member owes after a result was corrected")
    @app_commands.describe(member="Whose")
    @answered(private=True)
    async def forgive(self, interaction: discord.Interaction, member: discord.Member | discord.User) -> Reply:
        guild_id, section = self._house(interaction)
        require_bet_manager(interaction, section)
        forgive = partial(
            wallets.forgive,
            guild_id=guild_id,
            user_id=member.id,
            actor_id=interaction.user.id,
            key=f"forgive:{interaction.id}",
        )
        owed = await self._store.write(forgive)
        if not owed:
            return Reply.say(f"{member.mention} owes nothing.")
        return Reply.say(f"{member.mention} owed {section.points(owed)}, and owes nothing now.")

    async def _page(self, interaction: discord.Interaction, page: int) -> Message:
        from steward.bots.bets.ledger.history import history
        from steward.bots.bets.views.records.wallet_history import history_view

        guild_id, section = self._house(interaction)
        read = partial(history, guild_id=guild_id, user_id=interaction.user.id, page=page)
        return history_view(await self._store.read(read), section)

    def _house(self, interaction: discord.Interaction) -> tuple[int, BetsSection]:
        """Return the guild and its settings; refuse where there are no wallets."""
        guild_id = guild_of(interaction)
        section = self._section.of(guild_id)
        wallets.require_house(section)
        return guild_id, section


def _person(member: discord.Member | discord.User) -> int:
    """
    Return the id of a member who can have a wallet.

    Raises:
        BetsError: they have left, or are a bot.

    """
    if not isinstance(member, discord.Member):
        raise BetsError(f"{member.mention} isn't in this server.", remedy="Choose a member.")
    if member.bot:
        raise BetsError("Bots have no wallets.", remedy="Choose a person.")
    return member.id
