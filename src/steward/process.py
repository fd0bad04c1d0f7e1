"""Runs the bot as a process until a stop signal, and exits within a time limit."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from functools import partial
from typing import Any

import structlog

from steward import __version__
from steward.app import open_steward
from steward.client.access.permissions import invite_link
from steward.errors import Broken, ExitCode, StewardError
from steward.feeds import FeedLogs, feed_nothing
from steward.running import Steward
from steward.runtime.clock import Clock, SystemClock
from steward.runtime.memory import freeze_heap
from steward.runtime.monitor import LoopWatch
from steward.runtime.process.stop_signals import StopSignals
from steward.settings import Settings

log = structlog.get_logger(__name__)


def run_bot(
    settings: Settings,
    stop: StopSignals,
    *,
    log_lines: Callable[[], Sequence[str]] = list,
    feed_logs: FeedLogs = feed_nothing,
    greet: Callable[[str], None] | None = None,
) -> int:
    """
    Run the bot until a stop signal, and return the exit code.

    Args:
        log_lines: returns the newest log lines.
        feed_logs: adds selected log lines to the feed of a webhook.
        greet: prints the greeting once the bot is up; None without a terminal.

    Raises:
        StewardError: what ended the bot, with its exit code.

    """
    try:
        asyncio.run(_run_until_stopped(settings, stop, SystemClock(), log_lines, feed_logs, greet))
    finally:
        signal.alarm(0)
    return ExitCode.DONE


async def _run_until_stopped(
    settings: Settings,
    stop: StopSignals,
    clock: Clock,
    log_lines: Callable[[], Sequence[str]],
    feed_logs: FeedLogs,
    greet: Callable[[str], None] | None,
) -> None:
    stopping, opened = asyncio.Event(), False
    loop, this = asyncio.get_running_loop(), asyncio.current_task()

    def end() -> None:
        stopping.set()
        if not opened and this is not None:
            this.cancel()  # interrupts the start

    def end_soon() -> None:
        loop.call_soon_threadsafe(end)

    stop.on_stop(end_soon)
    try:
        async with AsyncExitStack() as stack:
            watch = stack.enter_context(LoopWatch(loop)) if settings.performance_monitoring else None
            steward = await stack.enter_async_context(
                open_steward(settings, clock, log_lines=log_lines, loop_watch=watch, feed_logs=feed_logs)
            )
            opened = True
            freeze_heap()  # keeps objects of the start out of garbage collections: 13 ms each
            running = asyncio.create_task(steward.run(), name="gateway")
            if greet is not None:
                steward.tasks.start("greet", partial(_greet, steward, greet))
            waiting = asyncio.create_task(stopping.wait(), name="wait for a signal")
            try:
                ends: set[asyncio.Future[Any]] = {running, waiting, steward.tasks.doomed}
                await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
                fatal = next((ended.exception() for ended in (running, steward.tasks.doomed) if ended.done()), None)
                if fatal is not None:
                    stop.exit_in_time(fatal.exit_code if isinstance(fatal, StewardError) else Broken.exit_code)
                    raise fatal
                log.info("stopping")
                await steward.say_farewell()
            finally:
                running.cancel()
                waiting.cancel()
                await asyncio.gather(running, waiting, return_exceptions=True)
    except asyncio.CancelledError:
        if opened or not stopping.is_set():
            raise
    finally:
        stop.on_stop(lambda: None)
    log.info("stopped")


async def _greet(steward: Steward, greet: Callable[[str], None]) -> None:
    greet(await greeting(steward))


async def greeting(bot: Steward) -> str:
    """Return the greeting, after the first gateway connection."""
    await bot.health.first_connection.wait()
    user, servers = bot.client.user, len(bot.client.guilds)
    name = user.name if user is not None else "the bot"
    where = "no server yet" if not servers else f"{servers:,} server{'' if servers == 1 else 's'}"
    lines = [f"Steward {__version__} is running as {name}, in {where}."]
    if bot.pages is not None:
        lines.append(f"Health  {bot.pages.address}/readyz" if bot.pages.address else f"Health  {bot.pages.problem}")
    if bot.settings.log_dir is not None:
        lines.append(f"Log     {bot.settings.log_dir} (steward logs)")
    if not servers and user is not None:
        lines.append(f"Next    invite it to your server: {invite_link(user.id)}")
    else:
        lines.append("Next    type /setup in your server for counters and reports, /event create for a first event")
    lines.append("Ctrl-C stops it.")
    return "\n".join(lines)
