"""Further facts of an event as an organiser writes them, one a line: `Raid: Molten Core`."""

from __future__ import annotations

from collections.abc import Sequence

from steward.bots.events.model.details import BadEvent
from steward.text.cutting import cut_label


def read_fields(text: str) -> tuple[tuple[str, str], ...]:
    """
    Read the lines; empty ones are passed over.

    Raises `BadEvent` if a line has no name before a colon, or nothing after it.
    """
    found = []
    for line in filter(str.strip, text.splitlines()):
        name, _, fact = (part.strip() for part in line.partition(":"))
        if not name or not fact:
            raise BadEvent(
                f"“{cut_label(line.strip(), 60)}” isn't a detail I can read.",
                remedy="Write a name, a colon and a text, like `Bring: snacks`.",
            )
        found.append((name, fact))
    return tuple(found)


def written(fields: Sequence[tuple[str, str]]) -> str:
    """Write facts as lines; `read_fields` reads them back."""
    return "\n".join(f"{name}: {fact}" for name, fact in fields)
