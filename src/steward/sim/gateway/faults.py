"""Faults of the gateway, as state that connections and the hub consult."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import inf

from steward.sim.user import Json


@dataclass(slots=True)
class GatewayFaults:
    """
    What is wrong with the gateway now.

    `silent`: no frame goes out; `withholding`: no dispatch does; `invalid_identifies`: how many more logins get
    op 9; `duplicates`: how many more events are sent twice; `malformed`: keys to drop from the next event of a name.
    """

    silent: bool = False
    withholding: bool = False
    invalid_identifies: float = 0
    duplicates: int = 0
    malformed: dict[str, list[tuple[str, ...]]] = field(default_factory=dict)

    def takes_identify(self) -> bool:
        """Return whether the next IDENTIFY is welcome; if not, it is counted."""
        if self.invalid_identifies <= 0:
            return True
        if self.invalid_identifies != inf:
            self.invalid_identifies -= 1
        return False

    def spoil(self, name: str, data: Json) -> Json:
        """Return an event's payload, without the keys that its fault drops."""
        waiting = self.malformed.get(name)
        if not waiting:
            return data
        dropped = waiting.pop(0)
        return {key: value for key, value in data.items() if key not in dropped}

    def copies(self) -> int:
        """Return how often the next event is to be sent."""
        if self.duplicates <= 0:
            return 1
        self.duplicates -= 1
        return 2
