"""What the events bot keeps."""

from __future__ import annotations

from dataclasses import dataclass

from steward.settings.declare import setting
from steward.settings.kinds import integer


@dataclass(frozen=True, kw_only=True)
class EventsSettings:
    """The events bot."""

    keep_past_events_days: int = setting(
        integer(0, 36500),
        "How many days to keep past events with their RSVPs and attendance, closed polls, and drafts never posted. "
        "0 keeps everything.",
        default=400,
    )
