"""What members read about their bets, leaderboards, records and the house's book."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from steward.bots.bets.boards.exposure import GameExposure
from steward.bots.bets.boards.leaderboard import SEVERAL, BetSum, BoardOrder, BoardPeriod, Leaderboard
from steward.bots.bets.boards.own_bets import BetPage
from steward.bots.bets.boards.record import BetRecord
from steward.bots.bets.fixtures.games import Game
from steward.bots.bets.grading.grades import BetOutcome
from steward.bots.bets.odds.prices import Odds, OddsFormat, product, show_odds
from steward.bots.bets.placing.bets import Bet, BetLeg, BetStatus
from steward.bots.bets.section import BetsMode, BetsSection
from steward.bots.bets.views import actions
from steward.bots.bets.views.games import team, versus
from steward.bots.bets.views.picks import pick_name
from steward.bots.bets.views.wallet import PLAY_MONEY, kept_in
from steward.bots.bets.views.words import ENDS, PERIODS
from steward.client.components import option, row, select, turns
from steward.client.embeds import BLUE, Message, at, field
from steward.store import from_millis
from steward.text.cutting import cut_list
from steward.text.plurals import counted

LONGEST_BET = 780  # five of them fit in an embed
NO_BETS = "No bets yet. Try `/bet`."
NONE_OPEN = "No open bets. Try `/bet`."
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


def bets_view(
    found: BetPage, section: BetsSection, style: OddsFormat, turn: Callable[[int], str], *, is_open: bool
) -> Message:
    """List a member's own bets."""
    blocks = [_bet(bet, found.games, section, style) for bet in found.bets]
    embed = {
        "title": "Your open bets" if is_open else "Your past bets",
        "description": "\n\n".join(blocks) or (NONE_OPEN if is_open else NO_BETS),
        "color": BLUE,
        "footer": {"text": PLAY_MONEY},
    }
    offered = [
        option(f"Bet {bet.id}: {_label(bet, found.games)}, {section.amount(bet.stake, bet.mode)}", str(bet.id))
        for bet in found.bets
        if bet.id in found.unlocked
    ]
    menu = [row(select(actions.OWN_CANCEL.id(), offered, placeholder="Cancel a bet …"))] if offered else []
    return {"embeds": [embed], "components": [*menu, *turns(found.page, found.has_more, turn)]}


def cancel_question(bet: Bet, games: Mapping[int, Game], section: BetsSection, ended: int | None = None) -> str:
    """Ask whether a bet is to be cancelled."""
    back = (
        f" Your stake of {section.points(bet.stake)} goes back to {kept_in(ended)}."
        if bet.mode is BetsMode.HOUSE
        else ""
    )
    return f"Cancel bet {bet.id}, {_title(bet, games)}?{back}"


def cancelled_said(bet: Bet, section: BetsSection, ended: int | None = None) -> str:
    """Say that a bet is cancelled."""
    back = (
        f" Your stake of {section.points(bet.stake)} is back in {kept_in(ended)}." if bet.mode is BetsMode.HOUSE else ""
    )
    return f"Bet {bet.id} is cancelled.{back}"


def _label(bet: Bet, games: Mapping[int, Game]) -> str:
    """Name a bet in a choice, where nothing is markdown."""
    return _title(bet, games, str)


def _title(bet: Bet, games: Mapping[int, Game], name: Callable[[str], str] = team) -> str:
    """Name a bet in a few words, teams by `name`."""
    if len(bet.legs) > 1:
        return f"a parlay of {len(bet.legs)} legs"
    (leg,) = bet.legs
    game = games.get(leg.game)
    names = (name(game.home_name), name(game.away_name)) if game else ("Home", "Away")
    return pick_name(leg.pick, *names)


def _bet(bet: Bet, games: Mapping[int, Game], section: BetsSection, style: OddsFormat) -> str:
    """Say what a bet is on, what it costs and returns, and how it stands."""
    legs = [_leg(leg, games.get(leg.game), style, parlay=len(bet.legs) > 1) for leg in bet.legs]
    head = ""
    if len(bet.legs) > 1:
        head = f"**Parlay of {len(bet.legs)} legs** {show_odds(Odds(*product(leg.odds for leg in bet.legs)), style)}\n"
    return f"{head}{cut_list(legs, LONGEST_BET - len(head) - 200)}\n{_state(bet, games, section)}"


def _leg(leg: BetLeg, game: Game | None, style: OddsFormat, *, parlay: bool) -> str:
    sign = f"{ENDS[leg.grade.outcome][0]} " if parlay and leg.grade is not None else ""
    names = (team(game.home_name), team(game.away_name)) if game else ("Home", "Away")
    of_game = f" · {versus(game)}" if game else ""
    return f"{sign}**{pick_name(leg.pick, *names)}** {show_odds(leg.odds, style)}{of_game}"


def _state(bet: Bet, games: Mapping[int, Game], section: BetsSection) -> str:
    stake = f"{section.amount(bet.stake, bet.mode)} staked"
    named = f"bet {bet.id}"
    if bet.status is BetStatus.OPEN:
        starts = [games[leg.game].starts_ms for leg in bet.legs if leg.game in games and leg.grade is None]
        locks = f", locks {at(from_millis(min(starts)), 'R')}" if starts else ""
        return f"{stake}, may return {section.amount(bet.returned, bet.mode)}{locks} · {named}"
    if bet.status is BetStatus.CANCELLED or bet.outcome is None:
        return f"🚫 cancelled {at(from_millis(bet.changed_ms), 'd')}, {stake} · {named}"
    sign, said = ENDS[bet.outcome]
    corrected = ", corrected" if bet.settlements > 1 else ""
    paid = section.amount(bet.payout or 0, bet.mode)
    return f"{sign} {said}{corrected} {at(from_millis(bet.changed_ms), 'd')}: {stake}, {paid} back · {named}"


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
    none = NO_BETS
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


def record_view(user_id: int, record: BetRecord, section: BetsSection) -> Message:
    """Show how a member's bets have ended."""
    has_any = bool(record.outcomes or record.open_bets)
    said = f"<@{user_id}> · {_record_of(record)}" if has_any else NO_BETS
    embed: Message = {"title": "Record", "description": said, "color": BLUE, "footer": {"text": PLAY_MONEY}}
    if record.outcomes:
        streaks = record.streaks
        now = _streak(streaks.current)
        embed["fields"] = [
            *_sums(record.total, section),
            field("Streak", f"{now} now\nlongest: {_streak(streaks.wins)}, {_streak(-streaks.losses)}"),
            *([field("By sport", _by_sport(record.sports, section), inline=False)] if len(record.sports) > 1 else []),
        ]
    if record.open_bets:
        stake = section.amount(record.open_stake, section.mode)
        embed["fields"] = [
            *embed.get("fields", []),
            field("Open", f"{counted(record.open_bets, 'bet')}, {stake} staked"),
        ]
    return {"embeds": [embed]}


def _sums(total: BetSum, section: BetsSection) -> list[Message]:
    fields = [
        field("Profit", f"{section.amount(total.profit, section.mode, signed=True)}"),
        field("Return on stakes", percent(total.roi_bps) or "none yet"),
    ]
    if (closing := total.closing_bps) is not None:
        fields.append(field("Closing line value", f"{closing:+,} basis points\nof {counted(total.valued, 'bet')}"))
    return fields


def _record_of(record: BetRecord) -> str:
    groups = (
        ("won", (BetOutcome.WIN, BetOutcome.HALF_WIN, BetOutcome.DEAD_HEAT)),
        ("lost", (BetOutcome.LOSE, BetOutcome.HALF_LOSS)),
        ("push", (BetOutcome.PUSH,)),
        ("void", (BetOutcome.VOID,)),
    )
    counts = {name: sum(record.outcomes.get(one, 0) for one in some) for name, some in groups}
    settled = sum(counts.values())
    said = ", ".join(f"{number:,} {name}" for name, number in counts.items() if number or name in {"won", "lost"})
    return f"{counted(settled, 'settled bet')}: {said}"


def _streak(length: int) -> str:
    if not length:
        return "none"
    return f"{abs(length):,} {'won' if length > 0 else 'lost'} in a row"


def _by_sport(sports: Mapping[str, BetSum], section: BetsSection) -> str:
    lines = []
    for sport, total in sports.items():
        closing = percent(total.closing_bps)
        parts = [
            counted(total.bets, "bet"),
            section.amount(total.profit, section.mode, signed=True),
            f"{percent(total.roi_bps)} return",
            f"{closing} CLV" if closing else "",
        ]
        lines.append(f"**{sport_name(sport)}** {' · '.join(filter(None, parts))}")
    return cut_list(lines, 1024)


def house_view(
    sums: Mapping[BoardPeriod, BetSum], book: int, exposed: Sequence[GameExposure], section: BetsSection
) -> Message:
    """Show bet managers what the house has won, and what it may lose."""
    fields = [
        field(PERIODS[period].capitalize(), f"{section.points(-total.profit)} on {counted(total.bets, 'bet')}")
        for period, total in sums.items()
    ]
    lines = [
        f"{at(from_millis(one.game.starts_ms), 'f')} **{versus(one.game)}** may cost {section.points(one.worst)}"
        f" · {counted(one.bets, 'bet')}, {section.points(one.staked)} staked"
        for one in exposed
    ]
    embed = {
        "title": "The book",
        "description": f"All-time profit of the house: **{section.points(book, signed=True)}**.",
        "color": BLUE,
        "fields": [
            *fields,
            field("At the worst, open bets may cost", cut_list(lines, 1024) or "No open bets.", inline=False),
        ],
        "footer": {"text": f"Each market at its own worst, parlays as if all other legs won. {PLAY_MONEY}"},
    }
    return {"embeds": [embed]}
