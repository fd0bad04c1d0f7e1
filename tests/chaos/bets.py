"""
Kills a process again and again while it places, cancels, settles and re-grades bets; the books are audited each time.

    python -m tests.chaos.bets --kills 1000 --engine postgresql

What the process has confirmed before it was killed has to be there once, and the stake of each open bet has to be held.
In the end all that is due is done, and each bet has to be paid by the result that was told last.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from functools import partial
from itertools import count
from multiprocessing.connection import Connection
from pathlib import Path
from random import Random
from typing import TypeVar

from steward.bots.bets.fixtures.results import read_result
from steward.bots.bets.ledger.accounts import escrow
from steward.bots.bets.placing.bets import cancel, find_bets
from steward.bots.installed import MIGRATIONS
from steward.store import Store, Transaction, open_store
from tests.bots.bets.ledger.book import GUILD, balances, flaws
from tests.bots.bets.settling.games import AWAY, DRAW, HOME, bet, give, leg, make_game, one_step, score, tell
from tests.databases import ENGINES, TestDatabases
from tests.processes.forked import PROCESSES, preload
from tests.runtime.hand_clock import HandClock

preload(__name__)
MEMBERS = range(11, 31)
POINTS = 1_000_000
GAMES = 12
AT_ONCE = 4
"""Members who act at the same time: their work is committed together."""
LONGEST = 0.12
"""Seconds until the kill, after the first confirmation."""
STARTS_WITHIN = 60.0
MOST_SHOWN = 20

T = TypeVar("T")


@dataclass
class Tally:
    """
    What came of some kills.

    Attributes:
        confirmed: steps that were confirmed before a kill, by what they did.
        wrong: sentences on what is wrong, with the seed of the process that was killed.

    """

    kills: int = 0
    confirmed: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    seconds: float = 0.0


def main(words: list[str] | None = None) -> int:
    """Kill as often as was asked, on one engine, and print what came of it; return 1 if anything is wrong."""
    parser = argparse.ArgumentParser(prog="python -m tests.chaos.bets", description=__doc__.partition("\n\n")[0])
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--engine", choices=ENGINES, default="sqlite")
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args(words)
    databases = TestDatabases()
    with (
        tempfile.TemporaryDirectory(prefix="steward-chaos-") as folder,
        databases.fresh(args.engine, Path(folder)) as url,
    ):
        tally = killed(url, args.kills, args.seed)
    steps = ", ".join(f"{number:,} {name}" for name, number in sorted(tally.confirmed.items()))
    print(f"{args.engine}: {tally.kills:,} kills in {tally.seconds:,.0f} s; confirmed before them: {steps}.")
    print("\n".join(tally.wrong[:MOST_SHOWN]) or "Each audit was clean, and all that was confirmed is there once.")
    return int(bool(tally.wrong))


def killed(url: str, kills: int, seed: int) -> Tally:
    """Kill a process so often on a database that is empty, and return what came of it."""
    tally, began, chance = Tally(), time.monotonic(), Random(seed)
    asyncio.run(_with_store(url, _begin))
    for number in range(kills):
        confirmed = _one_kill(url, seed * 1_000_000 + number, chance.uniform(0, LONGEST))
        tally.kills += 1
        tally.confirmed.update(name for name, _ in confirmed)
        wrong = asyncio.run(_with_store(url, partial(_wrong, confirmed=confirmed)))
        tally.wrong += [f"After kill {number} (seed {seed * 1_000_000 + number}): {one}" for one in wrong]
    tally.wrong += asyncio.run(_with_store(url, _finish))
    tally.seconds = time.monotonic() - began
    return tally


def _one_kill(url: str, seed: int, after: float) -> list[tuple[str, str]]:
    """Have a process bet and settle until it is killed, and return what it confirmed."""
    ours, theirs = PROCESSES.Pipe(duplex=False)
    child = PROCESSES.Process(target=_bet_on, args=(url, seed, theirs))
    child.start()
    theirs.close()
    assert ours.poll(STARTS_WITHIN), "the process confirms nothing"
    time.sleep(after)  # a real process in real time: there is no other clock to go by
    os.kill(child.pid or 0, signal.SIGKILL)
    child.join()
    confirmed = []
    try:
        while True:
            confirmed.append(ours.recv())
    except EOFError:
        return confirmed
    finally:
        ours.close()


def _bet_on(url: str, seed: int, confirm: Connection) -> None:
    asyncio.run(_with_store(url, partial(_act_for_ever, seed=seed, confirm=confirm)))


async def _with_store(url: str, work: Callable[[Store], Awaitable[T]]) -> T:
    async with open_store(
        url, HandClock(23 * 3600), migrations=MIGRATIONS
    ) as store:  # before the kick-off: later bets are void
        return await work(store)


async def _begin(store: Store) -> None:
    await store.write(partial(give, members=MEMBERS, points=POINTS))
    await store.write(lambda tx: [make_game(tx, f"Home {number}", "Away") for number in range(GAMES)])


async def _act_for_ever(store: Store, seed: int, confirm: Connection) -> None:
    """Have some members act at once; each step is confirmed once it is durable."""
    numbers = count()

    async def act(chance: Random) -> None:
        while True:
            step = chance.choices(tuple(STEPS), WEIGHTS)[0]
            key = f"{seed}:{next(numbers)}"
            done = await store.write(partial(STEPS[step], chance=chance, key=key))
            if done is not None:
                confirm.send((step, done))

    await asyncio.gather(*(act(Random(f"{seed} {number}")) for number in range(AT_ONCE)))


def _place(tx: Transaction, chance: Random, key: str) -> str | None:
    games = [number for (number,) in tx.all("SELECT id FROM bet_games WHERE stage <> 'ready' ORDER BY id")]
    if len(games) < GAMES // 2:
        games += [make_game(tx, f"Home {key} {number}", "Away") for number in range(GAMES)]
    picks = [leg(game, chance.choice((HOME, DRAW, AWAY))) for game in chance.sample(games, chance.randint(1, 2))]
    bet(tx, chance.choice(MEMBERS), *picks, stake=chance.randint(1, 50), key=key)
    return key


def _cancel(tx: Transaction, chance: Random, key: str) -> str | None:
    found = [
        tuple(row) for row in tx.all("SELECT id, user_id FROM bet_bets WHERE status = 'open' ORDER BY id LIMIT 50")
    ]
    if not found:
        return None
    number, user_id = chance.choice(found)
    cancel(tx, GUILD, user_id, number)
    return str(number)


def _tell(tx: Transaction, chance: Random, key: str) -> str | None:
    """Tell the result of a game, or another one."""
    game = chance.choice([number for (number,) in tx.all("SELECT id FROM bet_games ORDER BY id DESC LIMIT 30")])
    return f"{game} {tell(tx, game, score(chance.randint(0, 2), chance.randint(0, 2)))}"


def _settle(tx: Transaction, chance: Random, key: str) -> str | None:
    return key if one_step(tx, most=chance.randint(1, 5)) else None


STEPS = {"placed": _place, "cancelled": _cancel, "results told": _tell, "steps of settling": _settle}
WEIGHTS = (5, 1, 1, 4)
_THERE = {
    "placed": "SELECT COUNT(*) FROM bet_bets WHERE place_key = ?",
    "cancelled": "SELECT COUNT(*) FROM bet_bets WHERE id = ? AND status = 'cancelled'",
}


async def _wrong(store: Store, confirmed: list[tuple[str, str]]) -> list[str]:
    return await store.read(partial(_wrong_now, confirmed=confirmed))


def _wrong_now(tx: Transaction, confirmed: list[tuple[str, str]]) -> list[str]:
    """Return what is wrong in the books, or with what was confirmed."""
    found: list[str] = flaws(tx)
    held = balances(tx)
    for number, status, stake in tx.all("SELECT id, status, stake FROM bet_bets"):
        expected = stake if status == "open" else 0
        if held.get(escrow(number), 0) != expected:
            found.append(f"Bet {number} is {status}, and {held.get(escrow(number), 0)} is held for it.")
    for step, done in confirmed:
        if step in _THERE and (times := tx.value(_THERE[step], (done if step == "placed" else int(done),))) != 1:
            found.append(f"It was confirmed that {done} was {step}, and that is there {times} times.")
        if step == "results told":
            game, version = map(int, done.split())
            if (tx.value("SELECT MAX(version) FROM bet_results WHERE game = ?", (game,)) or 0) < version:
                found.append(f"Version {version} of the result of game {game} was confirmed, and isn't there.")
    return found


async def _finish(store: Store) -> list[str]:
    """Tell the results that are missing, do all that is due, and return what isn't paid by the newest results."""
    games = await store.read(lambda tx: [row[0] for row in tx.all("SELECT id FROM bet_games WHERE stage <> 'ready'")])
    for game in games:
        await store.write(partial(tell, game=game, result=score(1, 0)))
    while await store.write(one_step):
        pass
    return [*await store.read(_unpaid), *await _wrong(store, [])]


def _unpaid(tx: Transaction) -> list[str]:
    results = {
        game: read_result(body).regulation
        for game, body in tx.all("SELECT game, body FROM bet_results ORDER BY version")
    }
    numbers = [row[0] for row in tx.all("SELECT id FROM bet_bets WHERE status <> 'cancelled'")]
    found = []
    for one in find_bets(tx, numbers).values():
        wins = all(_winner(results[each.game]) == each.pick.selection for each in one.legs)
        expected = one.stake * 2 ** len(one.legs) if wins else 0  # each pick has odds of 2
        if (one.status.value, one.payout) != ("settled", expected):
            found.append(f"Bet {one.id} is {one.status} with {one.payout}, and {expected} is right.")
    return found


def _winner(regulation: tuple[int, int] | None) -> str:
    home, away = regulation or (0, 0)
    return "home" if home > away else "away" if away > home else "draw"


if __name__ == "__main__":
    sys.exit(main())
