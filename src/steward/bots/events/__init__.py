"""The events bot: events that members sign up for, polls, reminders, attendance."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from steward.bots.bot import Bot, Part
from steward.bots.events.settings import EventsSettings

if TYPE_CHECKING:
    from steward.bots.host import Host


def build(host: Host) -> Part:
    """Put it together."""
    from steward.bots.events.part import EventsPart  # not where the bot is off

    return EventsPart(host)


BOT = Bot("events", "Events", build, settings=EventsSettings, migrations=Path(__file__).parent / "migrations")
