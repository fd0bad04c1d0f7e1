"""Streaks of settled bets, against the plain definition."""

from datetime import UTC, datetime
from itertools import count
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from steward.bots.bets.boards.streaks import BettingStreaks, betting_streaks
from steward.bots.bets.grading.grades import BetOutcome
from steward.bots.bets.section import BetsMode
from steward.bots.installed import MIGRATIONS
from steward.store import open_store
from tests.bots.bets.boards.bets import ADA, GUILD
from tests.bots.bets.fixtures.kept import bets_tables

UNITS = BetsMode.UNITS
MARKS = {"w": BetOutcome.WIN, "l": BetOutcome.LOSE, "p": BetOutcome.PUSH, "v": BetOutcome.VOID}
MARKS |= {"h": BetOutcome.HALF_WIN, "m": BetOutcome.HALF_LOSS, "d": BetOutcome.DEAD_HEAT, "e": BetOutcome.DEAD_HEAT}
MARKS |= {"x": BetOutcome.WIN, "y": BetOutcome.WIN}  # parlays with a half lost leg in them
PAYOUTS = {"w": 200, "l": 0, "p": 100, "v": 100, "h": 150, "m": 50, "d": 120, "e": 60, "x": 95, "y": 100}
"""Of a stake of 100."""
WORKED = [
    ("", (0, 0, 0)),
    ("www", (3, 3, 0)),
    ("wpvw", (2, 2, 0)),
    ("wwl", (-1, 2, 1)),
    ("lplvlw", (1, 1, 3)),
    ("pv", (0, 0, 0)),
    ("whd", (3, 3, 0)),
    ("lm", (-2, 0, 2)),
    ("wxe", (-2, 1, 2)),
    ("wyw", (2, 2, 0)),
]


def plain(bets):
    """Return the streaks of bets in the order they were settled."""
    current = wins = losses = 0
    for mark in bets:
        if PAYOUTS[mark] > 100:
            current = max(current, 0) + 1
        elif PAYOUTS[mark] < 100:
            current = min(current, 0) - 1
        wins, losses = max(wins, current), max(losses, -current)
    return BettingStreaks(current, wins, losses)


def ended(tx, bets, user=ADA, *, guild_id=GUILD, mode=UNITS, status="settled"):
    """Keep bets that were settled one after the other, every other two at the same moment."""
    number = tx.value("SELECT COALESCE(MAX(id), 0) FROM bet_bets")
    tx.executemany(
        "INSERT INTO bet_bets (guild_id, user_id, place_key, mode, stake, returned, status, outcome, payout,"
        " placed_at, changed_at, settled_at) VALUES (?, ?, ?, ?, 100, 200, ?, ?, ?, 0, 99, ?)",
        [
            (guild_id, user, f"{number}:{at}", mode.value, status, MARKS[mark].value, PAYOUTS[mark], at // 2)
            for at, mark in enumerate(bets)
        ],
    )


@pytest.mark.parametrize(("bets", "streaks"), WORKED)
def test_a_streak_skips_push_and_void(bets, streaks):
    assert plain(bets) == streaks


async def test_streaks_are_those_of_the_plain_definition(clock, database):
    random = Random(5)
    drawn = ("".join(random.choices(list(MARKS), k=random.randint(1, 60))) for _ in range(30))
    bets = dict(zip(count(100), [*(one for one, _ in WORKED), *drawn], strict=False))
    async with open_store(database, clock, migrations=MIGRATIONS) as store:

        def work(tx):
            for user, marks in bets.items():
                ended(tx, marks, user)
            for user in bets:  # are somewhere else, or aren't over
                ended(tx, "wlll", user, guild_id=GUILD + 1)
                ended(tx, "wlll", user, mode=BetsMode.HOUSE)
                ended(tx, "wlll", user, status="cancelled")

        await store.write(work)
        found = await store.read(lambda tx: {user: betting_streaks(tx, GUILD, user, UNITS) for user in bets})
        assert found == {user: plain(marks) for user, marks in bets.items()}


@settings(max_examples=200, deadline=None)
@given(st.text(list(MARKS), max_size=40))
def test_push_and_void_change_no_streak(bets):
    with bets_tables() as at_moment:
        tx = at_moment(datetime(2026, 1, 5, tzinfo=UTC))
        ended(tx, bets)
        decided = "".join(mark for mark in bets if mark not in "pvy")
        assert betting_streaks(tx, GUILD, ADA, UNITS) == plain(bets) == plain(decided)
