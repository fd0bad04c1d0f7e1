"""What the legs of a slip are worth now: their games, whether these take bets, and the prices."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from steward.bots.bets.fixtures.games import Game, ListedGame, listed_games
from steward.bots.bets.fixtures.ladder import LadderStage
from steward.bots.bets.fixtures.market_prices import GamePrice, PriceKey, prices_of_picks
from steward.bots.bets.grading.picks import BetPick
from steward.bots.bets.placing.bets import BetLeg
from steward.bots.bets.section import BetsSection
from steward.bots.bets.slips.checks import MarketLocked, require_open, why_locked
from steward.bots.bets.slips.parlays import SlipLeg
from steward.bots.bets.slips.quotes import Quote
from steward.bots.bets.slips.slip import QuotedLeg
from steward.bots.bets.views.games import label, team, versus
from steward.bots.bets.views.picks import pick_name
from steward.store import Transaction
from steward.text.plurals import counted


class LegNow(NamedTuple):
    """
    A leg of a slip as it is now.

    Attributes:
        sport, league: of its game; the league by its name.
        quote: the price of now, perhaps of another line; that of the slip where there is none.
        closed: why no bet is taken on it, a sentence; empty where one is.

    """

    leg: QuotedLeg
    game: Game
    sport: str
    league: str
    quote: Quote
    closed: str = ""

    @property
    def title(self) -> str:
        """Both teams, as a message has them."""
        return versus(self.game)

    @property
    def name(self) -> str:
        """The pick, as a message has it."""
        return self.named(self.leg.pick)

    @property
    def label(self) -> str:
        """The pick and both teams in a choice, where nothing is markdown."""
        game = self.game
        return f"{pick_name(self.leg.pick, game.home_name, game.away_name)}, {label(game)}"

    def named(self, pick: BetPick) -> str:
        """Return another pick of the game, as a message has it."""
        return pick_name(pick, team(self.game.home_name), team(self.game.away_name))

    @property
    def on_slip(self) -> SlipLeg:
        """The leg as the rules of parlays see it."""
        game = self.game
        entrants = (str(game.home), str(game.away))
        return SlipLeg(self.sport, str(game.id), self.leg.pick, entrants, f"“{self.title}: {self.name}”")


def leg_of(leg: BetLeg) -> QuotedLeg:
    """Return the leg of a bet as that of a slip."""
    return QuotedLeg(leg.game, leg.pick.market, leg.pick.selection, leg.pick.line, leg.pick.period, leg.odds)


def legs_now(tx: Transaction, legs: Sequence[QuotedLeg]) -> list[LegNow]:
    """Return what legs are worth now, in their order, without those whose game isn't kept any more."""
    games = listed_games(tx, {leg.game for leg in legs})
    closed = {number: why_closed(tx, listed) for number, listed in games.items()}
    prices = prices_of_picks(tx, [(leg.game, _price_key(leg)) for leg in legs if leg.game in games])
    found = []
    for leg in (leg for leg in legs if leg.game in games):
        (game, sport, league, _), why = games[leg.game], closed[leg.game]
        price = price_of(prices[leg.game], _price_key(leg))
        quote = leg.quote if price is None else Quote(price[1].odds, price[0].line)
        why = why or why_no_price(None if price is None else price[1])
        found.append(LegNow(leg, game, sport, league, quote, why))
    return found


def _price_key(leg: QuotedLeg) -> PriceKey:
    return PriceKey(leg.market, leg.selection, leg.line, leg.period)


def why_no_price(price: GamePrice | None) -> str:
    """Return why no bet is taken at a price; empty where one is."""
    if price is None:
        return "There are no odds for this any more."
    if not price.is_plausible:
        return "These odds can't be right, so bets on them are paused."
    return "" if price.is_fresh else "The odds are too old, so bets on this game are paused."


def price_of(prices: Mapping[PriceKey, GamePrice], key: PriceKey) -> tuple[PriceKey, GamePrice] | None:
    """Return the price of a pick; where its line is gone, that of the nearest one; None where there is none."""
    if key in prices:
        return key, prices[key]
    others = [one for one in prices if one._replace(line=key.line) == key and None not in (one.line, key.line)]
    nearest = min(others, key=lambda one: (abs((one.line or 0) - (key.line or 0)), one.line or 0), default=None)
    return None if nearest is None else (nearest, prices[nearest])


def why_not_cancelled(tx: Transaction, listed: ListedGame) -> str:
    """Return why a bet on a game can't be cancelled any more; empty where it can."""
    game = listed.game
    if game.began_ms is not None:  # one that was broken off may be played on another day
        return "This game has begun."
    return why_locked(tx.now_ms, game.starts_ms, game.status)


def why_kept(tx: Transaction, placed_ms: int, section: BetsSection) -> str:
    """Return why a bet can't be cancelled any more though it hasn't locked; empty where it can."""
    ends = section.cancel_ends(placed_ms)
    if ends is None or tx.now_ms < ends:
        return ""
    return f"In this server a bet can be cancelled for {counted(section.cancel_minutes, 'minute')} after it's placed."


def why_closed(tx: Transaction, listed: ListedGame) -> str:
    """Return why no bet is taken on a game; empty where one is."""
    if listed.game.stage != LadderStage.OPEN:  # relisted, or decided by a person before its start
        return "The result of this game is told already."
    try:
        require_open(tx.now_ms, listed.game.starts_ms, listed.game.status, listed.age(tx.now_ms))
    except MarketLocked as locked:
        return str(locked)
    return ""
