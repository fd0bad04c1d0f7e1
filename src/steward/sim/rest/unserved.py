"""Routes that Discord has but the simulator does not serve; they respond 501, as a 404 would be misleading."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from typing import Never

from steward.sim.rest.call import Call, Handler, Route
from steward.sim.rest.errors import RestRefused


@cache
def operations() -> tuple[tuple[str, str], ...]:
    """Return the method and path of every operation in Discord's OpenAPI document."""
    text = files(__package__).joinpath("operations.txt").read_text(encoding="utf-8")
    return tuple((method, path) for method, path in (line.split(" ", 1) for line in text.splitlines()))


def unserved(served: Iterable[Route]) -> list[Route]:
    """Return a route for each of Discord's operations that is not served."""
    known = {(route.method, route.template) for route in served}
    return [Route(*found, _lacking(*found)) for found in operations() if found not in known]


def _lacking(method: str, path: str) -> Handler:
    def refuse(call: Call) -> Never:
        raise RestRefused.by_status(501, f"The simulator doesn't serve {method} {path}. Discord does.")

    return refuse
