"""What the events bot keeps."""

from __future__ import annotations

from dataclasses import dataclass

from steward.settings.declare import setting
from steward.settings.kinds import integer


@dataclass(frozen=True, kw_only=True)
class EventsSettings:
    """What the events bot keeps."""

    keep_past_events_days: int = setting(
        integer(0, 36500),
        "For how many days events that are over, polls that are closed and drafts that were never posted are kept, "
        "with who answered and came. 0 keeps all.",
        default=400,
    )
