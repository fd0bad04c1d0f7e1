"""What is chosen in `/setup` for events: reports on who came."""

from __future__ import annotations

from steward.bots.events.section import EventsSection
from steward.client.access.permissions import POST
from steward.client.components import text_input
from steward.client.panels.form import ModalForm
from steward.guilds.host import Host
from steward.guilds.reports import GuildReports
from steward.guilds.settings_book import Section
from steward.guilds.setup.draft import SectionDraft
from steward.guilds.setup.section import ChannelChoice, SetupSection
from steward.text.clock_times import time_of_day


def events_setup(
    host: Host, section: Section[EventsSection], reports: GuildReports[EventsSection]
) -> SetupSection[EventsSection]:
    """Return the section of events."""
    where = ChannelChoice("report_channel_id", "Attendance reports", "Post who came in …", POST, said=_said)
    setup = SetupSection(host, section, "Events", where, reports=reports)
    setup.form("schedule", "Report time", _time_form)
    return setup


def _said(settings: EventsSection) -> str:
    return (
        f"Mondays and Thursdays, in <#{settings.report_channel_id}> at {settings.report_time:%H:%M} ({settings.zone})"
    )


def _time_form(draft: SectionDraft[EventsSection]) -> ModalForm:
    time = text_input("Time of day", "report_time", value=f"{draft.settings.report_time:%H:%M}", most=20)
    return ModalForm("Report time", (time, time_of_day))
