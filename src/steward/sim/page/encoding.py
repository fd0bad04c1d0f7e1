"""JSON for tabs, which must hold any text that a simulated Discord holds, and from tabs."""

from __future__ import annotations

import json
from typing import Any

import orjson

from steward.sim.people.user import Json


def encoded(data: Json) -> bytes:
    """Return JSON; texts with half a surrogate pair, which orjson refuses, are escaped."""
    try:
        return orjson.dumps(data)
    except orjson.JSONEncodeError:
        return json.dumps(data).encode()


def decoded(text: str) -> Any:
    """
    Return what a tab sends; half of a surrogate pair, which no gateway could send to a bot, becomes U+FFFD.

    Raises:
        ValueError, RecursionError: it is no JSON.

    """
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        half = json.dumps(json.loads(text), ensure_ascii=False)
        return orjson.loads(half.encode("utf-16", "surrogatepass").decode("utf-16", "replace"))
