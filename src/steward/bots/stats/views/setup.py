"""What `/setup` shows of statistics: counters, reports, and forms."""

from __future__ import annotations

from collections.abc import Sequence

from steward.bots.stats.counters.counters import Counted, Counter
from steward.bots.stats.setup.draft import SetupDraft
from steward.bots.stats.setup.guild_settings import MAX_COUNTERS, GuildSettings, ReportKind
from steward.client.components import labelled, option, role_select, select, text_input
from steward.client.embeds import Message, lines
from steward.client.panels.form import ModalForm
from steward.text.clock_times import time_of_day

YES, NO = "yes", "no"
OFFERED = (Counted.MEMBERS, Counted.ONLINE, Counted.BANS, Counted.HUMANS, Counted.BOTS, Counted.BOOSTS, Counted.VOICE)


def schedule_form(draft: SetupDraft) -> ModalForm:
    """Ask which reports are made, and by which clock: a message has no room for it."""
    settings = draft.settings
    kinds = [option(kind.value.capitalize(), kind.value, chosen=kind in settings.reports) for kind in ReportKind]
    return ModalForm(
        "Report schedule",
        (
            labelled("Reports", select("reports", kinds, least=0, most=len(kinds)), required=False),
            lambda chosen: frozenset(map(ReportKind, chosen)),
        ),
        (text_input("Time of day", "report_time", value=f"{settings.report_time:%H:%M}", most=20), time_of_day),
    )


def more_form(draft: SetupDraft) -> ModalForm:
    """Ask for what fewer servers need."""
    roles = [counter.role_id for counter in draft.make if counter.role_id is not None]
    counted = draft.settings.count_people
    people = [
        option("Count them for each member", YES, chosen=counted),
        option("Count them for channels only", NO, chosen=not counted),
    ]
    return ModalForm(
        "More",
        (
            labelled(
                "Role counters: members with each role",
                role_select("roles", placeholder="No role", least=0, most=MAX_COUNTERS, chosen=roles),
                required=False,
            ),
            tuple,
        ),
        (
            labelled("Messages and voice time of each member", select("people", people)),
            lambda chosen: chosen == (YES,),
        ),
    )


def listed(texts: Sequence[str]) -> str:
    """Say what there is, if anything."""
    return lines(texts) if texts else "none"


def reports(settings: GuildSettings) -> str:
    """Say which reports are made, where and when."""
    if not settings.reports:
        return "none"
    kinds = ", ".join(span.value for span in ReportKind if span in settings.reports)
    return f"{kinds}, in <#{settings.report_channel_id}> at {settings.report_time:%H:%M} ({settings.zone})"


def counters(custom_id: str, draft: SetupDraft) -> Message:
    """Offer counters to make."""
    there = {counter.counted for counter in draft.settings.counters}
    make = {counter.counted for counter in draft.make}
    options = [option(f"{item.label} counter", item.value, chosen=item in make) for item in OFFERED]
    for item, made in zip(OFFERED, options, strict=True):
        if item in there:
            made["description"] = "already exists; pick it to add another"
    return select(custom_id, options, placeholder="Counters to create", least=0, most=len(options))


def counted(counter: Counter) -> str:
    """Say what a counter counts."""
    return counter.counted.label if counter.role_id is None else f"{counter.counted.label} <@&{counter.role_id}>"
