"""`steward demo`: run the bot on a simulated Discord with an active community, without a token."""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
from contextlib import AbstractContextManager, nullcontext, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from steward.cli.main import AddParser
from steward.cli.number_kinds import positive, whole
from steward.cli.page import served_page

if TYPE_CHECKING:
    from steward.cli.demo.play import Demo
    from steward.cli.demo.speed import DemoSpeed
    from steward.sim.page.server import SimulatorPage

START = datetime(2026, 1, 5, tzinfo=UTC)  # of the days: a Monday, the guild's midnight
DAY_ON_A_TERMINAL = 40.0  # real seconds
MAX_DAYS = 366.0
POSITIVE = positive(1e9)


def add_parser(add: AddParser) -> None:
    """Add the command's flags."""
    parser = add(
        description="Run the bot on a simulated Discord, in accelerated time, with a simulated community: "
        "members join, leave, talk and are banned; counters, heartbeat and daily report follow. An organiser creates "
        "events; members race for seats, join the waitlist, move up, get reminders and attend. On the weekend before, "
        "they bet play money on the games of an invented league.",
        epilog="It replays real traffic if there is any (--trace, or the data beside the project), "
        "otherwise an invented day that ships with the simulator.",
    )
    parser.add_argument(
        "--days",
        type=_days,
        default=1.0,
        metavar="D",
        help="how many virtual days, default 1; the weekend with bets is played before one or more",
    )
    parser.add_argument(
        "--speed",
        type=POSITIVE,
        metavar="X",
        help="at most X virtual seconds a second, once the weekend is over; default: a day in 40 s on a terminal, in "
        "real time from noon for "
        "visitors of its page; otherwise as fast as it can",
    )
    parser.add_argument(
        "--members", type=whole(10, 10_000_000), default=5000, metavar="N", help="members at the start, default 5000"
    )
    parser.add_argument("--trace", type=Path, metavar="PATH", help="a trace to replay each day, or a folder of traces")
    parser.add_argument(
        "--exit", action="store_true", help="exit when the days are over; without a terminal it always does"
    )
    parser.add_argument("--no-open", action="store_true", help="print the page's address, open no browser")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there; - for standard output")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Play, print the summary, and return 0 if every check passed."""
    # Imported here: `steward demo --help` needs none of them.
    from steward.cli.demo.bets.bet_scenes import WEEKEND
    from steward.cli.demo.figures import STANDARD_OUTPUT, Figures, check_writable, write_json
    from steward.cli.demo.life import DemoScript, days_for
    from steward.cli.demo.play import open_demo
    from steward.cli.demo.speed import DemoSpeed
    from steward.cli.demo.view import live_view, print_summary
    from steward.runtime.clock import Clock
    from steward.runtime.logs.logs import configure_logs
    from steward.sim import time as accelerated

    if args.json is not None:
        check_writable(args.json)
    quiet = args.json == STANDARD_OUTPUT
    watched = sys.stdout.isatty() and not quiet
    days, source = days_for(args.trace)
    script = DemoScript(days, source, args.days, args.members, WEEKEND if args.days >= 1 else timedelta(0))

    judged = True

    async def main(clock: Clock) -> Figures:
        nonlocal judged
        loop = asyncio.get_running_loop()
        assert isinstance(loop, accelerated.AcceleratedLoop)  # noqa: S101 - the one that `accelerated.run` makes
        async with open_demo(clock, folder, script, log_lines=lambda: logs.recent(5)) as demo, demo.connected():
            slows = watched and args.speed is None
            speed = DemoSpeed(clock, loop, demo.began, slows=slows)
            what = "this Discord in a browser" + ", in real time from noon while you are there" * slows
            with _page(demo, speed, what, browser=not args.no_open) if watched else nullcontext() as page:
                with live_view(demo, watched=watched, quiet=quiet):
                    figures = await demo.live()
                judged = page is None or not page.used
                if not quiet:
                    print_summary(figures, demo, judged=judged)
                if watched and not args.exit:
                    if speed.somebody:
                        speed.stay()
                        print("\nSomebody is on the page: the community goes on in real time. Ctrl-C ends it.")
                    else:
                        print("\nThe community goes on; Ctrl-C ends it.")
                    with live_view(demo, watched=True, quiet=False), suppress(asyncio.CancelledError):  # Ctrl-C cancels
                        await demo.go_on()
                return figures

    with tempfile.TemporaryDirectory(prefix="steward-demo-") as name:
        folder = Path(name)
        with (
            (folder / "console.log").open("w") as console,
            configure_logs(stream=console, folder=folder, format="json") as logs,
        ):
            speed = args.speed or (86400 / DAY_ON_A_TERMINAL if watched else None)
            figures = accelerated.run(main, start=START - script.weekend, speed=speed)
    if args.json is not None:
        write_json(figures, args.json)
    return 0 if figures.kept_its_promises or not judged else 1


def _page(demo: Demo, speed: DemoSpeed, what: str, *, browser: bool) -> AbstractContextManager[SimulatorPage]:
    """Return the page, on which one is a member in the channel where people talk."""
    from steward.sim.page.tab.viewpoint import Viewpoint

    stage = demo.stage
    return served_page(
        demo.sim,
        browser=browser,
        what=what,
        first=Viewpoint(stage.guild, stage.general, demo.people.meet_visitor()),
        visited=speed.visited,
    )


def _days(text: str) -> float:
    days = POSITIVE(text)
    if days > MAX_DAYS:
        raise argparse.ArgumentTypeError(f"{days:g} days are more than a year; try fewer")
    return days
