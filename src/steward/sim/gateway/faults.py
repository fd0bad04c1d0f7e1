"""Injected faults of the gateway: the state that connections and the hub check."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import inf

from steward.sim.events import Event
from steward.sim.people.user import Json


@dataclass(slots=True)
class GatewayFaults:
    """
    The active faults.

    `silent`: send nothing. `withholding`: send no dispatches. `invalid_identifies`: answer this many more logins with
    op 9. `duplicates`: send this many more events twice. `lost`: drop this many. `reordered`: hold back this many, then
    send the `held` events in reverse. `malformed`: keys to omit from the next events, by event name.
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
        """Return whether to accept the next IDENTIFY; a refused one is counted."""
        if self.invalid_identifies <= 0:
            return True
        if self.invalid_identifies != inf:
            self.invalid_identifies -= 1
        return False

    def pass_on(self, event: Event) -> list[Event]:
        """Return the events to send when an event occurs: none, this one, or all held back."""
        if self.lost > 0:
            self.lost -= 1
            return []
        if self.reordered <= 0:
            return [event]
        self.reordered -= 1
        self.held.append(event)
        return [] if self.reordered else self.release()

    def release(self) -> list[Event]:
        """Return the held events in reverse order, and stop holding back."""
        held, self.held, self.reordered = self.held[::-1], [], 0
        return held

    def dropped(self, name: str) -> tuple[str, ...]:
        """Return the keys to omit from the next event of a name, and count it."""
        waiting = self.malformed.get(name)
        return waiting.pop(0) if waiting else ()

    def copies(self) -> int:
        """Return how many times to send the next event, and count it."""
        if self.duplicates <= 0:
            return 1
        self.duplicates -= 1
        return 2


def without(data: Json, keys: tuple[str, ...]) -> Json:
    """Return a payload without some of its keys."""
    return {key: value for key, value in data.items() if key not in keys} if keys else data
