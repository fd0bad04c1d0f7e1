"""Faults of the gateway, as state that connections and the hub consult."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import inf

from steward.sim.events import Event
from steward.sim.people.user import Json


@dataclass(slots=True)
class GatewayFaults:
    """
    What is wrong with the gateway now.

    `silent`: no frame goes out; `withholding`: no dispatch does; `invalid_identifies`: how many more logins get
    op 9; `duplicates`: how many more events are sent twice; `lost`: how many are not sent at all; `reordered`: how many
    are still to come before those `held` go out, the last first; `malformed`: keys to drop from the next event of a
    name.
    """

    silent: bool = False
    withholding: bool = False
    invalid_identifies: float = 0
    duplicates: int = 0
    lost: int = 0
    reordered: int = 0
    held: list[Event] = field(default_factory=list)
    malformed: dict[str, list[tuple[str, ...]]] = field(default_factory=dict)

    def takes_identify(self) -> bool:
        """Return whether the next IDENTIFY is welcome; if not, it is counted."""
        if self.invalid_identifies <= 0:
            return True
        if self.invalid_identifies != inf:
            self.invalid_identifies -= 1
        return False

    def pass_on(self, event: Event) -> list[Event]:
        """Return what goes out now that an event has happened: it, nothing, or it and those held back before."""
        if self.lost > 0:
            self.lost -= 1
            return []
        if self.reordered <= 0:
            return [event]
        self.reordered -= 1
        self.held.append(event)
        return [] if self.reordered else self.release()

    def release(self) -> list[Event]:
        """Return what is held back, the last first, and hold back no more."""
        held, self.held, self.reordered = self.held[::-1], [], 0
        return held

    def dropped(self, name: str) -> tuple[str, ...]:
        """Return the keys that the next event of a name is to lack, which counts it."""
        waiting = self.malformed.get(name)
        return waiting.pop(0) if waiting else ()

    def copies(self) -> int:
        """Return how often the next event is to be sent."""
        if self.duplicates <= 0:
            return 1
        self.duplicates -= 1
        return 2


def without(data: Json, keys: tuple[str, ...]) -> Json:
    """Return an event's payload without some of its keys."""
    return {key: value for key, value in data.items() if key not in keys} if keys else data
