"""What members read about slips that cappers write themselves."""

from __future__ import annotations

from collections.abc import Callable

from steward.bots.bets.markets.manual_slips import ManualRecord, ManualSlip, ManualSlipStatus
from steward.bots.bets.odds.prices import OddsFormat, show_odds
from steward.bots.bets.section import BetsMode, BetsSection
from steward.bots.bets.views.wallet import PLAY_MONEY
from steward.bots.bets.views.words import ended
from steward.client.components import turns
from steward.client.embeds import BLUE, Message, plain
from steward.text.plurals import counted

FOOTER = f"\n-# {PLAY_MONEY}"
"""Of a message without an embed."""


def units(hundredths: int, section: BetsSection, *, signed: bool = False) -> str:
    return section.amount(hundredths, BetsMode.UNITS, signed=signed)


def posted(slip: ManualSlip, section: BetsSection) -> str:
    """Tell everybody of a new slip."""
    said = f"<@{slip.user_id}> has {units(slip.stake, section)} on {_what(slip, section.odds_format)}."
    return f"{said}{FOOTER}"


def graded(slip: ManualSlip, section: BetsSection) -> str:
    """Tell everybody how a slip was graded, and by whom."""
    who = "a former member" if slip.user_id is None else f"<@{slip.user_id}>"
    what = _what(slip, section.odds_format)
    return f"Graded by <@{slip.graded_by}>: {who}'s {what}: {_end(slip, section)}.{FOOTER}"


def deleted(slip: ManualSlip, section: BetsSection) -> str:
    """Tell everybody that a slip was deleted."""
    what = f"{units(slip.stake, section)} on {_what(slip, section.odds_format)}"
    return f"<@{slip.user_id}> deleted a slip: {what}. It stays in their record.{FOOTER}"


def record_view(
    user_id: int, found: ManualRecord, page: int, section: BetsSection, style: OddsFormat, turn: Callable[[int], str]
) -> Message:
    """Show a page of somebody's slips, and what they come to."""
    lines = [f"{_end(slip, section)}: {units(slip.stake, section)} on {_what(slip, style)}" for slip in found.slips]
    profit = units(found.returned - found.staked, section, signed=True)
    told = f"<@{user_id}>: {profit} by {counted(found.settled, 'slip')}, {counted(found.deleted, 'slip')} deleted"
    embed = {
        "title": "Slips",
        "description": "\n".join([told, "", *lines]),
        "color": BLUE,
        "footer": {"text": PLAY_MONEY},
    }
    return {"embeds": [embed], "components": turns(page, found.has_more, turn)}


def _what(slip: ManualSlip, style: OddsFormat) -> str:
    return f"**{plain(slip.said)}** @ {show_odds(slip.odds, style)}"


def _end(slip: ManualSlip, section: BetsSection) -> str:
    if slip.status is ManualSlipStatus.DELETED:
        return "🗑️ deleted"
    if slip.outcome is None or slip.payout is None:
        return "⏳ open"
    sign, word = ended(slip.outcome, slip.stake, slip.payout)
    return f"{sign} {word}, {units(slip.payout - slip.stake, section, signed=True)}"
