"""What entries of wallets are about: the games of a bet or the question of a market, and what came of it."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import NamedTuple

from steward.bots.bets.fixtures.games import Game, find_games
from steward.store import Transaction, marks

_OF_A_BET = re.compile(r"(?:place|cancel|settle):(\d+)(?::|$)")
_OF_A_MARKET = re.compile(r"market:(\d+):")
"""The keys of transactions about a bet, and about a market or a stake in one."""


class EntrySubject(NamedTuple):
    """
    What an entry is about.

    Attributes:
        bet: the number of the bet; None for a market.
        games: on which it is, in the order of its legs; legs: how many it has.
        question: of the market; empty for a bet.
        staked: what stood on it, where it was settled; None where it wasn't, or was settled anew.

    """

    bet: int | None = None
    games: tuple[Game, ...] = ()
    legs: int = 0
    question: str = ""
    staked: int | None = None


def subjects(
    tx: Transaction, user_id: int, keys: Mapping[int, str], settled: Collection[int]
) -> dict[int, EntrySubject]:
    """
    Return what entries of a member's wallet are about; gifts, claims and the like are about nothing.

    Args:
        keys: of the transactions of some entries, by their id.
        settled: those of them that have paid what was settled.

    """
    bets = {id_: int(found[1]) for id_, key in keys.items() if (found := _OF_A_BET.match(key))}
    markets = {id_: int(found[1]) for id_, key in keys.items() if (found := _OF_A_MARKET.match(key))}
    return {**_of_bets(tx, bets, settled), **_of_markets(tx, user_id, markets, settled)}


def _of_bets(tx: Transaction, bets: Mapping[int, int], settled: Collection[int]) -> dict[int, EntrySubject]:
    numbers = sorted(set(bets.values()))
    rows = tx.all(
        "SELECT l.bet, l.game, b.stake FROM bet_legs l JOIN bet_bets b ON b.id = l.bet"  # noqa: S608 - marks
        f" WHERE l.bet IN ({marks(numbers)}) ORDER BY l.bet, l.number",
        numbers,
    )
    games = find_games(tx, {row["game"] for row in rows})
    found = {}
    for id_, bet in bets.items():
        legs = [(game, stake) for number, game, stake in rows if number == bet]
        staked = legs[0][1] if legs and id_ in settled else None
        found[id_] = EntrySubject(bet, tuple(games[game] for game, _ in legs if game in games), len(legs), "", staked)
    return found


def _of_markets(
    tx: Transaction, user_id: int, markets: Mapping[int, int], settled: Collection[int]
) -> dict[int, EntrySubject]:
    """Return the same for markets: a key has the id of a stake, or where a pool is paid, that of the market."""
    numbers = sorted(set(markets.values()))
    of_stakes = tx.all(
        "SELECT s.id, m.question, s.stake FROM bet_market_stakes s JOIN bet_markets m ON m.id = s.market"  # noqa: S608
        f" WHERE s.id IN ({marks(numbers)})",
        numbers,
    )
    of_pools = tx.all(
        "SELECT m.id, m.question, (SELECT SUM(s.stake) FROM bet_market_stakes s WHERE s.market = m.id"  # noqa: S608
        f" AND s.user_id = ? AND s.status = 'settled') FROM bet_markets m WHERE m.id IN ({marks(numbers)})",
        (user_id, *numbers),
    )
    found = {number: (question, staked) for number, question, staked in (*of_stakes, *of_pools)}
    return {
        id_: EntrySubject(question=question, staked=int(staked) if staked and id_ in settled else None)
        for id_, number in markets.items()
        if number in found
        for question, staked in (found[number],)
    }
