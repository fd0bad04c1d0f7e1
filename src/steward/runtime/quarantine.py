"""
Switches off a part of the program that holds up all the others again and again.

    quarantine = Quarantine(clock)
    stats = Owner("stats", package="steward.bots.stats")
    quarantine.watch(stats)
    loop_watch.tell(quarantine.blocked)

Whatever a part registers elsewhere (handlers, jobs, subscriptions) carries its `Owner`, and isn't called while that is
off. A part is off from its third strike within an hour until the process ends. The next start catches up on what it
missed, as after any other absence.
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
WITHIN = 3600.0
LEAST = 3.0  # Discord waits no longer for an answer: whoever blocks for that long costs the other bots theirs

Value = TypeVar("Value")


class SwitchedOff(NotReady):
    """The part that should do this is switched off."""


class Owner:
    """
    A part of the program, carried by all that it registers.

    Args:
        name: such as "stats".
        package: the package of its code; blocks of the loop are put down to it.

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
        """Whether what it registered may be called."""
        return self.off_since is None

    def require(self) -> None:
        """
        Let work of this part begin.

        Raises:
            SwitchedOff: the part is off.

        """
        if self.off_since is not None:
            raise SwitchedOff(
                f"The bot {self.name} is switched off: {self._why}.",
                remedy="Restarting switches it on again; the log says what it did.",
            )

    def switch_off(self, at: datetime, why: str) -> None:
        """Call nothing of it any more; `why` is half a sentence, such as "it failed at the start"."""
        self.off_since = at
        self._why = why

    def guard(self, sink: Callable[[Value], None]) -> Callable[[Value], None]:
        """Return `sink`, which is passed over while this part is off."""

        def guarded(value: Value) -> None:
            if self.off_since is None:
                sink(value)

        return guarded

    def has(self, module: str) -> bool:
        """Tell whether a module is this part's."""
        return f"{module}.".startswith(f"{self.package}.")


class Quarantine:
    """
    See the module.

    Args:
        strikes: from how many on a part is switched off.
        within: seconds in which they must fall.
        least: seconds of blocking that are a strike.

    """

    def __init__(
        self,
        clock: Clock = SYSTEM_CLOCK,
        *,
        strikes: int = STRIKES,
        within: float = WITHIN,
        least: float = LEAST,
    ) -> None:
        self._clock = clock
        self._most = strikes
        self._within = within
        self._least = least
        self._struck_at: dict[Owner, deque[float]] = {}
        self._listeners: list[Callable[[Owner], None]] = []

    def watch(self, owner: Owner) -> None:
        """Strike a part whenever its code blocks the others."""
        self._struck_at[owner] = deque(maxlen=self._most)

    def forget(self, owner: Owner) -> None:
        """Watch a part no more."""
        self._struck_at.pop(owner, None)

    @property
    def owners(self) -> Sequence[Owner]:
        """All parts."""
        return tuple(self._struck_at)

    def strikes(self, owner: Owner) -> int:
        """Return how many strikes of a part still count."""
        since = self._clock.monotonic() - self._within
        return sum(at > since for at in self._struck_at[owner])

    def tell(self, listener: Callable[[Owner], None]) -> None:
        """Have `listener` called with each part that is switched off."""
        self._listeners.append(listener)

    def blocked(self, block: Block) -> None:
        """Strike the part whose code was running, if there is one, and switch it off at its last strike."""
        struck = (owner for module in block.modules for owner in self._struck_at if owner.has(module))
        owner = next(struck, None)
        if owner is None or not owner.is_on or block.seconds < self._least:
            return
        self._struck_at[owner].append(self._clock.monotonic())
        count = self.strikes(owner)
        log.warning(
            "bot_struck", bot=owner.name, strikes=count, of=self._most, seconds=round(block.seconds, 2), at=block.at
        )
        if count >= self._most:
            owner.switch_off(self._clock.now(), f"it blocked all the others {self._most} times")
            log.error("bot_switched_off", bot=owner.name, remedy=f"Fix what {block.at} does, and restart.")
            for listener in self._listeners:
                listener(owner)
