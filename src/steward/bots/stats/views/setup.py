"""How `/setup` looks: one private message that shows what would hold, with what changes it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from steward.bots.stats.counters.counters import Counted, Counter
from steward.bots.stats.setup.draft import SetupDraft
from steward.bots.stats.setup.guild_settings import MOST_COUNTERS, GuildSettings, ReportKind
from steward.bots.stats.views.zone_choice import zone_said, zone_select
from steward.client.embeds import AMBER, BLUE, Message, clean, field, lines
from steward.client.interactions import (
    Action,
    Style,
    button,
    channel_select,
    labelled,
    option,
    role_select,
    row,
    select,
    text_input,
)
from steward.client.panels.form import ModalForm
from steward.text.clock_times import time_of_day
from steward.text.escaping import escape_markdown

REPORTS_TO = Action("stats", "setup_reports")
HEARTBEAT = Action("stats", "setup_heartbeat")
COUNTERS = Action("stats", "setup_counters")
SCHEDULE = Action("stats", "setup_schedule")
SCHEDULE_SET = Action("stats", "setup_schedule_set")
MORE = Action("stats", "setup_more")
MORE_SET = Action("stats", "setup_more_set")
PREVIEW = Action("stats", "setup_preview")
SAVE = Action("stats", "setup_save")
UNDO = Action("stats", "setup_undo")

TEXT_CHANNELS = (0, 5)
YES, NO = "yes", "no"
OFFERED = (Counted.MEMBERS, Counted.ONLINE, Counted.BANS, Counted.HUMANS, Counted.BOTS, Counted.BOOSTS, Counted.VOICE)
NOTHING_SAVED = "Nothing is saved until you press Save."


@dataclass(frozen=True, slots=True)
class Surroundings:
    """
    What the panel shows beside the draft.

    Attributes:
        guild: the guild's name.
        now: the time.
        can_undo: whether there is a change to take back.
        problems: what needs attention in the guild, or would at Save.

    """

    guild: str
    now: datetime
    can_undo: bool = False
    problems: Sequence[str] = ()


def panel(
    draft: SetupDraft, around: Surroundings, *, note: str = "", offered: Sequence[tuple[str, str]] = ()
) -> Message:
    """
    Draw the whole of `/setup`.

    Args:
        draft: what would be saved.
        around: what is shown beside it.
        note: what the last choice led to, such as a permission that is missing.
        offered: places that a typed zone may mean: what they are called, and their zones.

    """
    settings = draft.settings
    counters = [f"<#{counter.channel_id}> {_counted(counter)}" for counter in settings.counters]
    counters += [f"{_counted(counter)}, in a new channel" for counter in draft.make]
    fields = [
        field("Counters", _listed(counters), inline=False),
        field("Time zone", zone_said(draft, around.now), inline=False),
        field("Reports", _reports(settings), inline=False),
        field("Heartbeat", _channel(settings.heartbeat_channel_id), inline=False),
        *_attention(around.problems),
    ]
    embed = {
        "title": f"Statistics of {clean(around.guild)}",
        "description": note or NOTHING_SAVED,
        "color": AMBER if note else BLUE,
        "fields": fields,
    }
    return {
        "embeds": [embed],
        "components": [
            row(_channels(REPORTS_TO, "Post reports in …", settings.report_channel_id)),
            row(_channels(HEARTBEAT, "Post the heartbeat in …", settings.heartbeat_channel_id)),
            row(_counters(draft)),
            row(zone_select(draft, around.now, offered)),
            row(
                button("Save", SAVE.id(), style=Style.GREEN),
                button("Report schedule", SCHEDULE.id()),
                button("More", MORE.id()),
                button("Preview", PREVIEW.id()),
                button("Undo the last change", UNDO.id(), style=Style.RED, disabled=not around.can_undo),
            ),
        ],
    }


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
                role_select("roles", placeholder="No role", least=0, most=MOST_COUNTERS, chosen=roles),
                required=False,
            ),
            tuple,
        ),
        (
            labelled("Messages and voice time of each member", select("people", people)),
            lambda chosen: chosen == (YES,),
        ),
    )


def preview(settings: GuildSettings, names: Sequence[str], problems: Sequence[str]) -> dict[str, Any]:
    """Draw the embed that says what Save would lead to, and what would fail; a report may stand below it."""
    fields = [
        field("New channels", _listed([escape_markdown(name) for name in names]), inline=False),
        field("Reports", _reports(settings), inline=False),
        field("Heartbeat", _channel(settings.heartbeat_channel_id), inline=False),
        *_attention(problems),
    ]
    return {"title": "If you saved now", "color": AMBER if problems else BLUE, "fields": fields}


def saved(settings: GuildSettings, problems: Sequence[str] = ()) -> Message:
    """Say what holds from now on, and what stands in its way."""
    held = [
        f"**Counters:** {', '.join(f'<#{counter.channel_id}>' for counter in settings.counters) or 'none'}",
        f"**Reports:** {_reports(settings)}",
        f"**Heartbeat:** {_channel(settings.heartbeat_channel_id)}",
        f"**Time zone:** {settings.zone}",
        *(f"⚠️ {problem}" for problem in problems),
        "Use `/setup` to change it, or `/setup` > Undo to take it back.",
    ]
    return {"content": "Saved.\n" + "\n".join(held), "embeds": [], "components": []}


def _listed(texts: Sequence[str]) -> str:
    return lines(texts) if texts else "none"


def _reports(settings: GuildSettings) -> str:
    if settings.report_channel_id is None or not settings.reports:
        return "none"
    kinds = ", ".join(span.value for span in ReportKind if span in settings.reports)
    return f"{kinds}, in <#{settings.report_channel_id}> at {settings.report_time:%H:%M} ({settings.zone})"


def _channel(channel_id: int | None) -> str:
    return "none" if channel_id is None else f"<#{channel_id}>"


def _channels(action: Action, placeholder: str, chosen: int | None) -> Message:
    return channel_select(
        action.id(),
        kinds=TEXT_CHANNELS,
        placeholder=placeholder,
        least=0,
        chosen=() if chosen is None else (chosen,),
    )


def _counters(draft: SetupDraft) -> Message:
    there = {counter.counted for counter in draft.settings.counters}
    make = {counter.counted for counter in draft.make}
    options = [option(f"{item.label} counter", item.value, chosen=item in make) for item in OFFERED]
    for item, made in zip(OFFERED, options, strict=True):
        if item in there:
            made["description"] = "already exists; pick it to add another"
    return select(COUNTERS.id(), options, placeholder="Counters to create", least=0, most=len(options))


def _attention(problems: Sequence[str]) -> list[Message]:
    return [field("Needs attention", lines([f"⚠️ {problem}" for problem in problems]), inline=False)] if problems else []


def _counted(counter: Counter) -> str:
    return counter.counted.label if counter.role_id is None else f"{counter.counted.label} <@&{counter.role_id}>"
