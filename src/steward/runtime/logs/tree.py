"""Log lines for people: time, level, event, and fields as branches."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, MutableMapping
from typing import Any

COLOURS = {"debug": "2", "info": "32", "warning": "33", "error": "31", "critical": "1;31"}
INDENT = " " * 9


class TreeRenderer:
    """Renders an event as a small tree; the last structlog processor."""

    def __init__(self, *, colours: bool, tracebacks: bool) -> None:
        self._colours = colours
        self._tracebacks = tracebacks

    def __call__(self, logger: object, method: str, event: MutableMapping[str, Any]) -> str:
        fields = dict(event)
        stamp = str(fields.pop("timestamp", ""))[11:19]
        level = str(fields.pop("level", method))
        name = _legible(fields.pop("event", ""))
        fields.pop("logger", None)
        trace = fields.pop("exception", None)
        label = self._paint(f"{level.upper():<8}", COLOURS.get(level, "0"))
        lines = [f"{self._paint(stamp, '2')} {label} {self._paint(name, '1')}", *self._branches(fields, INDENT)]
        if trace and self._tracebacks:
            lines += [INDENT + _legible(line) for line in str(trace).splitlines()]
        return "\n".join(lines)

    def _branches(self, fields: Mapping[Any, Any], indent: str) -> Iterator[str]:
        last = len(fields) - 1
        for number, (key, value) in enumerate(fields.items()):
            twig, stem = ("└─ ", "   ") if number == last else ("├─ ", "│  ")
            start = indent + self._paint(twig + _legible(key), "36")
            if isinstance(value, dict) and value:
                yield start
                yield from self._branches(value, indent + stem)
                continue
            first, *more = str(value).splitlines() or [""]
            yield f"{start}={_legible(first)}"
            yield from (f"{indent}{stem}  {_legible(line)}" for line in more)

    def _paint(self, text: str, colour: str) -> str:
        return f"\x1b[{colour}m{text}\x1b[0m" if self._colours else text


def one_line(logger: object, method: str, event: MutableMapping[str, Any]) -> str:
    """Render an event as one plain line, for the heartbeat; the last structlog processor."""
    del logger
    fields = dict(event)
    stamp = str(fields.pop("timestamp", ""))[11:19]
    level = str(fields.pop("level", method)).upper()
    name = fields.pop("event", "")
    for hidden in ("logger", "exception"):
        fields.pop(hidden, None)
    details = " ".join(f"{key}={value}" for key, value in fields.items())
    return _legible(" ".join(f"{stamp} {level} {name} {details}".split()))


def _legible(value: object) -> str:
    """Escape control characters: Discord names may hold terminal sequences."""
    text = str(value)
    return text if text.isprintable() else "".join(c if c.isprintable() else f"\\x{ord(c):02x}" for c in text)
