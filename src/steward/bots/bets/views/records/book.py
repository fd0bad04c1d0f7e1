"""How the record of a member looks, and the book of the house."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from steward.bots.bets.boards.exposure import Exposure, GameExposure
from steward.bots.bets.boards.leaderboard import BetSum, BoardPeriod
from steward.bots.bets.boards.record import BetRecord
from steward.bots.bets.grading.grades import BetResult
from steward.bots.bets.section import BetsSection
from steward.bots.bets.views.games import versus
from steward.bots.bets.views.records.leaderboard import percent, sport_name
from steward.bots.bets.views.records.own_bets import NO_BETS
from steward.bots.bets.views.wallet import PLAY_MONEY
from steward.bots.bets.views.words import PERIODS
from steward.client.embeds import BLUE, Message, at, field, plain
from steward.store import from_millis
from steward.text.cutting import cut_label, cut_list
from steward.text.plurals import counted

SHORT_QUESTION = 80


def record_view(user_id: int, record: BetRecord, section: BetsSection) -> Message:
    """Show how a member's bets have ended."""
    has_any = bool(record.results or record.open_bets)
    said = f"<@{user_id}> · {_record_of(record)}" if has_any else NO_BETS
    embed: Message = {"title": "Record", "description": said, "color": BLUE, "footer": {"text": PLAY_MONEY}}
    if record.results:
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
    closing = "no closing price known yet"
    if total.valued:
        closing = f"{percent(total.closing_bps)} on average\nof {counted(total.valued, 'bet')} with a closing price"
    return [
        field("Profit", f"{section.amount(total.profit, section.mode, signed=True)}"),
        field("Return on stakes", percent(total.roi_bps) or "none yet"),
        field("Closing line value", closing),
    ]


def _record_of(record: BetRecord) -> str:
    counts = {one: record.results.get(one, 0) for one in BetResult}
    shown = {BetResult.WON, BetResult.LOST}
    said = ", ".join(f"{number:,} {one}" for one, number in counts.items() if number or one in shown)
    return f"{counted(sum(counts.values()), 'settled bet')}: {said}"


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
    sums: Mapping[BoardPeriod, BetSum],
    book: int,
    exposed: Sequence[Exposure],
    section: BetsSection,
) -> Message:
    """Show bet managers what the house has won, and what it may lose."""
    fields = [
        field(PERIODS[period].capitalize(), f"{section.points(-total.profit)} on {counted(total.bets, 'bet')}")
        for period, total in sums.items()
    ]
    lines = [_exposed(one, section) for one in exposed]
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


def _exposed(one: Exposure, section: BetsSection) -> str:
    on_it = f"{counted(one.bets, 'bet')}, {section.points(one.staked)} staked"
    if isinstance(one, GameExposure):
        named = f"{at(from_millis(one.game.starts_ms), 'f')} **{versus(one.game)}**"
        return f"{named} may cost {section.points(one.worst)} · {on_it}"
    named = f"**{plain(cut_label(one.question, SHORT_QUESTION))}**"
    if one.is_pool:
        return f"{named} is a pool and costs nothing · {on_it}"
    return f"{named} may cost {section.points(one.worst)} · {on_it}"
