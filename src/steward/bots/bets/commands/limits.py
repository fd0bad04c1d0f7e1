"""`/limits`: what a member may still bet by their own choice, and breaks from betting that nobody shortens."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import partial

import discord
from discord import app_commands

from steward.bots.bets.care import limits
from steward.bots.bets.care.rules import (
    EXCLUSIONS,
    LONGEST_COOL_OFF,
    SHORTEST_COOL_OFF,
    LimitKind,
    LimitPeriod,
    span_of,
)
from steward.bots.bets.ledger.amounts import LONGEST_AMOUNT, read_points
from steward.bots.bets.ledger.wallets import require_house
from steward.bots.bets.section import BetsMode, BetsSection
from steward.bots.bets.views import limits as views
from steward.client.components import Reply
from steward.client.embeds import Message
from steward.client.interactions import Use, answered, guild_of
from steward.client.panels.confirm import confirmed
from steward.guilds.host import Host
from steward.guilds.settings_book import Section
from steward.runtime.clock import Clock
from steward.store import Transaction

Amount = app_commands.Range[str, 1, LONGEST_AMOUNT]
Days = app_commands.Range[int, SHORTEST_COOL_OFF, LONGEST_COOL_OFF]
PERIODS = [app_commands.Choice(name=f"a {period}", value=period.value) for period in LimitPeriod]
LENGTHS = [app_commands.Choice(name=name, value=days) for name, days in EXCLUSIONS.items()]


class LimitsCommands(app_commands.Group):
    """The commands under `/limits`."""

    def __init__(self, host: Host, section: Section[BetsSection]) -> None:
        super().__init__(name="limits", description="Limits of your own betting, and breaks from it")
        self._store = host.store
        self._clock: Clock = host.clock
        self._section = section
        host.interactions.add(self)
        self._ask = confirmed(
            host.interactions,
            views.BREAK,
            views.NO_BREAK,
            self._take_break,
            label="Take the break",
            cancelled="Okay, everything stays as it is.",
        )

    @app_commands.command(description="Your limits, what's left of them, and your break from betting")
    @answered(private=True)
    async def show(self, interaction: discord.Interaction) -> Reply:
        guild_id, user_id = guild_of(interaction), interaction.user.id
        section = self._section.of(guild_id)

        def read(tx: Transaction) -> Message:
            found = limits.own_limits(tx, guild_id, user_id) if section.mode is BetsMode.HOUSE else []
            begins = {period: span_of(period, tx.now, section.zone_info)[0] for period in LimitPeriod}
            used = {period: limits.wagered(tx, guild_id, user_id, begins[period]) for period in LimitPeriod}
            return views.limits_view(found, used, limits.break_until(tx, guild_id, user_id), section)

        return Reply(await self._store.read(read))

    @app_commands.command(description="Limit what you stake in a day or a week")
    @app_commands.describe(amount="The most you can stake; none lifts the limit", per="In which time")
    @app_commands.choices(per=PERIODS)
    @answered(private=True)
    async def stake(self, interaction: discord.Interaction, amount: Amount, per: str) -> Reply:
        return await self._set(interaction, LimitKind.STAKE, amount, per)

    @app_commands.command(description="Limit what you lose in a day or a week")
    @app_commands.describe(amount="The most you can lose; none lifts the limit", per="In which time")
    @app_commands.choices(per=PERIODS)
    @answered(private=True)
    async def loss(self, interaction: discord.Interaction, amount: Amount, per: str) -> Reply:
        return await self._set(interaction, LimitKind.LOSS, amount, per)

    @app_commands.command(name="cool-off", description="Take a break from betting, for some days")
    @app_commands.describe(days="How many days")
    @answered(private=True)
    async def cool_off(self, interaction: discord.Interaction, days: Days) -> Reply:
        return self._break_question(interaction, days)

    @app_commands.command(description="Exclude yourself from betting, for months or years")
    @app_commands.describe(length="For how long")
    @app_commands.choices(length=LENGTHS)
    @answered(private=True)
    async def exclude(self, interaction: discord.Interaction, length: int) -> Reply:
        return self._break_question(interaction, length)

    async def _set(self, interaction: discord.Interaction, kind: LimitKind, typed: str, per: str) -> Reply:
        guild_id = guild_of(interaction)
        section = self._section.of(guild_id)
        require_house(section)
        set_limit = partial(
            limits.set_limit,
            guild_id=guild_id,
            user_id=interaction.user.id,
            kind=kind,
            period=LimitPeriod(per),
            amount=None if typed.strip().casefold() in views.NO_LIMIT else read_points(typed),
        )
        return Reply.say(views.limit_set(await self._store.write(set_limit), section))

    def _break_question(self, interaction: discord.Interaction, days: int) -> Reply:
        guild_of(interaction)
        until = self._clock.now() + timedelta(days=days)
        return self._ask(views.break_question(until), int(until.timestamp()))

    async def _take_break(self, use: Use) -> str:
        longest = self._clock.now() + timedelta(days=max(EXCLUSIONS.values()))
        take_break = partial(
            limits.take_break,
            guild_id=guild_of(use.interaction),
            user_id=use.interaction.user.id,
            until=datetime.fromtimestamp(min(int(use.args[0]), longest.timestamp()), UTC),
        )
        return views.break_taken(await self._store.write(take_break))
