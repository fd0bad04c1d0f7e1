"""`steward sim`: run a simulated Discord in real time for a bot in another process."""

from __future__ import annotations

import argparse
import asyncio
import errno
import gc
import json
import os
import signal
import sys
from contextlib import suppress
from dataclasses import replace
from http import HTTPStatus
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from steward.cli.main import AddParser
from steward.cli.number_kinds import positive, whole
from steward.cli.page import PORT, served_page
from steward.errors import NeedsOperator
from steward.runtime.clock import Clock, SystemClock
from steward.runtime.waiting import wait_within

if TYPE_CHECKING:
    from steward.sim import Simulator
    from steward.sim.recorder import Request
    from steward.sim.traces.replay import Replay
    from steward.sim.traces.trace import Trace

SHIPPED = ""  # `--trace` without a file
POSITIVE = positive(1e6)
LOOPBACK = "127.0.0.1"


def add_parser(add: AddParser) -> None:
    """Add the command's flags."""
    parser = add(
        description="Run a Discord on this machine until Ctrl-C, with the channels of the stats bot in each server. "
        "It prints the settings that point a bot at it.",
        epilog="Example: steward sim --env-file .env --trace, then steward run in another terminal.",
    )
    parser.add_argument("--port", type=whole(0, 65535), default=8081, help="default 8081; 0 for a free one")
    parser.add_argument("--host", type=_address, default=LOOPBACK, metavar="A", help=f"IP address, default {LOOPBACK}")
    parser.add_argument("--guilds", type=whole(1, 200_000), default=1, metavar="N", help="servers, default 1")
    parser.add_argument(
        "--members", type=whole(2, 100_000_000), default=5000, metavar="M", help="of each server, default 5000"
    )
    parser.add_argument("--online", type=whole(0, 100_000_000), metavar="N", help="of them, default one in six")
    parser.add_argument("--bans", type=whole(0, 10_000_000), default=12, metavar="N", help="of each, default 12")
    parser.add_argument(
        "--max-concurrency",
        type=whole(1, 1000),
        default=1,
        metavar="K",
        help="shards that log in at once, default 1",
    )
    parser.add_argument(
        "--large-above",
        type=whole(0, 1_000_000),
        default=150_000,
        metavar="N",
        help="in more servers than that a bot follows the rules for large ones, default 150,000",
    )
    parser.add_argument("--seed", type=int, default=1, help="the seed of token and ids, default 1")
    parser.add_argument(
        "--trace", nargs="?", const=SHIPPED, metavar="FILE", help="replay what people did; without FILE, a made-up day"
    )
    parser.add_argument("--speed", type=POSITIVE, default=1.0, metavar="X", help="replay X times as fast, default 1")
    parser.add_argument("--for", type=POSITIVE, dest="seconds", metavar="SECONDS", help="stop after that many seconds")
    parser.add_argument(
        "--page-port",
        type=whole(0, 65535),
        default=PORT,
        metavar="N",
        help=f"of the page, default {PORT}, else a free one",
    )
    parser.add_argument("--no-open", action="store_true", help="print the page's address, open no browser")
    parser.add_argument("--log", action="store_true", help="print each request: time, result, bucket")
    parser.add_argument("--env-file", type=Path, metavar="FILE", help="write the settings there too")
    parser.add_argument("--json", action="store_true", help="print the settings and the summary as JSON")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Run the simulator until it is stopped."""
    asyncio.run(_serve(args, SystemClock()))
    return 0


async def _serve(args: argparse.Namespace, clock: Clock) -> None:
    from steward.cli.stage import build_stage
    from steward.sim import LargeBots, Limits, Simulator
    from steward.sim.traces.replay import Replay

    trace = _trace(args.trace, args.speed)
    limits = Limits(max_concurrency=args.max_concurrency, large_bots=LargeBots(above=args.large_above))
    sim = Simulator(clock=clock, seed=args.seed, port=args.port, host=args.host, limits=limits)
    online = args.members // 6 if args.online is None else args.online
    names = ["Penguins", *(f"Penguins {number}" for number in range(2, args.guilds + 1))]
    try:
        stage, *_ = [build_stage(sim, name=name, members=args.members, online=online, bans=args.bans) for name in names]
    except ValueError as error:
        raise NeedsOperator(str(error), remedy="Choose other numbers of members and members online.") from error
    await _listen(sim, args)
    gc.freeze()  # the servers stay to the end; to look through 10,000 for garbage takes half a second
    if args.log:
        sim.recorder.subscribe(lambda request: print(_line(request), file=sys.stderr, flush=True))
    async with sim:
        _announce(stage.environment(sim), args)
        page = served_page(sim, port=args.page_port, browser=not args.no_open)
        replay = None if trace is None else Replay(trace, stage.guild, [stage.general], clock)
        with page:
            await _until_stopped(sim, replay, args)
        _summarise(sim, replay, args)


async def _listen(sim: Simulator, args: argparse.Namespace) -> None:
    if not ip_address(args.host).is_loopback:
        print(
            f"Listening on {args.host}, not for this machine only: whoever reaches it can use this Discord, since its "
            f"token is no secret. The page stays on {LOOPBACK}.",
            file=sys.stderr,
            flush=True,
        )
    try:
        await sim.start_listening()
    except OSError as error:
        if error.errno in {errno.EADDRNOTAVAIL, None}:  # Python 3.13 gives no number for it
            raise NeedsOperator(
                f"This machine doesn't have the address {args.host}.", remedy="Choose another with --host."
            ) from error
        raise NeedsOperator(
            f"Port {args.port} cannot be used: {error.strerror or error}.", remedy="Choose another with --port."
        ) from error


def _address(text: str) -> str:
    try:
        return str(ip_address(text))
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} must be an IP address, such as {LOOPBACK} or 0.0.0.0") from None


async def _until_stopped(sim: Simulator, replay: Replay | None, args: argparse.Namespace) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        with suppress(NotImplementedError):  # Windows: Ctrl-C still raises KeyboardInterrupt
            loop.add_signal_handler(number, stop.set)
    async with asyncio.TaskGroup() as group:
        replaying = None if replay is None else group.create_task(replay.run())
        await wait_within(stop, args.seconds)
        if replaying is not None:
            replaying.cancel()


def _line(request: Request) -> str:
    status = str(request.status or "---")
    query = f"?{urlencode(request.query)}" if request.query else ""
    scope = f" scope={request.scope}" if request.scope else ""
    bucket = f" bucket={request.bucket}" if request.bucket else ""
    lost = "" if request.answered else " (answer lost)"
    why = ""
    if request.status >= HTTPStatus.BAD_REQUEST and isinstance(request.result, dict):
        code = request.result.get("code")  # Discord's own, more specific than the status; a 429 has none
        why = f" {code or ''} {request.result.get('message', '')}".replace("  ", " ")
    begun = f"{request.at:%H:%M:%S.%f}"[:12]
    return f"{begun} {status} {request.method:<6} {request.path}{query}{bucket}{scope}{why}{lost}"


def _trace(name: str | None, speed: float) -> Trace | None:
    if name is None:
        return None
    from steward.sim.traces.trace import Trace

    trace = Trace.community_day() if name == SHIPPED else Trace.load(name)
    if speed == 1:
        return trace
    # The lines of a minute are spread evenly over it: putting more minutes into one plays them faster.
    return Trace(tuple(replace(line, minute=int(line.minute / speed)) for line in trace.lines))


def _announce(environment: dict[str, str], args: argparse.Namespace) -> None:
    lines = "".join(f"{name}={value}\n" for name, value in environment.items())
    if args.env_file is not None:
        try:
            args.env_file.parent.mkdir(parents=True, exist_ok=True)
            # The token is of use for this simulator only; it is readable by its owner only out of habit.
            with open(os.open(args.env_file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:  # noqa: PTH123
                file.write(lines)
        except OSError as error:
            raise NeedsOperator(
                f"{args.env_file} cannot be written: {error.strerror or error}.", remedy="Choose another --env-file."
            ) from error
    print(json.dumps(environment) if args.json else lines, end="\n" if args.json else "", flush=True)
    if not args.json and sys.stdout.isatty():
        print(
            "\nPut these lines in a .env file and start `steward run` in the same folder. Ctrl-C ends the simulation."
        )


def _summarise(sim: Simulator, replay: Replay | None, args: argparse.Namespace) -> None:
    recorder = sim.recorder
    requests, refused, logins = recorder.count(), recorder.count(status=429), len(recorder.identifies)
    played = dict(sorted(replay.sent.items())) if replay is not None else {}
    if args.json:
        print(json.dumps({"requests": requests, "http_429": refused, "identifies": logins, "played": played}))
        return
    acts = "".join(f", {count} {kind}" for kind, count in played.items())
    print(f"{requests} requests, {refused} of them refused (429), {logins} logins{acts}.", file=sys.stderr)
