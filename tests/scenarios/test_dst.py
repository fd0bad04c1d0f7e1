"""The daily report over changes of the clock: its hour on the wall stays, and the day has the hours it has."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from steward.runtime.clock import Clock
from steward.sim import time as accelerated
from steward.sim.recorder import Request
from steward.sim.snowflake import made_at
from tests.stage import QUIET, stage, until

DAY = timedelta(days=1)
STRAGGLERS = timedelta(seconds=5)  # the report waits so long for what is told late of its day


def is_daily(embeds: list[Any]) -> bool:
    """Tell the daily report from those of a week and a month, which may fall on the same day."""
    return bool(embeds[0]["title"].startswith("Daily report"))


def reports_around(folder: Path, zone: str, day: str, at: str) -> tuple[list[datetime], list[float]]:
    """
    Run the bot from an hour before the report of the day before a change to two hours after that of its day.

    Return when reports came: by the snowflakes of their messages, and in elapsed virtual seconds as each was sent.
    """
    elapsed: list[float] = []

    async def main(clock: Clock) -> list[datetime]:
        local = stage(clock, folder, STEWARD_TIMEZONE=zone, STEWARD_REPORT_TIME=at, **QUIET)
        async with local as scene, scene.steward():

            def note(request: Request) -> None:
                posted = (request.method, request.path) == ("POST", f"/channels/{scene.reports.id}/messages")
                if posted and is_daily(request.body["embeds"]):
                    elapsed.append(clock.monotonic())

            scene.sim.recorder.subscribe(note)
            await until(lambda: len(elapsed) == 2, within=2 * 86_400, every=600)
            await asyncio.sleep(7200)
            return [made_at(message.id) for message in scene.reports.messages if is_daily(message.embeds)]

    change = datetime.fromisoformat(f"{day}T{at}").replace(tzinfo=ZoneInfo(zone))
    before = change - timedelta(days=1)  # on the wall clock
    return accelerated.run(main, start=before.astimezone(UTC) - timedelta(hours=1)), elapsed


@pytest.mark.parametrize(
    ("zone", "day", "hours"),
    [
        ("Europe/Berlin", "2026-03-29", 23),
        ("Europe/Berlin", "2026-10-25", 25),
        ("America/New_York", "2026-03-08", 23),
        ("America/New_York", "2026-11-01", 25),
        ("Australia/Lord_Howe", "2026-10-04", 23.5),
        ("Australia/Lord_Howe", "2026-04-05", 24.5),
    ],
)
def test_a_report_keeps_its_local_time_over_a_change_of_the_clock(tmp_path: Path, zone: str, day: str, hours: float):
    """From the report before the change to that after it pass as many virtual seconds as the day has."""
    stamps, elapsed = reports_around(tmp_path, zone, day, "09:00")
    due = [datetime.fromisoformat(f"{day}T09:00").replace(tzinfo=ZoneInfo(zone)) - n * DAY for n in (1, 0)]
    for wanted, stamp in zip(due, stamps, strict=True):
        local = stamp.astimezone(wanted.tzinfo).replace(tzinfo=None)
        assert STRAGGLERS <= local - wanted.replace(tzinfo=None) <= 2 * STRAGGLERS
    (gap,) = (later - earlier for earlier, later in pairwise(elapsed))
    assert gap == pytest.approx(hours * 3600, abs=1)
    assert (stamps[1] - stamps[0]).total_seconds() == pytest.approx(gap, abs=1)


@pytest.mark.parametrize(
    ("zone", "day", "at", "hours", "why"),
    [
        ("Europe/Berlin", "2026-03-29", "02:30", 23.5, "the hour is skipped: at 03:00, when it is over"),
        ("Australia/Lord_Howe", "2026-04-05", "01:45", 24, "half an hour comes twice: at its first, and once"),
    ],
)
def test_a_time_that_is_skipped_or_comes_twice_has_one_report(
    tmp_path: Path, zone: str, day: str, at: str, hours: float, why: str
):
    stamps, elapsed = reports_around(tmp_path, zone, day, at)
    assert len(stamps) == 2
    assert elapsed[1] - elapsed[0] == pytest.approx(hours * 3600, abs=1), why
