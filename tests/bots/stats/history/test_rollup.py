"""Joins, leaves and bans are summed up each exactly once, whatever comes between."""

import asyncio
import os
import signal
import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from steward.bots.stats.counts.facts import EventKind
from steward.bots.stats.history import rollup
from steward.bots.stats.history.calendar import Level
from steward.bots.stats.history.series import Measure
from steward.sim import time as accelerated
from tests.bots.stats.book import DAY, HOUR, MONDAY, book_of

FLOW = {
    EventKind.JOIN: Measure.JOINS,
    EventKind.LEAVE: Measure.LEAVES,
    EventKind.KICK: Measure.KICKS,
    EventKind.BAN: Measure.BANNED,
    EventKind.UNBAN: Measure.UNBANNED,
}
happenings = st.lists(
    st.one_of(
        st.tuples(st.sampled_from(list(EventKind)), st.integers(0, 47)),  # an event, in whatever order of time
        st.just("sum up"),
        st.just("fail"),
        st.just("restart"),
    ),
    max_size=25,
)


class Crash(Exception):
    """Ends a transaction in its middle."""


async def fail_in_the_middle(book, monkeypatch):
    """Let summing up fail after its sums are written and before its transaction ends."""

    def crash(*_):
        raise Crash

    with monkeypatch.context() as patch:
        patch.setattr(rollup.kv, "put", crash)
        try:
            await book.timeline.rollup.flush()
        except Crash:
            return
        rows = await book.store.read(lambda tx: rollup._next_events(tx)[1])
        assert not rows  # it did not come to the point


@settings(max_examples=25)  # each with a database of its own
@given(happenings)
def test_the_sums_are_the_events_whatever_fails_between(tmp_path_factory, happenings):
    async def main(clock):
        folder = tmp_path_factory.mktemp("book")
        expected = {(kind, hour): 0 for kind in EventKind for hour in range(48)}
        runs = [[]]
        for happening in happenings:
            if happening == "restart":
                runs.append([])
            else:
                runs[-1].append(happening)
        told = 0
        for run in runs:
            async with book_of(clock, folder) as book:
                book.told = told
                for happening in run:
                    if happening == "sum up":
                        await book.timeline.rollup.flush()
                    elif happening == "fail":
                        with pytest.MonkeyPatch.context() as patch:
                            await fail_in_the_middle(book, patch)
                    else:
                        kind, hour = happening
                        expected[kind, hour] += 1
                        await book.happened(kind, MONDAY + hour * HOUR)
                told = book.told
        async with book_of(clock, folder) as book:
            await book.write()
            await book.write()
            for kind in EventKind:
                values = await book.values(FLOW[kind], MONDAY, 2 * DAY, Level.HOUR)
                assert [value or 0 for value in values] == [expected[kind, hour] for hour in range(48)]
                days = await book.values(FLOW[kind], MONDAY, 2 * DAY, Level.DAY)
                assert sum(value or 0 for value in days) == sum(expected[kind, hour] for hour in range(48))

    accelerated.run(main)


async def test_more_events_than_fit_a_transaction_are_summed_up_in_several(clock, database, monkeypatch):
    monkeypatch.setattr(rollup, "ROWS", 3)
    async with book_of(clock, database) as book:
        for user in range(10):
            await book.happened(EventKind.JOIN, MONDAY, user)
        await book.write()
        assert await book.values(Measure.JOINS, MONDAY, DAY, Level.DAY) == [10]


async def test_two_that_sum_up_at_the_same_time_count_nothing_twice(clock, database):
    async with book_of(clock, database) as book:
        for user in range(10):
            await book.happened(EventKind.JOIN, MONDAY, user)
        await asyncio.gather(*(book.timeline.rollup.flush() for _ in range(4)))
        assert await book.values(Measure.JOINS, MONDAY, DAY, Level.DAY) == [10]


KILLED = """
import asyncio, sys
from pathlib import Path
from steward.bots.stats.history import rollup
from steward.bots.stats.counts.facts import EventKind
from steward.runtime.clock import SystemClock
from tests.bots.stats.book import MONDAY, book_of

rollup.ROWS = 7

async def main():
    async with book_of(SystemClock(), Path(sys.argv[1])) as book:
        rows = await book.store.read(lambda tx: tx.value("SELECT COUNT(*) FROM member_events"))
        for user in range(rows, 200):
            await book.happened(EventKind.JOIN, MONDAY, user)
        print("go", flush=True)
        await book.timeline.rollup.flush()
        print("done", flush=True)

asyncio.run(main())
"""


@pytest.mark.real_time
async def test_a_process_killed_while_it_sums_up_neither_loses_nor_doubles(clock, tmp_path):
    for wait in (0.0, 0.002, 0.005, 0.01):
        command = [sys.executable, "-c", KILLED, str(tmp_path)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
            for line in process.stdout:
                if line == "go\n":
                    break
            try:
                process.wait(wait)
            except subprocess.TimeoutExpired:
                os.kill(process.pid, signal.SIGKILL)
    async with book_of(clock, tmp_path) as book:
        await book.write()
        assert await book.values(Measure.JOINS, MONDAY, DAY, Level.DAY) == [200]
        assert await book.store.read(lambda tx: tx.value("SELECT COUNT(*) FROM member_events")) == 200
