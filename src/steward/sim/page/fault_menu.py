"""The faults that can be chosen on the page."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import inf
from typing import TYPE_CHECKING

from steward.sim.faults import Fault, Faults

if TYPE_CHECKING:
    from steward.sim.guilds.guild import Guild
    from steward.sim.server import Simulator

_SLOW = 2.0  # seconds

FAULTS: Mapping[str, Callable[[Faults], None]] = {
    "The gateway falls silent": Faults.silence,
    "Ask bots to reconnect (op 7)": Faults.reconnect,
    "Invalidate all sessions (op 9)": Faults.invalidate,
    "Cut all connections": Faults.disconnect,
    "The next three requests get 503": lambda faults: faults.rest(action=Fault.status(503), times=3),
    "The next request gets 429, its own limit": lambda faults: faults.rest(action=Fault.rate_limited("user")),
    "The next request gets 429, a shared limit": lambda faults: faults.rest(action=Fault.rate_limited("shared")),
    "Every request takes two seconds": lambda faults: faults.rest(action=Fault.delay(_SLOW), times=inf),
}
"""The faults by what the menu says."""
OUTAGE, CLEAR = "This server becomes unavailable", "End all faults"


def inject(sim: Simulator, name: str, guild: Guild | None) -> None:
    """
    Inject a fault of the menu, or end all.

    Raises:
        LookupError: there is no such fault.

    """
    if name == CLEAR:
        sim.faults.clear()
        for found in sim.world.guilds.values():
            if not found.available:
                sim.faults.end_outage(found)
    elif name == OUTAGE:
        if guild is None:
            raise LookupError("Direct messages belong to no server: open the one that is to become unavailable.")
        sim.faults.outage(guild)
    elif name in FAULTS:
        FAULTS[name](sim.faults)
    else:
        raise LookupError(f"There is no fault {name!r}.")
