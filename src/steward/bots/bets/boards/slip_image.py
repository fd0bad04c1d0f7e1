"""A bet as a picture: its legs, stake and return, drawn in a child and kept by what it shows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import tzinfo
from functools import partial
from hashlib import blake2b
from typing import TYPE_CHECKING

from steward.bots.bets.fixtures.games import Game
from steward.bots.bets.grading.grades import BetOutcome, BetResult, result_of
from steward.bots.bets.odds.prices import Odds, OddsFormat, product, show_odds
from steward.bots.bets.placing.bets import Bet, BetStatus
from steward.bots.bets.section import BetsSection, SlipTheme
from steward.bots.bets.views.picks import pick_name
from steward.charts.render import ChartFailed
from steward.guilds.host import Host
from steward.runtime.cache import Category
from steward.store import from_millis
from steward.text.cutting import cut_label

if TYPE_CHECKING:
    from steward.charts.canvas import Canvas
    from steward.charts.theme import Theme

MARGIN, WIDTH = 40, 1000
TOP, LEG, FOOT = 128, 128, 168
KEPT_FOR = 3600.0
MOST_WAITING = 20
"""Pictures at once; while so many wait for the one child that draws, further bets have none."""
LEAST_SIZE = 19.0
IN_PICK = 24
"""Characters of a team's name in a pick: what is bet on must not be cut with it."""
ENDS = {
    BetOutcome.WIN: "Won",
    BetOutcome.LOSE: "Lost",
    BetOutcome.PUSH: "Push",
    BetOutcome.VOID: "Void",
    BetOutcome.HALF_WIN: "Half won",
    BetOutcome.HALF_LOSS: "Half lost",
    BetOutcome.DEAD_HEAT: "Dead heat",
}
OF_WINS = {BetResult.WON: "Won", BetResult.LOST: "Lost in part", BetResult.PUSH: "Stake back"}


@dataclass(frozen=True, slots=True)
class LegPicture:
    """A leg as it is drawn: the pick, its odds, the game and its start, and once it is graded, how it ended."""

    pick: str
    odds: str
    home: str
    away: str
    starts: str
    ended: str = ""
    result: BetResult | None = None


@dataclass(frozen=True, slots=True)
class SlipPicture:
    """A slip as it is drawn: what it is, how it stands, its legs, and figures with what they are."""

    title: str
    state: str
    result: BetResult | None
    legs: tuple[LegPicture, ...]
    figures: tuple[tuple[str, str], ...]


class SlipImages:
    """Draws bets."""

    def __init__(self, host: Host) -> None:
        self._renderer = host.charts
        self._waiting = 0
        self._kept: Category[bytes] = host.cache.category("bets_slips", ttl=KEPT_FOR)

    async def slip_image(
        self, bet: Bet, games: Mapping[int, Game], section: BetsSection, style: OddsFormat
    ) -> tuple[str, bytes] | None:
        """
        Return the name and the PNG of a bet's picture; None where the guild wants none, or it can't be drawn now.

        Args:
            games: those of its legs, by their number.

        """
        if section.slip_pictures is SlipTheme.OFF or self._waiting >= MOST_WAITING:
            return None
        shown = slip_picture(bet, games, section, style)
        key = blake2b(repr((shown, section.slip_pictures)).encode(), digest_size=16).hexdigest()
        self._waiting += 1
        try:
            picture = await self._kept.fetch(key, partial(self._drawn, shown, section.slip_pictures))
        except ChartFailed:  # the text says the same
            return None
        finally:
            self._waiting -= 1
        return None if picture is None else (f"bet{bet.id}.png", picture)

    async def _drawn(self, shown: SlipPicture, theme: SlipTheme) -> bytes:
        (picture,) = await self._renderer.render_svg(partial(draw, shown, theme))
        return picture


def slip_picture(bet: Bet, games: Mapping[int, Game], section: BetsSection, style: OddsFormat) -> SlipPicture:
    """Return what a picture of a bet shows; times are those of the guild's clock."""
    legs = []
    for leg in bet.legs:
        game = games.get(leg.game)
        home, away = (game.home_name, game.away_name) if game else ("", "")
        starts = _time(game.starts_ms, section.zone_info) if game else ""
        ended, leg_result = "", None
        if leg.grade is not None:
            back, of = leg.grade.multiplier(*leg.odds.ratio)
            ended, leg_result = _ended(leg.grade.outcome, of, back)
        pick = pick_name(leg.pick, cut_label(home, IN_PICK), cut_label(away, IN_PICK))
        legs.append(LegPicture(pick, show_odds(leg.odds, style), home, away, starts, ended, leg_result))
    state, result, last = "Placed", None, ("Returns", section.amount(bet.returned, bet.mode))
    if bet.status is BetStatus.CANCELLED:
        state, last = "Cancelled", ("Stake back", section.amount(bet.stake, bet.mode))
    elif bet.outcome is not None:
        state, result = _ended(bet.outcome, bet.stake, bet.payout or 0)
        last = "Returned", section.amount(bet.payout or 0, bet.mode)
    kind = "Bet" if len(legs) == 1 else f"Parlay of {len(legs)}"
    total = Odds(*product(leg.odds for leg in bet.legs))
    figures = (("Stake", section.amount(bet.stake, bet.mode)), ("Odds", show_odds(total, style)), last)
    return SlipPicture(f"{kind} #{bet.id}", state, result, tuple(legs), figures)


def draw(shown: SlipPicture, colours: SlipTheme) -> str:
    """Return the picture of a slip as SVG; every text is cut to the place it has."""
    from steward.charts.canvas import Canvas
    from steward.charts.theme import DARK, LIGHT

    theme = LIGHT if colours is SlipTheme.LIGHT else DARK
    height = TOP + LEG * len(shown.legs) + FOOT
    canvas = Canvas(theme, f"{shown.title}: {shown.state}", height)
    canvas.rect(1, 1, WIDTH - 2, height - 2, theme.card, radius=28, edge=theme.edge)
    _head(canvas, shown)
    for place, leg in enumerate(shown.legs):
        _leg(canvas, leg, TOP + LEG * place)
    _foot(canvas, shown.figures, TOP + LEG * len(shown.legs))
    return canvas.finished()


def _head(canvas: Canvas, shown: SlipPicture) -> None:
    colour = _colour(canvas.theme, shown.result)
    taken = canvas.text(WIDTH - MARGIN, 76, shown.state, colour=colour, size=34, weight=700, anchor="end", room=300)
    canvas.text(MARGIN, 76, shown.title, size=42, weight=700, room=WIDTH - 3 * MARGIN - taken)


def _leg(canvas: Canvas, leg: LegPicture, top: float) -> None:
    theme = canvas.theme
    left, right = MARGIN + 26, WIDTH - MARGIN
    canvas.rect(MARGIN, top + 6, 8, LEG - 32, _colour(theme, leg.result), radius=4)
    taken = canvas.text(right, top + 34, leg.odds, size=34, weight=700, anchor="end", room=200)
    _shrunk(canvas, (left, top + 34), leg.pick, 34, right - left - taken - MARGIN)
    room = right - left
    canvas.text(left, top + 68, versus(leg.home, leg.away, room, 27), colour=theme.muted, size=27, room=room)
    taken = canvas.text(right, top + 100, leg.ended, colour=_colour(theme, leg.result), size=24, anchor="end", room=200)
    canvas.text(left, top + 100, leg.starts, colour=theme.muted, size=24, room=right - left - taken - MARGIN)


def _foot(canvas: Canvas, figures: Sequence[tuple[str, str]], top: float) -> None:
    theme, room = canvas.theme, (WIDTH - 2 * MARGIN) / len(figures)
    canvas.line((MARGIN, top + 4), (WIDTH - MARGIN, top + 4), theme.grid)
    for place, (label, figure) in enumerate(figures):
        x = MARGIN + place * room
        canvas.text(x, top + 50, label, colour=theme.muted, size=24, room=room - 20)
        _shrunk(canvas, (x, top + 92), figure, 36, room - 20)
    canvas.text(MARGIN, top + 138, "Play money", colour=theme.muted, size=22)


def _shrunk(canvas: Canvas, at: tuple[float, float], words: str, size: float, room: float) -> None:
    """Write bold words, as much smaller as it takes for all of them to fit; what is too long even then is cut."""
    from steward.charts.canvas import BOLD, clean, width

    taken = width(clean(words), size, BOLD)
    size = size if taken <= room else max(LEAST_SIZE, size * room / taken * 0.99)
    canvas.text(*at, words, size=size, weight=BOLD, room=room)


def versus(home: str, away: str, room: float, size: float) -> str:
    """Return both teams in a line that has so much room: of the longer name more is cut, and never all of one."""
    from steward.charts.canvas import fit, width

    between = " v "
    half = (room - width(between, size)) / 2
    wants_home, wants_away = width(home, size), width(away, size)
    home = fit(home, size, half + max(0, half - wants_away))
    away = fit(away, size, half + max(0, half - wants_home))
    return f"{home}{between}{away}" if home and away else home or away


def _ended(outcome: BetOutcome, stake: int, payout: int) -> tuple[str, BetResult]:
    result = result_of(outcome, stake, payout)
    return OF_WINS[result] if outcome is BetOutcome.WIN else ENDS[outcome], result


def _colour(theme: Theme, result: BetResult | None) -> str:
    if result is None:
        return theme.series[0]
    return {BetResult.WON: theme.series[2], BetResult.LOST: theme.series[3]}.get(result, theme.muted)


def _time(at_ms: int, zone: tzinfo) -> str:
    at = from_millis(at_ms).astimezone(zone)
    return f"{at:%a} {at.day} {at:%b %Y, %H:%M %Z}"
