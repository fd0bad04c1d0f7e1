"""How a leaderboard looks."""

from __future__ import annotations

from collections.abc import Callable

from steward.bots.bets.boards.leaderboard import SEVERAL, BetSum, BoardOrder, BoardPeriod, Leaderboard
from steward.bots.bets.boards.settled_bets import MARKETS, SLIPS
from steward.bots.bets.section import BetsSection
from steward.bots.bets.views.wallet import PLAY_MONEY
from steward.bots.bets.views.words import PERIODS
from steward.client.components import turns
from steward.client.embeds import BLUE, Message
from steward.text.plurals import counted

ORDERS = {
    BoardOrder.PROFIT: "by profit",
    BoardOrder.ROI: "by return on stakes",
    BoardOrder.CLOSING: "by closing line value",
}
SPORTS = {
    "soccer": "Football",
    "ncaaf": "College football",
    "ncaab": "College basketball",
    "mma": "MMA",
    SEVERAL: "Several sports",
    MARKETS: "Members' markets",
    SLIPS: "Slips",
}


def percent(bps: int | None) -> str:
    """Write basis points as percent with a sign, to one place; empty for None."""
    if bps is None:
        return ""
    tenths = (abs(bps) + 5) // 10
    sign = "" if tenths == 0 else "-" if bps < 0 else "+"
    return f"{sign}{tenths // 10:,}.{tenths % 10}%"


def sport_name(sport: str) -> str:
    return SPORTS.get(sport, sport.upper() if len(sport) <= len("ncaaf") else sport.capitalize()) if sport else "Other"


def leaderboard_view(
    found: Leaderboard,
    period: BoardPeriod,
    order: BoardOrder,
    sport: str,
    section: BetsSection,
    least: int,
    turn: Callable[[int], str],
) -> Message:
    """Show who is ahead; the sums in the footer are of everybody."""
    lines = [f"{one.place}. <@{one.user_id}> {_figures(one.total, order, section)}" for one in found.places]
    on_sport = f" on {sport_name(sport)}" if sport else ""
    none = f"No bets{on_sport} were settled {PERIODS[period]}. Try `/bet`, or another `period`."
    if found.short and not lines:
        none = f"Nobody has {counted(least, 'settled bet')} yet, which this board asks for."
    of_sport = f", {sport_name(sport)}" if sport else ""
    footer = [f"{counted(found.members, 'member')}, {counted(found.total.bets, 'bet')}"]
    if found.total.bets:
        footer.append(f"{section.amount(found.total.staked, section.mode)} staked")
        footer.append(f"{section.amount(found.total.profit, section.mode, signed=True)} in all")
    if order is not BoardOrder.PROFIT:
        footer.append(f"from {counted(least, 'bet')} on")
    embed = {
        "title": f"Leaderboard: {PERIODS[period]}{of_sport}, {ORDERS[order]}",
        "description": "\n".join(lines) or none,
        "color": BLUE,
        "footer": {"text": f"{', '.join(footer)}. {PLAY_MONEY}"},
    }
    return {"embeds": [embed], "components": turns(found.page, found.has_more, turn)}


def _figures(total: BetSum, order: BoardOrder, section: BetsSection) -> str:
    profit = section.amount(total.profit, section.mode, signed=True)
    closing = percent(total.closing_bps)
    parts = {
        BoardOrder.PROFIT: profit,
        BoardOrder.ROI: f"{percent(total.roi_bps)} return",
        BoardOrder.CLOSING: f"{closing} CLV" if closing else "",
    }
    first = parts.pop(order)
    return " · ".join(filter(None, [f"**{first}**", *parts.values(), counted(total.bets, "bet")]))
