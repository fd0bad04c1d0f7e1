"""What one guild has set up for events."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import time

from steward.guilds.settings_book import GuildSection, Section
from steward.store import Store


@dataclass(frozen=True, slots=True)
class EventsSection(GuildSection):
    """
    The settings of one guild.

    Attributes:
        report_channel_id: where reports on who came go; None for no reports.
        report_time: when they are due, on the guild's own clock.

    """

    report_channel_id: int | None = None
    report_time: time = time(9)


async def adopt_reports(store: Store, section: Section[EventsSection]) -> None:
    """Take over what earlier versions kept of reports in a table of their own."""
    sql = "SELECT guild_id, channel_id, report_time, set_by FROM event_reports"
    for guild_id, channel_id, at, set_by in await store.read(lambda tx: tx.all(sql)):
        wish = {"report_channel_id": channel_id, "report_time": time.fromisoformat(at)}
        await section.change(guild_id, set_by or 0, lambda now, wish=wish: replace(now, **wish))  # type: ignore[misc]
    await store.write(lambda tx: tx.execute("DELETE FROM event_reports"))
