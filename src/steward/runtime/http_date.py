"""HTTP dates (RFC 9110, 5.6.7)."""

from __future__ import annotations

from datetime import datetime
from email.utils import parsedate_to_datetime


def read_http_date(text: str | None) -> datetime | None:
    """Return the aware datetime, or None if the text is no valid date."""
    try:
        date = parsedate_to_datetime(text or "")
    except (ValueError, OverflowError):
        return None
    return date if date.tzinfo is not None else None
