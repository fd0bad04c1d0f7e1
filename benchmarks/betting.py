"""Betting: games offered while members type, and bets placed by 64 at once, on each engine that is here."""

from __future__ import annotations

import asyncio
import time
from functools import partial
from itertools import combinations, count
from random import Random
from statistics import quantiles

from benchmarks.engines import each_engine
from benchmarks.figures import MEMORY_MARGIN, TAIL_MARGIN
from benchmarks.run import Run
from steward.bots.bets import BOT
from steward.bots.bets.feeds.keeping import note_success
from steward.bots.bets.feeds.provider import CallKind
from steward.bots.bets.fixtures.fixture import FeedAnswer, FeedFixture, FeedPrice, PricedMarket
from steward.bots.bets.fixtures.games import Game
from steward.bots.bets.fixtures.intake import take_in
from steward.bots.bets.fixtures.leagues import CATALOGUE, CSV, keep_leagues
from steward.bots.bets.fixtures.search import open_games
from steward.bots.bets.ledger.audit import audit
from steward.bots.bets.odds.prices import Odds
from steward.bots.bets.placing.bets import Bet
from steward.bots.bets.placing.confirming import place_slip
from steward.bots.bets.section import BetsSection
from steward.bots.bets.slips.kept import SLIPS
from steward.bots.bets.slips.slip import BetSlip, QuotedLeg
from steward.bots.installed import MIGRATIONS, OURS
from steward.client.panels.drafts import HeldDraft
from steward.runtime.clock import SystemClock
from steward.store import Store, Transaction, open_store
from tests.bots.bets.ledger.book import GUILD
from tests.bots.bets.settling.games import give
from tests.bots.test_weight import weights

LIMIT = 600.0
GAMES, QUICK_GAMES = 5000, 500
PLACES = (
    "Arden", "Borough", "Carfax", "Dunmore", "Elmstead", "Fenwick", "Garston", "Harlow", "Ilford", "Jarrow", "Kelso",
    "Luton", "Malden",
)  # fmt: skip
KINDS = ("United", "City", "Rovers", "Town", "Albion", "Athletic", "Wanderers", "County")
PRICES = {"home": Odds(21, 10), "draw": Odds(17, 5), "away": Odds(18, 5)}
DAY, APART = 24 * 3600_000, 600_000  # milliseconds
STAKE = 10
TYPED = ("", "a", "un", "har", "harlow", "carfax c", "f v g", "harlow v un", "nobody")
ASKED, QUICK_ASKED = 500, 100
FEW = 500  # one of so many games has odds
BETTORS = range(1, 65)
SECONDS, QUICK_SECONDS = 5.0, 3.0
OFFERED_WITHIN_MS, PLACED_WITHIN_MS = 20.0, 10.0
MOST_MIB = 1.5


async def measure(run: Run) -> None:
    """Tell of many games, offer them, and have members bet on one: each once a second, then without a pause."""
    others = (bot for bot in OURS if bot is not BOT)
    added = weights(*(f"{bot.package}.part" for bot in (*others, BOT)))[f"{BOT.package}.part"]
    run.found("betting.import", added, "MiB", better="lower", target=MOST_MIB, margin=MEMORY_MARGIN)
    seconds = QUICK_SECONDS if run.quick else SECONDS
    async for engine, url in each_engine(run, "betting"):
        async with open_store(url, SystemClock(), migrations=MIGRATIONS) as store:
            game = await _told(store, QUICK_GAMES if run.quick else GAMES)
            name = f"betting.{engine}"
            asked = QUICK_ASKED if run.quick else ASKED
            _times(run, f"{name}.offered", await _offered(store, asked), OFFERED_WITHIN_MS)
            bettors = Bettors(store, game)
            _times(run, f"{name}.placed", await bettors.once_a_second(seconds), PLACED_WITHIN_MS)
            pressed = await bettors.without_a_pause(seconds)
            _times(run, f"{name}.pressed", pressed)
            run.found(f"{name}.pressed.bets", len(pressed) / seconds, "1/s", better="higher")
            assert (await store.read(audit)).found == 0
            await store.write(_leave_few_priced)
            _times(run, f"{name}.offered_few", await _offered(store, asked), OFFERED_WITHIN_MS)


def _times(run: Run, name: str, taken: list[float], target: float | None = None) -> None:
    """Add the median and the 99th percentile of some seconds; the target is of the latter."""
    cuts = quantiles(taken, n=100)
    run.found(f"{name}.median", cuts[49] * 1e3, "ms", better="lower")
    run.found(f"{name}.p99", cuts[98] * 1e3, "ms", better="lower", target=target, margin=TAIL_MARGIN)


async def _told(store: Store, games: int) -> Game:
    """Have a feed tell of so many games to come, of a hundred teams, and return the first; members get play money."""
    await store.write(partial(_tell, games=games))
    await store.write(partial(give, members=BETTORS, points=10_000_000))
    if store.dialect.name == "postgresql":  # as the server does by itself within a minute
        await store.write(lambda tx: tx.execute("ANALYZE"))
    found = await store.read(partial(open_games, typed="", limit=games))
    assert len(found) == games
    return found[0]


def _tell(tx: Transaction, games: int) -> None:
    teams = [f"{place} {kind}" for place in PLACES for kind in KINDS]
    pairs = list(combinations(teams, 2))
    Random(1).shuffle(pairs)
    market = PricedMarket("1x2", tuple(FeedPrice(side, odds) for side, odds in PRICES.items()))
    fixtures = tuple(
        FeedFixture(f"g{number}", *pair, tx.now_ms + DAY + number * APART, "NS", markets=(market,))
        for number, pair in enumerate(pairs[:games])
    )
    league = CATALOGUE["epl"]
    kept = keep_leagues(tx, [league])[league.key]
    take_in(tx, league, kept, CSV, FeedAnswer(fixtures, prices=True), lambda *_: None)
    note_success(tx, CSV, kept, [CallKind.FIXTURES], None)


def _leave_few_priced(tx: Transaction) -> None:
    """Have no odds of most games: fewer are left than are offered, so that all games have to be looked at."""
    tx.execute("UPDATE bet_game_refs SET priced_at = NULL WHERE game % ? <> 0", (FEW,))


async def _offered(store: Store, times: int) -> list[float]:
    """Return the seconds in which games that have odds are found by what members have typed, as in `/bet`."""
    taken = []
    for number in range(times):
        began = time.perf_counter()
        await store.read(partial(open_games, typed=TYPED[number % len(TYPED)], priced=True))
        taken.append(time.perf_counter() - began)
    return taken


class Bettors:
    """Members who bet on one game, each with a slip for each bet; their bets are durable before they go on."""

    def __init__(self, store: Store, game: Game) -> None:
        self._store = store
        self._game = game
        self._numbers = count(1)

    async def once_a_second(self, seconds: float) -> list[float]:
        """Return the seconds that each bet took, of members who begin at any time of a second."""
        chance, began, taken = Random(2), time.perf_counter(), list[float]()

        async def bettor(user_id: int, at: float) -> None:
            while at < seconds:
                await asyncio.sleep(began + at - time.perf_counter())
                taken.append(await self._bet(user_id))
                at += 1

        await asyncio.gather(*(bettor(user_id, chance.random()) for user_id in BETTORS))
        return taken

    async def without_a_pause(self, seconds: float) -> list[float]:
        """Return the seconds that each bet took, of members who bet again at once."""
        until, taken = time.perf_counter() + seconds, list[float]()

        async def bettor(user_id: int) -> None:
            while time.perf_counter() < until:
                taken.append(await self._bet(user_id))

        await asyncio.gather(*map(bettor, BETTORS))
        return taken

    async def _bet(self, user_id: int) -> float:
        """Keep a slip, as `/bet` does, then confirm it, and return the seconds of the latter."""
        slip = await self._store.write(partial(self._slip, user_id=user_id, number=next(self._numbers)))
        began = time.perf_counter()
        bet = await self._store.write(partial(self._placed, user_id=user_id, slip=slip))
        assert isinstance(bet, Bet)
        return time.perf_counter() - began

    def _slip(self, tx: Transaction, user_id: int, number: int) -> BetSlip:
        leg = QuotedLeg(self._game.id, "1x2", "home", None, "", PRICES["home"])
        slip = BetSlip(number, (leg,), STAKE, quoted_ms=tx.now_ms)
        SLIPS.put(tx, GUILD, user_id, HeldDraft(slip))
        return slip

    def _placed(self, tx: Transaction, user_id: int, slip: BetSlip) -> Bet | BetSlip:
        return place_slip(tx, GUILD, user_id, slip, BetsSection(), SLIPS)
