"""JSON for tabs, which must hold any text that a simulated Discord holds."""

from __future__ import annotations

import json

import orjson

from steward.sim.people.user import Json


def encoded(data: Json) -> bytes:
    """Return JSON; texts with half a surrogate pair, which orjson refuses, are escaped."""
    try:
        return orjson.dumps(data)
    except orjson.JSONEncodeError:
        return json.dumps(data).encode()
