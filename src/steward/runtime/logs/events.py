"""Processors of log events, ours and those of libraries."""

from __future__ import annotations

import json
import re
import sys
import traceback
from collections.abc import MutableMapping
from typing import Any

from steward.errors import Broken, StewardError
from steward.runtime.clock import Clock

Event = MutableMapping[str, Any]


class LogStamp:
    """Adds the time, in UTC with milliseconds."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def __call__(self, logger: object, method: str, event: Event) -> Event:
        event["timestamp"] = self._clock.now().isoformat(timespec="milliseconds").replace("+00:00", "Z")
        return event


def calm_discord(logger: object, method: str, event: Event) -> Event:
    """
    Tone down messages of discord.py about problems it handles itself.

    A lost connection becomes one warning without traceback; a stack inside a message moves to its own field.
    """
    del logger, method
    if not str(event.get("logger", "")).startswith("discord"):
        return event
    message, _, more = str(event["event"]).partition("\n")
    event["event"] = message
    if more:
        event["exception"] = more
    reconnect = re.match(r"Attempting a reconnect in ([0-9.]+)s", message)
    if reconnect:
        error = _error_of(event.pop("exc_info", None))
        event["level"] = "warning"
        event["event"] = "discord_reconnects"
        event["in_seconds"] = float(reconnect[1])
        event["because"] = f"{type(error).__name__}: {error}" if error else "the connection was lost"
    return event


def explain_error(logger: object, method: str, event: Event) -> Event:
    """Turn the exception into fields; only unexpected errors keep a traceback."""
    del logger, method
    error = _error_of(event.pop("exc_info", None))
    if error is None:
        return event
    if isinstance(error, StewardError):
        event["error"] = error.sentence
        if error.remedy:
            event["remedy"] = error.remedy
    else:
        event.setdefault("error", f"{type(error).__name__}: {error}")
    if isinstance(error, Broken) or not isinstance(error, StewardError):
        event["exception"] = "".join(traceback.format_exception(error)).rstrip()
    return event


def render_json(logger: object, method: str, event: Event) -> str:
    """Render one line of JSON; other types by their `repr`."""
    del logger, method
    ordered = {key: event.pop(key) for key in ("timestamp", "level", "logger", "event") if key in event} | dict(event)
    try:
        return json.dumps(ordered, default=repr, ensure_ascii=False, skipkeys=True)
    except (TypeError, ValueError, RecursionError):
        return json.dumps({key: repr(value) for key, value in ordered.items()})


def _error_of(exc_info: object) -> BaseException | None:
    if isinstance(exc_info, BaseException):
        return exc_info
    if isinstance(exc_info, tuple):
        error = exc_info[1]
        return error if isinstance(error, BaseException) else None
    return sys.exc_info()[1] if exc_info else None
