"""
Switches off a part of the program that holds up all the others again and again.

    quarantine = Quarantine({"stats": "steward.bots.stats"}, clock)
    watch.tell(quarantine.blocked)

Guarantee: only the part whose code was running is struck, and a part is off from its third strike in an hour until the
process ends: what it missed meanwhile is repaired as after any other absence, by the next start.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial
from typing import Any, TypeVar

from steward.errors import NotReady
from steward.runtime.clock import SYSTEM_CLOCK, Clock
from steward.runtime.loggers import get_logger
from steward.runtime.monitor.loop_watch import Block

log = get_logger(__name__)

STRIKES = 3
WITHIN = 3600.0
LEAST = 3.0  # Discord waits no longer for an answer: whoever blocks for that long costs the other bots theirs

Value = TypeVar("Value")


class SwitchedOff(NotReady):
    """The part that should do this is switched off."""


class Quarantine:
    """
    See the module.

    Args:
        parts: the package of each part, by the part's name.
        clock: the time; the system's unless given.
        strikes: from how many on a part is switched off.
        within: seconds in which they must fall.
        least: seconds of blocking that are a strike.

    """

    def __init__(
        self,
        parts: Mapping[str, str],
        clock: Clock = SYSTEM_CLOCK,
        *,
        strikes: int = STRIKES,
        within: float = WITHIN,
        least: float = LEAST,
    ) -> None:
        self._parts = dict(parts)
        self._clock = clock
        self._most = strikes
        self._within = within
        self._least = least
        self._strikes: dict[str, deque[float]] = {name: deque(maxlen=strikes) for name in parts}
        self._off: dict[str, datetime] = {}
        self._listeners: list[Callable[[str], None]] = []

    @property
    def parts(self) -> tuple[str, ...]:
        """The names of all parts."""
        return tuple(self._parts)

    @property
    def off(self) -> Mapping[str, datetime]:
        """The parts that are switched off, and since when."""
        return self._off

    def strikes(self, part: str) -> int:
        """Return how many strikes of a part still count."""
        since = self._clock.monotonic() - self._within
        return sum(at > since for at in self._strikes[part])

    def tell(self, listener: Callable[[str], None]) -> None:
        """Have `listener` called with the name of each part that is switched off."""
        self._listeners.append(listener)

    def blocked(self, block: Block) -> None:
        """Strike the part whose code was running, if there is one, and switch it off at its last strike."""
        part = next((part for module in block.modules if (part := self._owner(module)) is not None), None)
        if part is None or part in self._off or block.seconds < self._least:
            return
        self._strikes[part].append(self._clock.monotonic())
        count = self.strikes(part)
        log.warning("bot_struck", bot=part, strikes=count, of=self._most, seconds=round(block.seconds, 2), at=block.at)
        if count >= self._most:
            self._off[part] = self._clock.now()
            log.error("bot_switched_off", bot=part, remedy=f"Fix what {block.at} does, and restart.")
            for listener in self._listeners:
                listener(part)

    def allows(self, work: Any) -> bool:
        """Tell whether a function, method or `partial` may be called: it belongs to no part, or to one that is on."""
        return not self._off or self._part_of(work) not in self._off

    def require(self, work: Any) -> None:
        """
        Let work begin.

        Raises:
            SwitchedOff: its part is off.

        """
        if not self.allows(work):
            raise SwitchedOff(
                f"The bot {self._part_of(work)} is switched off: it blocked all the others {self._most} times.",
                remedy="Restarting switches it on again; the log says what it did.",
            )

    def guard(self, sink: Callable[[Value], None]) -> Callable[[Value], None]:
        """Return `sink`, which is passed over while its part is off."""
        part = self._part_of(sink)
        if part is None:
            return sink
        off = self._off

        def guarded(value: Value) -> None:
            if part not in off:
                sink(value)

        return guarded

    def _part_of(self, work: Any) -> str | None:
        while isinstance(work, partial):
            work = work.func
        return self._owner(str(getattr(work, "__module__", "")))

    def _owner(self, module: str) -> str | None:
        return next((name for name, root in self._parts.items() if f"{module}.".startswith(f"{root}.")), None)
