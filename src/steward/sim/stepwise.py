"""A simulator driven step by step from plain code: no `await`, and time passes only when told."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import ExitStack
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
    """What discord.py's clients are."""

    async def start(self, token: str, /) -> object: ...
    async def wait_until_ready(self) -> object: ...
    async def close(self) -> object: ...


class BotEnded(Exception):
    """The bot under test stopped by itself; its own error, if it had one, is the cause."""


class SteppedSimulator:
    """
    A running simulator, a guild with the bot in it, and virtual time in the test's hands.

    `with SteppedSimulator() as discord_sim`: then `start` a bot, let `guild`'s people act, `wait`, and look.
    Nothing moves between two calls, so what is looked at does not change meanwhile.

    Args:
        limits: what the simulator enforces.
        seed: of everything random in it.
        start: the instant at which virtual time begins.
        members: of the first guild.

    """

    def __init__(
        self,
        *,
        limits: Limits | None = None,
        seed: int = 1,
        start: datetime = accelerated.EPOCH,
        members: int = 10,
    ) -> None:
        self._limits = limits
        self._seed = seed
        self._start = start
        self._members = members
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
        forgotten = self._forgotten()
        self._stack.close()
        if forgotten is not None and kind is None:
            raise forgotten

    @property
    def token(self) -> str:
        """What the bot logs in with."""
        return self.sim.bot.token

    @property
    def api_url(self) -> str:
        """The base of REST calls, for libraries that are told."""
        return self.sim.api_url

    @property
    def faults(self) -> Faults:
        """What shall go wrong."""
        return self.sim.faults

    @property
    def recorder(self) -> Recorder:
        """What the bot did."""
        return self.sim.recorder

    def start(self, bot: Startable, *, within: float = 60.0) -> None:
        """
        Start a discord.py client or bot and return when it is ready.

        Args:
            bot: not started yet; it is closed at the end.
            within: virtual seconds it may take.

        Raises:
            BotEnded: it stopped instead.
            TimeoutError: it was not ready in time.

        """
        self._runner.run(self._start_bot(bot, within))

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Run any coroutine to its end and return its result; bots go on meanwhile."""
        return self._runner.run(work)

    def wait(self, seconds: float = 1.0) -> None:
        """
        Let so many virtual seconds pass.

        Raises:
            BotEnded: a bot stopped by itself meanwhile.
            NotRun: a member's act was made before and not run.

        """
        forgotten = self._forgotten()
        if forgotten is not None:
            raise forgotten
        self._runner.run(asyncio.sleep(seconds))
        self._check_bots()

    def wait_until(self, condition: Callable[[], object], *, within: float = 60.0) -> None:
        """
        Let time pass until a condition holds.

        Args:
            condition: called again and again; true when it holds.
            within: virtual seconds after which to give up.

        Raises:
            BotEnded: a bot stopped by itself meanwhile.
            TimeoutError: it did not come to hold.

        """
        deadline = self.clock.monotonic() + within
        while not condition():
            if self.clock.monotonic() >= deadline:
                raise TimeoutError(f"Waited {within:g} virtual seconds in vain. The simulator says:\n{self._tail()}")
            self.wait(_STEP)

    async def _start_bot(self, bot: Startable, within: float) -> None:
        running = asyncio.create_task(_whole(bot.start(self.token)))
        self._bots.append((bot, running))
        await asyncio.sleep(0)  # discord.py can be waited for only once it has begun
        ready = asyncio.create_task(_whole(bot.wait_until_ready()))
        done, _ = await asyncio.wait({running, ready}, timeout=within, return_when=asyncio.FIRST_COMPLETED)
        if ready not in done:
            ready.cancel()
            await asyncio.wait({ready})
        self._check_bots()
        if not done:
            raise TimeoutError(f"The bot was not ready within {within:g} virtual seconds.\n{self._tail()}")

    def _forgotten(self) -> NotRun | None:
        waiting = list(self.guild.world.acts.waiting)
        for act in waiting:
            act.close()
        return NotRun(waiting[0].said) if waiting else None

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

    def _tail(self) -> str:
        requests = [f"{found.method} {found.path} -> {found.status}" for found in self.recorder.requests()[-5:]]
        return "The last requests:\n  " + ("\n  ".join(requests) or "none")


async def _whole(work: Awaitable[object]) -> object:
    return await work


__all__ = ["BotEnded", "NotRun", "Startable", "SteppedSimulator"]
