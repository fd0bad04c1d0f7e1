"""
Discord in a box: REST v10 and the gateway on loopback, faithful enough for unmodified client libraries.

`Simulator` is where to begin; `docs/simulator.md` tells the rest.
"""

from steward.sim.faults import Fault
from steward.sim.limits import Approximation, Limits, Rate
from steward.sim.server import Simulator
from steward.sim.uploads import File

__all__ = ["Approximation", "Fault", "File", "Limits", "Rate", "Simulator"]
