"""Times in requests."""

from __future__ import annotations

from datetime import UTC, datetime

from steward.sim.rest.form import Form

_YEARS = range(1900, 2200)  # Discord's own are not documented; within these, times can be reckoned with


def moment(form: Form, name: str) -> datetime | None:
    """Return a field's time in UTC, or None where it is absent or wrong, which is complained of."""
    value = form.body.get(name)
    if value is None:
        return None
    found: datetime | None
    try:
        found = datetime.fromisoformat(str(value))
    except ValueError:
        found = None
    if found is None or found.year not in _YEARS:
        form.refuse(name, "DATE_TIME_TYPE_PARSE", f"Could not parse {str(value)[:50]}. Should be ISO8601.")
        return None
    return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
