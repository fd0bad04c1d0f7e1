"""
Switches off a part of the program that blocks the event loop again and again.

    quarantine = Quarantine(clock)
    stats = Owner("stats", package="steward.bots.stats")
    quarantine.watch(stats)
    loop_watch.add_listener(quarantine.on_block)

Everything a part registers (handlers, jobs, subscriptions) carries its `Owner` and is not called while that is off. The
third strike within an hour switches a part off until the process ends. After a restart it catches up as after any
downtime.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TypeVar

from steward.errors import NotReady
from steward.runtime.clock import SYSTEM_CLOCK, Clock
from steward.runtime.logs.loggers import get_logger
from steward.runtime.monitor.loop_watch import Block

log = get_logger(__name__)

STRIKES = 3
WITHIN = 3600.0  # seconds
MIN_BLOCK = 3.0  # seconds; Discord's limit for responses: a longer block makes the other bots miss it

Value = TypeVar("Value")


class SwitchedOff(NotReady):
    """This part of the program is switched off."""


class Owner:
    """
    A part of the program; everything it registers carries it.

    Args:
        name: such as "stats".
        package: its Python package; blocks of the event loop are attributed by it.

    Attributes:
        off_since: when it was switched off; None while it is on.

    """

    def __init__(self, name: str, package: str) -> None:
        self.name = name
        self.package = package
        self.off_since: datetime | None = None
        self._why = ""

    @property
    def is_on(self) -> bool:
        """Whether its registrations may be called."""
        return self.off_since is None

    def require(self) -> None:
        """
        Check that this part is on.

        Raises:
            SwitchedOff: it is off.

        """
        if self.off_since is not None:
            raise SwitchedOff(
                f"The bot {self.name} is switched off: {self._why}.",
                remedy="Restarting switches it on again; the log says what it did.",
            )

    def switch_off(self, at: datetime, why: str) -> None:
        """Stop all calls into it; `why` is a clause such as "it failed at the start"."""
        self.off_since = at
        self._why = why

    def guard(self, sink: Callable[[Value], None]) -> Callable[[Value], None]:
        """Return a wrapper of `sink` that does nothing while this part is off."""

        def guarded(value: Value) -> None:
            if self.off_since is None:
                sink(value)

        return guarded

    def contains(self, module: str) -> bool:
        """Return whether a module belongs to this part."""
        return f"{module}.".startswith(f"{self.package}.")


class Quarantine:
    """See the module."""

    def __init__(self, clock: Clock = SYSTEM_CLOCK) -> None:
        self._clock = clock
        self._struck_at: dict[Owner, deque[float]] = {}
        self._listeners: list[Callable[[Owner], None]] = []

    def watch(self, owner: Owner) -> None:
        """Count strikes of a part."""
        self._struck_at[owner] = deque(maxlen=STRIKES)

    def forget(self, owner: Owner) -> None:
        self._struck_at.pop(owner, None)

    @property
    def owners(self) -> Sequence[Owner]:
        return tuple(self._struck_at)

    def strikes(self, owner: Owner) -> int:
        """Return how many strikes of a part still count."""
        since = self._clock.monotonic() - WITHIN
        return sum(at > since for at in self._struck_at[owner])

    def add_listener(self, listener: Callable[[Owner], None]) -> None:
        """Call `listener` with each part that is switched off."""
        self._listeners.append(listener)

    def on_block(self, block: Block) -> None:
        """Give a strike to the part whose code was running, if any; the last strike switches it off."""
        struck = (owner for module in block.modules for owner in self._struck_at if owner.contains(module))
        owner = next(struck, None)
        if owner is None or not owner.is_on or block.seconds < MIN_BLOCK:
            return
        self._struck_at[owner].append(self._clock.monotonic())
        count = self.strikes(owner)
        log.warning(
            "bot_struck", bot=owner.name, strikes=count, of=STRIKES, seconds=round(block.seconds, 2), at=block.at
        )
        if count >= STRIKES:
            owner.switch_off(self._clock.now(), f"it blocked the event loop {STRIKES} times")
            log.error("bot_switched_off", bot=owner.name, remedy=f"Fix what {block.at} does, and restart.")
            for listener in self._listeners:
                listener(owner)
