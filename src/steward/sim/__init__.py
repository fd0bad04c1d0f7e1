"""
A local Discord simulator: REST v10 and the gateway on loopback, exact enough for unmodified client libraries.

Start with `Simulator`; see `docs/simulator.md`.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from steward.sim.faults import Fault
    from steward.sim.limits import Approximation, LargeBots, Limits, Rate
    from steward.sim.server import Simulator
    from steward.sim.uploads import File

__all__ = ["Approximation", "Fault", "File", "LargeBots", "Limits", "Rate", "Simulator"]

# Loaded when used: pytest loads this package in every run, for its plugin, even where the simulator can't be imported.
_PLACES = {
    "Approximation": "limits",
    "Fault": "faults",
    "File": "uploads",
    "LargeBots": "limits",
    "Limits": "limits",
    "Rate": "limits",
    "Simulator": "server",
}


def __getattr__(name: str) -> Any:
    if name not in _PLACES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_PLACES[name]}"), name)
