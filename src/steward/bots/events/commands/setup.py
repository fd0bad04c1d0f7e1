"""What is chosen in `/setup` for events: reports on who came."""

from __future__ import annotations

from steward.bots.events.section import EventsSection
from steward.client.access.permissions import POST
from steward.client.interactions import text_input
from steward.client.panels.form import ModalForm
from steward.guilds.host import Host
from steward.guilds.reports import GuildReports
from steward.guilds.settings_book import Section
from steward.guilds.setup.draft import SectionDraft
from steward.guilds.setup.section import ChannelChoice, SetupSection
from steward.text.clock_times import time_of_day

REPORTS = ChannelChoice("report_channel_id", "Attendance reports", "Post who came in …", POST)


class EventsSetup(SetupSection[EventsSection]):
    """The section of events."""

    def __init__(self, host: Host, section: Section[EventsSection], reports: GuildReports[EventsSection]) -> None:
        super().__init__(host, section, "Events", REPORTS, reports=reports)
        self.form("schedule", "Report time", _time_form)

    def held(self, settings: EventsSection) -> list[tuple[str, str]]:
        """Return where and when reports are posted."""
        said = f"Mondays and Thursdays, in <#{settings.report_channel_id}> at {settings.report_time:%H:%M}"
        return [(REPORTS.label, "none" if settings.report_channel_id is None else f"{said} ({settings.zone})")]


def _time_form(draft: SectionDraft[EventsSection]) -> ModalForm:
    time = text_input("Time of day", "report_time", value=f"{draft.settings.report_time:%H:%M}", most=20)
    return ModalForm("Report time", (time, time_of_day))
