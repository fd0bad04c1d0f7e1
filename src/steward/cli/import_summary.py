"""The summary of `steward import`: sentences for people, data for scripts."""

from __future__ import annotations

from collections.abc import Iterator

from steward.bots.stats.statsbot.file import LISTS, FileReading
from steward.bots.stats.statsbot.importing import Imported
from steward.settings import Settings
from steward.store.opening import location


def sentences(reading: FileReading, imported: Imported, settings: Settings, *, dry: bool) -> Iterator[str]:
    """Yield the summary, line by line."""
    days = f"{reading.days:,} days, {reading.first_day} to {reading.last_day}" if reading.days else "no days"
    yield f"In the file: {days}; " + ", ".join(f"{reading.events[kind]:,} {name}" for name, kind in LISTS.items()) + "."
    outcome = "Dry run, nothing was written. An import would add" if dry else "Imported:"
    yield (
        f"{outcome} {imported.new:,} new; {imported.known:,} already known, "
        f"{imported.repeated:,} repeated in the file. Server {settings.guild_id}, {location(settings.database)}."
    )
    zone = settings.timezone.key
    if reading.without_zone:
        yield f"{reading.without_zone:,} times have no zone; I read them in {zone} (--timezone)."
    if reading.ambiguous:
        yield f"{reading.ambiguous:,} of them came twice when the clocks went back; I took the first."
    if reading.nonexistent:
        yield f"{reading.nonexistent:,} of them don't exist, because the clocks went forward: is {zone} right?"
    if reading.other_day:
        yield f"{reading.other_day:,} times don't match the date they're listed under; I took the time."


def as_data(reading: FileReading, imported: Imported, settings: Settings, *, dry: bool) -> dict[str, object]:
    """Return the summary as plain data; ids are text, since they are too long for JavaScript's numbers."""
    return {
        "ok": True,
        "dry_run": dry,
        "guild_id": str(settings.guild_id),
        "database": location(settings.database),
        "timezone": settings.timezone.key,
        "days": reading.days,
        **{name: reading.events[kind] for name, kind in LISTS.items()},
        "new": imported.new,
        "known": imported.known,
        "repeated": imported.repeated,
        "without_zone": reading.without_zone,
        "ambiguous": reading.ambiguous,
        "nonexistent": reading.nonexistent,
        "other_day": reading.other_day,
    }
