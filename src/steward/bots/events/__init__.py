"""The events bot: events that members sign up for, polls, reminders, attendance."""

from __future__ import annotations

from pathlib import Path

from steward.bots.bot import Bot
from steward.bots.events.settings import EventsSettings

BOT = Bot(
    "events",
    "Events",
    "steward.bots.events.part:EventsPart",
    settings=EventsSettings,
    migrations=Path(__file__).parent / "migrations",
    personal="steward.bots.events.privacy.personal:EVENTS_DATA",
)
