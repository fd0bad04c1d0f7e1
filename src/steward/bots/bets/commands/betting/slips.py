"""The slip of a member: shown, changed, confirmed, and the bet cancelled until it locks."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

import discord

from steward.bots.bets.errors import BetsError
from steward.bots.bets.odds.prices import OddsFormat
from steward.bots.bets.placing.preferences import preferences_of
from steward.bots.bets.section import BetsSection, SlipTheme
from steward.bots.bets.slips.slip import BetSlip
from steward.bots.bets.views.actions import CANCEL_BET, SlipActions
from steward.client.components import Reply
from steward.client.embeds import Message
from steward.client.interactions import Use, guild_of
from steward.client.panels.drafts import Drafts
from steward.client.panels.panel import Panel
from steward.errors import StewardError
from steward.guilds.host import Host
from steward.guilds.settings_book import Section
from steward.store import Transaction

if TYPE_CHECKING:
    from steward.bots.bets.boards.slip_image import SlipImages
    from steward.bots.bets.fixtures.games import Game
    from steward.bots.bets.placing.bets import Bet
    from steward.bots.bets.placing.quoting import LegNow
    from steward.client.panels.form import ModalForm

CHANGED = BetsError("This slip has changed since. Look at it once more before you confirm.")


class PlacedBets:
    """Bets as their members see them once they are placed, each with a button that cancels it until it locks."""

    def __init__(self, host: Host, section: Section[BetsSection]) -> None:
        self._host = host
        self._store = host.store
        self._images: SlipImages | None = None
        self._section = section
        host.interactions.on(CANCEL_BET, self._cancel, private=True)

    async def reply(self, interaction: discord.Interaction, bet: Bet) -> Reply:
        """Return what takes the place of the slip; a picture comes later, where the guild wants one."""
        from steward.bots.bets.placing.bets import ended_season
        from steward.bots.bets.placing.quoting import leg_of, legs_now
        from steward.bots.bets.views.slips import placed_view

        guild_id, user_id = guild_of(interaction), interaction.user.id
        section = self._section.of(guild_id)

        def work(tx: Transaction) -> tuple[list[LegNow], OddsFormat, int | None]:
            legs = legs_now(tx, [leg_of(leg) for leg in bet.legs])
            return legs, preferences_of(tx, guild_id, user_id).reads(section), ended_season(tx, bet)

        legs, odds_format, ended = await self._store.read(work)
        message = placed_view(bet, legs, section, odds_format, ended)
        if section.slip_pictures is SlipTheme.OFF:
            return Reply(message, update=True)
        games = {one.game.id: one.game for one in legs}
        picture = partial(self._picture, bet, games, section, odds_format)
        return Reply({**message, "attachments": []}, update=True, later=picture)  # without the one of before

    async def _picture(
        self, bet: Bet, games: Mapping[int, Game], section: BetsSection, odds_format: OddsFormat
    ) -> Reply | None:
        """Return the picture of a bet, unless it has changed meanwhile."""
        from steward.bots.bets.placing.bets import find_bets

        if self._images is None:
            from steward.bots.bets.boards.slip_image import SlipImages  # most guilds have none

            self._images = SlipImages(self._host)
        drawn = await self._images.slip_image(bet, games, section, odds_format)
        now = await self._store.read(partial(find_bets, numbers=[bet.id]))
        return Reply(files=[drawn], update=True) if drawn is not None and now.get(bet.id) == bet else None

    async def _cancel(self, use: Use) -> Reply:
        from steward.bots.bets.placing.confirming import cancel_until_lock

        cancel = partial(
            cancel_until_lock,
            guild_id=guild_of(use.interaction),
            user_id=use.interaction.user.id,
            number=int(use.args[0]),
            section=self._section.of(guild_of(use.interaction)),
        )
        return await self.reply(use.interaction, await self._store.write(cancel))


class SlipPanel:
    """
    A kind of slip as a private message with buttons.

    Args:
        kept: where slips of the kind are, one a member.
        placed: shows the bets.
        command: with which one begins.

    """

    def __init__(
        self,
        host: Host,
        section: Section[BetsSection],
        kept: Drafts[BetSlip],
        actions: SlipActions,
        placed: PlacedBets,
        *,
        command: str,
    ) -> None:
        self._store = host.store
        self._section = section
        self._placed = placed
        self._kept = kept
        self._actions = actions
        self._gone = BetsError("This slip isn't there any more.", remedy=f"Use `/{command}` for a new one.")
        self._panel = Panel(host.interactions, host.store, kept, self._draw, self._missing, command=command)
        self._panel.on(actions.confirm, self._confirm)
        self._panel.on(actions.discard, self._discard)
        self._panel.on(actions.remove, self._remove)
        self._panel.form(actions.stake_set, _stake_form, self._stake_set, opens=actions.stake)

    async def show(
        self,
        interaction: discord.Interaction,
        slip: BetSlip,
        *,
        stake: str | None = None,
        refused: StewardError | None = None,
    ) -> Reply:
        """
        Keep a slip and show it.

        Args:
            stake: as typed; one that is refused stands in the form again.
            refused: what was, and stands on the slip.

        """

        async def staked() -> BetSlip:
            if refused is not None:
                raise refused
            return slip if stake is None else await self._staked(interaction, slip, stake)

        return await self._panel.show(interaction, slip, staked(), **({} if stake is None else {"stake": stake}))

    async def _staked(self, interaction: discord.Interaction, slip: BetSlip, typed: str) -> BetSlip:
        """
        Return a slip with a stake.

        Raises:
            StewardError: it can't be read, is more than the guild takes, or more than the member has.

        """
        from steward.bots.bets.placing.confirming import read_stake, require_stake

        guild_id, user_id = guild_of(interaction), interaction.user.id
        section = self._section.of(guild_id)

        def work(tx: Transaction) -> BetSlip:
            stake = read_stake(tx, guild_id, user_id, typed, section)
            changed = slip.staked(stake, section.mode)
            require_stake(tx, guild_id, user_id, changed, section)
            return changed

        return await self._store.read(work)

    async def _stake_set(self, use: Use, slip: BetSlip, values: dict[str, Any]) -> BetSlip:
        return await self._staked(use.interaction, slip, values["stake"])

    async def _confirm(self, use: Use, slip: BetSlip) -> BetSlip | Reply:
        from steward.bots.bets.placing.confirming import place_slip

        if int(use.args[1]) != slip.revision:
            raise CHANGED
        guild_id = guild_of(use.interaction)
        done = await self._store.write(
            partial(
                place_slip,
                guild_id=guild_id,
                user_id=use.interaction.user.id,
                slip=slip,
                section=self._section.of(guild_id),
                kept=self._kept,
            )
        )
        return done if isinstance(done, BetSlip) else await self._placed.reply(use.interaction, done)

    async def _remove(self, use: Use, slip: BetSlip) -> BetSlip:
        place = int(use.value)
        if int(use.args[1]) != slip.revision or place >= len(slip.legs):
            raise CHANGED
        return slip.without(place)

    async def _discard(self, use: Use, _: BetSlip) -> Reply:
        await self._panel.drop(use.interaction)
        return Reply({"content": "Okay, no bet was placed.", "embeds": [], "components": []}, update=True)

    async def _missing(self, use: Use) -> Reply:
        """Answer as before where the slip was confirmed."""
        from steward.bots.bets.placing.confirming import bet_of_slip

        find = partial(
            bet_of_slip,
            guild_id=guild_of(use.interaction),
            user_id=use.interaction.user.id,
            slip_id=int(use.args[0]),
        )
        bet = await self._store.read(find)
        if bet is None:
            raise self._gone
        return await self._placed.reply(use.interaction, bet)

    async def _draw(self, interaction: discord.Interaction, slip: BetSlip, problem: StewardError | None) -> Message:
        from steward.bots.bets.placing.quoting import legs_now
        from steward.bots.bets.views.slips import slip_view

        guild_id, user_id, note = guild_of(interaction), interaction.user.id, "" if problem is None else str(problem)
        section = self._section.of(guild_id)

        def work(tx: Transaction) -> Message:
            legs, preferences = legs_now(tx, slip.legs), preferences_of(tx, guild_id, user_id)
            return slip_view(slip, legs, section, preferences.reads(section), self._actions, note)

        return await self._store.read(work)


def _stake_form(slip: BetSlip) -> ModalForm:
    from steward.bots.bets.views.slips import stake_form

    return stake_form(slip)
