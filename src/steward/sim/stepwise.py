"""A simulator for synchronous code: no `await`, and time passes only in calls such as `wait`."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import AbstractContextManager, ExitStack, nullcontext
from datetime import datetime
from types import TracebackType
from typing import Any, Protocol, Self, TypeVar

from steward.sim import time as accelerated
from steward.sim.faults import Faults
from steward.sim.guilds.guild import Guild
from steward.sim.library_address import pointed_at
from steward.sim.limits import Limits
from steward.sim.people.act import NotRun
from steward.sim.recorder import Recorder
from steward.sim.server import Simulator

T = TypeVar("T")
_STEP = 0.05


class Startable(Protocol):
    """What is needed of a client: the interface of discord.py's `Client`."""

    async def start(self, token: str, /) -> object: ...
    async def wait_until_ready(self) -> object: ...
    async def close(self) -> object: ...


class BotEnded(Exception):
    """The bot under test stopped by itself; its exception, if any, is the cause."""


class SteppedSimulator:
    """
    A running simulator with one guild and the bot in it, in virtual time controlled by the test.

    In `with SteppedSimulator() as discord_sim`: `start` a bot, act as `guild`'s members, `wait`, then assert.
    Nothing runs between two calls, so state does not change while it is checked.

    Args:
        seed: of all randomness.
        start: beginning of virtual time.
        members: number of members of the guild.
        terminal: makes a context in which standard input and output are a terminal's, if there is one; for `page`.

    """

    def __init__(
        self,
        *,
        limits: Limits | None = None,
        seed: int = 1,
        start: datetime = accelerated.EPOCH,
        members: int = 10,
        terminal: Callable[[], AbstractContextManager[object]] = nullcontext,
    ) -> None:
        self._limits = limits
        self._seed = seed
        self._start = start
        self._members = members
        self._terminal = terminal
        self._stack = ExitStack()
        self._bots: list[tuple[Startable, asyncio.Task[object]]] = []

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            self._runner, self.clock = stack.enter_context(accelerated.runner(start=self._start))
            self.sim = Simulator(clock=self.clock, seed=self._seed, limits=self._limits)
            self.guild: Guild = self.sim.add_guild("Test guild", members=self._members)
            self._runner.run(self.sim.__aenter__())
            stack.callback(lambda: self._runner.run(self.sim.__aexit__(None, None, None)))
            stack.enter_context(pointed_at(self.sim.api_url, self.sim.gateway_url))
            stack.callback(lambda: self._runner.run(self._close_bots()))
            self._stack = stack.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        forgotten = self._unrun_act()
        self._stack.close()
        if forgotten is not None and kind is None:
            raise forgotten

    @property
    def token(self) -> str:
        """The bot's token."""
        return self.sim.bot.token

    @property
    def api_url(self) -> str:
        """Base URL of the REST API."""
        return self.sim.api_url

    @property
    def faults(self) -> Faults:
        """Scripted faults."""
        return self.sim.faults

    @property
    def recorder(self) -> Recorder:
        """The record of the bot's requests."""
        return self.sim.recorder

    def start(self, bot: Startable, *, within: float = 60.0) -> None:
        """
        Start a discord.py client or bot and return once it is ready.

        Args:
            bot: not started yet; closed when the simulator exits.
            within: timeout in virtual seconds.

        Raises:
            BotEnded: the bot stopped.
            TimeoutError: it is not ready in time.

        """
        self._runner.run(self._start_bot(bot, within))

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Run a coroutine to its end and return its result; bots run meanwhile."""
        return self._runner.run(work)

    def wait(self, seconds: float = 1.0) -> None:
        """
        Advance by this many virtual seconds.

        Raises:
            BotEnded: a bot stopped by itself.
            NotRun: a member's action was created before and not run.

        """
        forgotten = self._unrun_act()
        if forgotten is not None:
            raise forgotten
        self._runner.run(asyncio.sleep(seconds))
        self._check_bots()

    def wait_until(self, condition: Callable[[], object], *, within: float = 60.0) -> None:
        """
        Advance until a condition is true.

        Args:
            condition: called repeatedly.
            within: timeout in virtual seconds.

        Raises:
            BotEnded: a bot stopped by itself.
            TimeoutError: the condition is still false.

        """
        deadline = self.clock.monotonic() + within
        while not condition():
            if self.clock.monotonic() >= deadline:
                raise TimeoutError(f"Waited {within:g} virtual seconds in vain.\n{self._requests_made()}")
            self.wait(_STEP)

    def page(self, *, speed: float | None = 1.0) -> None:
        """
        Serve this Discord as a page in a browser, and return when Enter is pressed or its tab is closed.

        Its address is printed, and opened where there is a display. Bots run meanwhile. Without a terminal it returns
        at once, so that a call left in a test holds nothing up.

        Args:
            speed: of the clock, until another is chosen on the page: virtual seconds per second, 0 stands still.

        Raises:
            BotEnded: a bot stopped by itself.

        """
        from steward.sim.page.breakpoint import serve_until_continued

        with self._terminal():
            if sys.stdin is not None and sys.stdin.isatty():
                self._runner.run(serve_until_continued(self.sim, speed=speed))
        self._check_bots()

    async def _start_bot(self, bot: Startable, within: float) -> None:
        running = asyncio.create_task(_whole(bot.start(self.token)))
        self._bots.append((bot, running))
        await asyncio.sleep(0)  # wait_until_ready() works only after start() has begun
        ready = asyncio.create_task(_whole(bot.wait_until_ready()))
        done, _ = await asyncio.wait({running, ready}, timeout=within, return_when=asyncio.FIRST_COMPLETED)
        if ready not in done:
            ready.cancel()
            await asyncio.wait({ready})
        self._check_bots()
        if not done:
            raise TimeoutError(f"The bot was not ready within {within:g} virtual seconds.\n{self._requests_made()}")

    def _unrun_act(self) -> NotRun | None:
        waiting = list(self.guild.world.acts.waiting)
        for act in waiting:
            act.close()
        return NotRun(waiting[0].source) if waiting else None

    def _check_bots(self) -> None:
        for bot, running in self._bots:
            if running.done() and not running.cancelled():
                raise BotEnded(f"{type(bot).__name__} stopped by itself.") from running.exception()

    async def _close_bots(self) -> None:
        for bot, running in self._bots:
            await bot.close()
            running.cancel()
            await asyncio.wait({running})
            if not running.cancelled():
                running.exception()

    def _requests_made(self) -> str:
        requests = [f"{found.method} {found.path} -> {found.status}" for found in self.recorder.requests()[-5:]]
        return "The last requests:\n  " + ("\n  ".join(requests) or "none")


async def _whole(work: Awaitable[object]) -> object:
    return await work


__all__ = ["BotEnded", "NotRun", "Startable", "SteppedSimulator"]
