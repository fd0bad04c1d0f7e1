"""`/bet` and `/parlay`: from a game that is open now to a slip."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands

from steward.bots.bets.commands.betting.games import GameOption
from steward.bots.bets.commands.betting.slips import PlacedBets, SlipPanel
from steward.bots.bets.errors import BetsError
from steward.bots.bets.ledger.amounts import LONGEST_AMOUNT
from steward.bots.bets.section import BetsSection
from steward.bots.bets.slips.kept import PARLAYS, SLIPS
from steward.bots.bets.slips.slip import BetSlip, QuotedLeg
from steward.bots.bets.views.actions import PARLAY, SINGLE
from steward.client.components import Reply
from steward.client.interactions import answered, guild_of
from steward.client.panels.chooser import Named, Offered
from steward.errors import StewardError
from steward.guilds.host import Host
from steward.guilds.settings_book import Section
from steward.store import Transaction, to_millis

if TYPE_CHECKING:
    from steward.bots.bets.commands.betting.finding import GameChooser, PickFinder


async def _offered_picks(binding: BetCommands, interaction: discord.Interaction, _: str) -> Named:
    return await binding.picks.offered(interaction)


PickOption = app_commands.Transform[str, Offered(_offered_picks)]
"""What to bet on, for commands with a `game` whose binding has `picks`, a `finding.PickFinder`."""
Stake = app_commands.Range[str, 1, LONGEST_AMOUNT]


class BetCommands:
    """The commands with which members bet."""

    def __init__(self, host: Host, section: Section[BetsSection], placed: PlacedBets) -> None:
        self._host = host
        self._store = host.store
        self._clock = host.clock
        self._section = section
        self._single = SlipPanel(host, section, SLIPS, SINGLE, placed, command="bet")
        self._parlay = SlipPanel(host, section, PARLAYS, PARLAY, placed, command="parlay")
        commands: tuple[app_commands.Command[Any, ..., Any], ...] = (
            app_commands.Command(name="bet", description="Bet on a game: you see a slip first", callback=self.bet),
            app_commands.Command(
                name="parlay", description="One bet on several games: build it leg by leg", callback=self.parlay
            ),
        )
        for command in commands:
            host.interactions.add(command)

    @property
    def games(self) -> GameChooser:
        """What finds games with odds; its code is loaded once somebody looks for one."""
        from steward.bots.bets.commands.betting.finding import GameChooser

        return GameChooser(self._host, priced=True)

    @property
    def picks(self) -> PickFinder:
        """What finds picks, in the same way."""
        from steward.bots.bets.commands.betting.finding import PickFinder

        return PickFinder(self._host, self.games, self._section)

    @app_commands.describe(game="Which game", pick="On what", stake="How much: a number, or half or all of your wallet")
    @answered(private=True)
    async def bet(self, interaction: discord.Interaction, game: GameOption, pick: PickOption, stake: Stake) -> Reply:
        leg = await self.picks.leg(game, pick)
        slip = self._begun(interaction, leg)
        await self._store.read(partial(_require_open, leg=leg))
        return await self._single.show(interaction, slip, stake=stake)

    @app_commands.describe(
        game="Which game to add",
        pick="On what",
        stake="How much: a number, or half or all of your wallet; you can set it later",
    )
    @answered(private=True)
    async def parlay(
        self,
        interaction: discord.Interaction,
        game: GameOption | None = None,
        pick: PickOption | None = None,
        stake: Stake | None = None,
    ) -> Reply:
        if (game is None) is not (pick is None):
            raise BetsError("A leg is a game and a pick.", remedy="Choose both, or neither to see your parlay.")
        leg = await self.picks.leg(game, pick) if game is not None and pick is not None else None
        kept = partial(PARLAYS.get, guild_id=guild_of(interaction), user_id=interaction.user.id)
        held = await self._store.read(kept)
        slip = self._begun(interaction) if held is None else held.draft
        grow = partial(_with_leg, slip=slip, leg=leg, section=self._section.of(guild_of(interaction)))
        try:
            slip = await self._store.read(grow)
        except StewardError as refused:
            return await self._parlay.show(interaction, slip, stake=stake, refused=refused)
        return await self._parlay.show(interaction, slip, stake=stake)

    def _begun(self, interaction: discord.Interaction, *legs: QuotedLeg) -> BetSlip:
        mode, now_ms = self._section.of(guild_of(interaction)).mode, to_millis(self._clock.now())
        return BetSlip(interaction.id, legs, mode=mode, quoted_ms=now_ms)


def _require_open(tx: Transaction, leg: QuotedLeg) -> None:
    """Refuse a leg on which no bet is taken now."""
    from steward.bots.bets.placing.quoting import legs_now
    from steward.bots.bets.slips.checks import MarketLocked

    (now,) = legs_now(tx, [leg])
    if now.closed:
        raise MarketLocked(f"{now.title}: {now.closed}")


def _with_leg(tx: Transaction, slip: BetSlip, leg: QuotedLeg | None, section: BetsSection) -> BetSlip:
    """
    Return a parlay with another leg, all at the prices of now; one that moved says what it was.

    Raises:
        BadParlay: it has too many legs then, or two that depend on each other.
        MarketLocked: no bet is taken on the new one.

    """
    from steward.bots.bets.placing.quoting import legs_now
    from steward.bots.bets.slips.parlays import MOST_LEGS, BadParlay, require_independent

    legs = tuple(one.leg.followed(one.quote) for one in legs_now(tx, slip.legs))
    if leg is not None and (leg.game, leg.pick) not in [(one.game, one.pick) for one in legs]:
        if len(legs) == MOST_LEGS:
            raise BadParlay(f"A parlay has up to {MOST_LEGS} legs.", remedy="Remove one first.")
        _require_open(tx, leg)
        legs = (*legs, leg)
        require_independent([one.on_slip for one in legs_now(tx, legs)], section.parlays)
    return slip.quoted(legs, tx.now_ms)
