"""One request in progress: its route, its scripted fault and its record."""

from __future__ import annotations

from dataclasses import dataclass, field

from aiohttp import web

from steward.sim.faults import Fault
from steward.sim.recorder import Request
from steward.sim.rest.errors import RestRefused
from steward.sim.rest.router import RouteMatch
from steward.sim.uploads import Upload


@dataclass(slots=True)
class Exchange:
    """A request in progress; `unreadable` is why its body cannot be read, if so."""

    request: web.BaseRequest
    route: RouteMatch
    fault: Fault | None
    record: Request
    files: list[Upload] = field(default_factory=list)
    unreadable: RestRefused | None = None
