"""What members read about games and their prices."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from steward.bots.bets.boards.days import DayGames
from steward.bots.bets.fixtures.fixture import GamePhase, phase_of
from steward.bots.bets.fixtures.games import Game
from steward.bots.bets.fixtures.market_prices import GamePrice, PriceKey
from steward.bots.bets.grading.picks import BetPick
from steward.bots.bets.grading.results import GameResult
from steward.bots.bets.odds.prices import OddsFormat, show_odds
from steward.bots.bets.views.picks import market_name, selection_name
from steward.bots.bets.views.wallet import PLAY_MONEY
from steward.client.components import turns
from steward.client.embeds import AMBER, BLUE, FIELD_LENGTH, Message, at, field, plain
from steward.store import from_millis
from steward.text.cutting import cut_label, cut_list
from steward.text.plurals import counted

MOST_MARKETS = 24  # fields of an embed, less one
LONGEST_TEAM = 60
LONGEST_BOARD = 4096
SIDES = ("home", "1x", "over", "yes", "draw", "12", "away", "x2", "under", "no")
"""The order in which the selections of a market stand."""
MAIN = ("1x2", "moneyline", "spread", "asian_handicap", "total", "double_chance", "draw_no_bet", "btts")
STATES = {
    "PST": "postponed",
    "CANC": "cancelled",
    "ABD": "abandoned",
    "AWD": "awarded",
    "WO": "walkover",
    "SUSP": "interrupted",
    "INT": "interrupted",
}
NO_PRICES = "No odds for this game yet."


def team(name: str) -> str:
    """Return a team's name as it is shown in a message."""
    return plain(cut_label(name, LONGEST_TEAM))


def versus(game: Game) -> str:
    """Name a game in a message."""
    return f"{team(game.home_name)} v {team(game.away_name)}{_second(game)}"


def label(game: Game) -> str:
    """Name a game in a choice, where nothing is markdown."""
    return f"{game.home_name} v {game.away_name}{_second(game)}"


def _second(game: Game) -> str:
    return f" (game {game.number})" if game.number > 1 else ""


def odds_view(
    game: Game, league: str, prices: Mapping[PriceKey, GamePrice], style: OddsFormat, locked: str = ""
) -> Message:
    """
    Show all markets of a game.

    Args:
        locked: why it takes no bets, a sentence; empty if it does.

    """
    starts = from_millis(game.starts_ms)
    said, lock = f"{plain(league)}, {at(starts)}", f"Bets lock when it starts, {at(starts, 'R')}."
    said += f"\n{locked or lock}"
    markets: dict[tuple[str, str, int], list[PriceKey]] = {}
    for key in prices:
        markets.setdefault((key.market, key.period, abs(key.line or 0)), []).append(key)
    fields = [
        field(
            market_name(market, period, game.home_name, game.away_name),
            cut_list([_price(key, prices[key], game, style) for key in sorted(keys, key=place)], FIELD_LENGTH),
        )
        for (market, period, _), keys in sorted(markets.items(), key=lambda item: rank(*item[0]))
    ]
    if not fields:
        said += f"\n\n{NO_PRICES}"
    hidden = len(fields) - MOST_MARKETS
    footer = f"and {hidden} more markets. {PLAY_MONEY}" if hidden > 0 else PLAY_MONEY
    embed = {
        "title": cut_label(versus(game), 256),
        "description": said,
        "color": AMBER if locked else BLUE,
        "fields": fields[:MOST_MARKETS],
        "footer": {"text": footer},
    }
    return {"embeds": [embed]}


def schedule_view(
    found: DayGames, title: str, leagues: Mapping[int, str], scores: Mapping[int, str], turn: Callable[[int], str]
) -> Message:
    """
    List the games of a day.

    Args:
        leagues: the names of the leagues whose games are named with them, by their number.
        scores: of games that are over.

    """
    lines = [f"{game_line(game, scores.get(game.id, ''))}{_in_league(game, leagues)}" for game in found.games]
    text = "\n".join(lines) or "No games that day. Try another day or league."
    embed = {
        "title": title,
        "description": text,
        "color": BLUE,
        "footer": {"text": "Times are your own; a late game is on the day that its league gives it."},
    }
    return {"embeds": [embed], "components": turns(found.page, found.has_more, turn)}


def game_line(game: Game, score: str) -> str:
    """Say in a line when a game is, who plays, and how it stands."""
    said = f"**{score}**" if score else state_of(game)
    return f"{at(from_millis(game.starts_ms), 'f')} **{versus(game)}**{f' · {said}' if said else ''}"


def state_of(game: Game) -> str:
    """Return what has become of a game; empty for one that is still to come."""
    phase = phase_of(game.status)
    if phase is GamePhase.OPEN:
        return ""
    return STATES.get(game.status, "over" if phase is GamePhase.ENDED else "being played")


def score_of(result: GameResult) -> str:
    """Return the score of a result as members write it: `2-1`, with overtime and shoot-out where there were any."""
    if result.regulation is None:
        return ""
    said = "{}-{}".format(*(sum(parts) for parts in zip(result.regulation, result.overtime, strict=True)))
    if any(result.overtime):
        said += " after overtime ({}-{} before)".format(*result.regulation)
    return f"{said}, {result.shootout} side on penalties" if result.shootout else said


def day_title(found: DayGames, what: str) -> str:
    return f"{what}, {found.day:%A} {found.day.day} {found.day:%B}"


def _in_league(game: Game, leagues: Mapping[int, str]) -> str:
    name = leagues.get(game.league)
    return f" · {plain(name)}" if name else ""


def _price(key: PriceKey, price: GamePrice, game: Game, style: OddsFormat) -> str:
    pick = BetPick(key.market, key.selection, key.line, key.period)
    name = plain(cut_label(selection_name(pick, game.home_name, game.away_name), LONGEST_TEAM + 10))
    shown = f"**{show_odds(price.odds, style)}**"
    return f"{name} {shown}" if price.is_open else f"{name} {shown}, closed"


def place(key: PriceKey) -> tuple[int, str]:
    """Return by what the selections of a market are sorted."""
    return SIDES.index(key.selection) if key.selection in SIDES else len(SIDES), key.selection


def rank(market: str, period: str, line: int) -> tuple[bool, int, str, str, int]:
    """Return by what markets are sorted: the main ones of the whole game first."""
    return bool(period), MAIN.index(market) if market in MAIN else len(MAIN), market, period, line


class BoardLine(NamedTuple):
    """A game on a board: its main prices, how many bets there are on it, and the score once it is over."""

    game: Game
    prices: Mapping[PriceKey, GamePrice]
    bets: int
    score: str


def board_view(found: DayGames, league: str, lines: Sequence[BoardLine], style: OddsFormat) -> Message:
    """Show the games of a league's day with odds, bets and results."""
    told = cut_list([_board_line(line, style) for line in lines], LONGEST_BOARD)
    embed = {
        "title": day_title(found, league),
        "description": told or "No games that day any more.",
        "color": BLUE,
        "footer": {"text": f"Bet with /bet. {PLAY_MONEY}"},
    }
    return {"embeds": [embed]}


def _board_line(line: BoardLine, style: OddsFormat) -> str:
    parts = [game_line(line.game, line.score)]
    if not line.score and not state_of(line.game) and line.prices:
        odds = [show_odds(line.prices[key].odds, style) for key in sorted(line.prices, key=place)]
        parts.append(" / ".join(odds))
    if line.bets:
        parts.append(counted(line.bets, "bet"))
    return " · ".join(parts)
