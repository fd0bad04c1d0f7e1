"""What is kept of calls: what a league needs, what was spent, who rests until when, and which process asks."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from typing import NamedTuple

from steward.bots.bets.feeds.budget import DAY_SECONDS, FeedBudget, Spent, day_of
from steward.bots.bets.feeds.provider import CallKind
from steward.bots.bets.feeds.schedule import DAY, GAME_MINUTES, SHORTEST_GAME, LeagueNeed
from steward.bots.bets.fixtures.fixture import OPEN_STATUSES
from steward.bots.bets.fixtures.freshness import MINUTE
from steward.store import Transaction, Value, chunks, marks

LONGEST_PROBLEM = 300
RESULTS_MS = 3 * 86_400_000
"""Feeds tell results no longer than three days after the start."""
HELD_MS = 150_000
"""For longer than a call takes, and the pause between two looks."""
KEPT_MS = 2 * DAY


class FeedState(NamedTuple):
    """
    How a provider is.

    Attributes:
        spent: requests of today; remaining: by the provider's own count, None if it never said.
        failures: in a row, of any call; rests_until_ms: nothing is asked before.
        succeeded_ms: the last answer; None if there was none.
        waiting: how much of what it tells waits for a person.

    """

    spent: Spent
    remaining: int | None = None
    failures: int = 0
    rests_until_ms: int = 0
    succeeded_ms: int | None = None
    waiting: int = 0


def feed_state(tx: Transaction, provider: str) -> FeedState:
    """Return how a provider is."""
    key = (provider,)
    remaining, failures, rests_until_ms = tx.one(
        "SELECT remaining, failures, rests_until FROM bet_feeds WHERE provider = ?", key
    ) or (None, 0, 0)
    succeeded = tx.value("SELECT MAX(succeeded_at) FROM bet_feed_calls WHERE provider = ?", key)
    waiting = tx.value("SELECT COUNT(*) FROM bet_unmatched WHERE provider = ?", key)
    return FeedState(spent_today(tx, provider), remaining, failures, rests_until_ms, succeeded, waiting)


def spent_today(tx: Transaction, provider: str) -> Spent:
    """Return the requests of today, in UTC, by the kind of call."""
    since_ms = 1000 * DAY_SECONDS * day_of(tx.now)
    sql = "SELECT kind, SUM(cost) FROM bet_feed_requests WHERE provider = ? AND at >= ? AND at <= ? GROUP BY kind"
    return {CallKind(kind): int(cost) for kind, cost in tx.all(sql, (provider, since_ms, tx.now_ms))}


def needs_of(tx: Transaction, provider: str, leagues: Sequence[int], games: Collection[int]) -> list[LeagueNeed]:
    """
    Return what is going on in leagues.

    Args:
        games: on which bets are open.

    """
    opens = sorted(OPEN_STATUSES)
    sql = f"SELECT league, MIN(starts_at) FROM bet_games WHERE starts_at > ? AND status IN ({marks(opens)})"  # noqa: S608
    upcoming: dict[int, int] = dict(map(tuple, tx.all(f"{sql} GROUP BY league", (tx.now_ms, *opens))))
    over = _over(tx)
    sql = "SELECT DISTINCT league FROM bet_games WHERE stage = 'ready' AND starts_at > ? AND stage_at > ?"
    ready = {league for (league,) in tx.all(sql, (tx.now_ms - RESULTS_MS, tx.now_ms - DAY))}
    with_bets = {
        league
        for some in chunks(sorted(games))
        for (league,) in tx.all(f"SELECT DISTINCT league FROM bet_games WHERE id IN ({marks(some)})", tuple(some))  # noqa: S608
    }
    succeeded: dict[int, dict[CallKind, int]] = defaultdict(dict)
    rests: dict[int, dict[CallKind, int]] = defaultdict(dict)
    sql = "SELECT league, kind, succeeded_at, rests_until FROM bet_feed_calls WHERE provider = ?"
    for league, kind, succeeded_ms, rests_until in tx.all(sql, (provider,)):
        rests[league][CallKind(kind)] = rests_until
        if succeeded_ms is not None:
            succeeded[league][CallKind(kind)] = succeeded_ms
    over_ms: dict[int, int] = {}
    bets_over_ms: dict[int, int] = {}
    for game, (league, ended_ms, waits) in over.items():
        over_ms[league] = max(ended_ms, over_ms.get(league, 0))
        if game in games and not waits:
            bets_over_ms[league] = max(ended_ms, bets_over_ms.get(league, 0))
    return [
        LeagueNeed(
            league,
            upcoming.get(league),
            league in with_bets,
            over_ms.get(league),
            bets_over_ms.get(league),
            league in ready,
            succeeded[league],
            rests[league],
        )
        for league in leagues
    ]


def _over(tx: Transaction) -> dict[int, tuple[int, int, bool]]:
    """
    Return of each game that should be over, and has no result that is ready, its league, when, and if a person looks.

    One that was told once should be over now: it is to be told again.
    """
    rows = tx.all(
        "SELECT g.id, g.league, g.starts_at, g.stage, l.sport FROM bet_games g JOIN bet_leagues l ON l.id = g.league"
        " WHERE g.stage IN ('open', 'final', 'waiting') AND g.starts_at > ? AND g.starts_at <= ? AND g.status <> 'PST'",
        (tx.now_ms - RESULTS_MS, tx.now_ms),
    )
    found = {}
    for game, league, starts_ms, stage, sport in rows:
        over_ms = tx.now_ms if stage == "final" else starts_ms + MINUTE * GAME_MINUTES.get(sport, SHORTEST_GAME)
        if over_ms <= tx.now_ms:
            found[game] = league, over_ms, stage == "waiting"
    return found


def hold(tx: Transaction, provider: str, holder: str) -> bool:
    """Have a process be the one that asks a provider for the next minutes; False if another one is."""
    tx.insert_new("bet_feeds", {"provider": provider})
    until_ms = tx.now_ms + HELD_MS
    is_free = "holder IS NULL OR holder = ? OR held_until <= ? OR held_until > ?"  # beyond: by a clock that was wrong
    sql = f"UPDATE bet_feeds SET holder = ?, held_until = ? WHERE provider = ? AND ({is_free})"  # noqa: S608 - ours
    tx.execute(sql, (holder, until_ms, provider, holder, tx.now_ms, until_ms))
    return bool(tx.value("SELECT holder FROM bet_feeds WHERE provider = ?", (provider,)) == holder)


def reserve(tx: Transaction, provider: str, kind: CallKind, cost: int, budget: FeedBudget) -> float:
    """
    Count a request before it is made, for one that fails has cost as much, and return 0.

    Where the minute has no room for it, return the seconds until it has, and count nothing.
    """
    if budget.per_minute is None:
        return 0.0
    sql = "SELECT at FROM bet_feed_requests WHERE provider = ? AND at > ? AND at <= ? ORDER BY at DESC LIMIT ?"
    newest = tx.all(sql, (provider, tx.now_ms - MINUTE, tx.now_ms, budget.per_minute))
    if len(newest) == budget.per_minute:
        return float(newest[-1][0] + MINUTE - tx.now_ms) / 1000
    tx.execute("DELETE FROM bet_feed_requests WHERE provider = ? AND at < ?", (provider, tx.now_ms - KEPT_MS))
    sql = "INSERT INTO bet_feed_requests (provider, at, kind, cost) VALUES (?, ?, ?, ?)"
    tx.execute(sql, (provider, tx.now_ms, kind.value, cost))
    return 0.0


def spend_more(tx: Transaction, provider: str, cost: int) -> None:
    """Count what the last call of a provider has cost beyond what was reserved."""
    if cost > 0:
        last = tx.value("SELECT MAX(id) FROM bet_feed_requests WHERE provider = ?", (provider,))
        tx.execute("UPDATE bet_feed_requests SET cost = cost + ? WHERE id = ?", (cost, last))


def note_success(
    tx: Transaction, provider: str, league: int, kinds: Collection[CallKind], remaining: int | None
) -> None:
    """Keep that a call was answered."""
    for kind in kinds:
        key = {"provider": provider, "league": league, "kind": kind.value}
        tx.upsert("bet_feed_calls", key=key, values={"succeeded_at": tx.now_ms, "rests_until": 0, "problem": None})
    values: dict[str, Value] = {"failures": 0, "rests_until": 0, "problem": None}
    if remaining is not None:
        values["remaining"] = remaining
    tx.upsert("bet_feeds", key={"provider": provider}, values=values)


def note_failure(tx: Transaction, provider: str, until_ms: int, problem: str) -> None:
    """Keep that a provider rests."""
    values = {"failures": feed_state(tx, provider).failures + 1, "rests_until": until_ms}
    tx.upsert("bet_feeds", key={"provider": provider}, values={**values, "problem": problem[:LONGEST_PROBLEM]})


def note_refusal(tx: Transaction, provider: str, league: int, kind: CallKind, until_ms: int, problem: str) -> None:
    """Keep that a call for a league rests."""
    key = {"provider": provider, "league": league, "kind": kind.value}
    tx.upsert("bet_feed_calls", key=key, values={"rests_until": until_ms, "problem": problem[:LONGEST_PROBLEM]})


def problems_of(tx: Transaction, provider: str, leagues: Collection[int]) -> list[str]:
    """Return what is wrong with a provider and with what it is asked of leagues, a sentence each."""
    rows = tx.all("SELECT problem FROM bet_feeds WHERE provider = ? AND problem IS NOT NULL", (provider,))
    sql = "SELECT problem, league FROM bet_feed_calls WHERE provider = ? AND problem IS NOT NULL ORDER BY league, kind"
    rows += [row for row in tx.all(sql, (provider,)) if row[1] in leagues]
    return list(dict.fromkeys(row[0] for row in rows))
