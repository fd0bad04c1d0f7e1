"""How `/setup` looks: one private message that shows what would hold, with what changes it."""

from __future__ import annotations

from steward.bots.stats.counters import Counted
from steward.bots.stats.guild_settings import GuildSettings, ReportKind
from steward.bots.stats.settings_book import Change
from steward.bots.stats.setup_draft import Draft
from steward.bots.stats.views.embeds import AMBER, BLUE, Message, clean, field
from steward.client.interactions import (
    Action,
    Style,
    button,
    channel_select,
    modal,
    option,
    row,
    select,
    text_input,
)

REPORTS_TO = Action("stats", "setup_reports")
SPANS = Action("stats", "setup_spans")
HEARTBEAT = Action("stats", "setup_heartbeat")
COUNTERS = Action("stats", "setup_counters")
CLOCK = Action("stats", "setup_clock")
CLOCK_SET = Action("stats", "setup_clock_set")
PEOPLE = Action("stats", "setup_people")
PREVIEW = Action("stats", "setup_preview")
SAVE = Action("stats", "setup_save")
UNDO = Action("stats", "setup_undo")

TEXT_CHANNELS = (0, 5)
OFFERED = (Counted.MEMBERS, Counted.ONLINE, Counted.BANS, Counted.HUMANS, Counted.BOTS, Counted.BOOSTS, Counted.VOICE)
FIXED = "⚠️ <#{channel}> is set in the bot's environment: whoever runs the bot can change it there."
NOTHING_SAVED = "Nothing is saved until you press Save."


def panel(guild: str, draft: Draft, *, note: str = "", can_undo: bool = False) -> Message:
    """
    Draw the whole of `/setup`.

    Args:
        guild: the guild's name.
        draft: what would be saved.
        note: what the last choice led to, such as a permission that is missing.
        can_undo: whether there is a change to take back.

    """
    settings = draft.settings
    counters = [f"<#{counter.channel_id}> {counter.counted.label}" for counter in settings.counters]
    counters += [f"{counted.label}, in a new channel" for counted in sorted(draft.make)]
    fields = [
        field("Counters", "\n".join(counters) or "none", inline=False),
        field("Reports", _reports(settings), inline=False),
        field("Heartbeat", _channel(settings.heartbeat_channel_id), inline=False),
    ]
    embed = {
        "title": f"Statistics of {clean(guild)}",
        "description": note or NOTHING_SAVED,
        "color": AMBER if note else BLUE,
        "fields": fields,
    }
    return {
        "embeds": [embed],
        "components": [
            row(_channels(REPORTS_TO, "Reports go to …", settings.report_channel_id)),
            row(_spans(settings)),
            row(_channels(HEARTBEAT, "The heartbeat stands in …", settings.heartbeat_channel_id)),
            row(_counters(draft)),
            row(
                button("Save", SAVE.id(), style=Style.GREEN),
                button("Time and zone", CLOCK.id()),
                button(f"Count members: {'on' if settings.count_people else 'off'}", PEOPLE.id()),
                button("Preview", PREVIEW.id()),
                button("Undo the last change", UNDO.id(), style=Style.RED, disabled=not can_undo),
            ),
        ],
    }


def clock_modal(settings: GuildSettings) -> Message:
    """Draw the modal that asks for the time of reports and the zone."""
    return modal(
        "When reports are made",
        CLOCK_SET.id(),
        text_input("Time of day, 24 hours", "time", value=f"{settings.report_time:%H:%M}", most=5),
        text_input("Time zone, such as Europe/Berlin", "zone", value=settings.zone, most=64),
    )


def saved(settings: GuildSettings) -> Message:
    """Say what holds from now on."""
    lines = [
        f"**Counters:** {', '.join(f'<#{counter.channel_id}>' for counter in settings.counters) or 'none'}",
        f"**Reports:** {_reports(settings)}",
        f"**Heartbeat:** {_channel(settings.heartbeat_channel_id)}",
        "`/setup` changes it, `/setup` > Undo takes it back.",
    ]
    return {"content": "Saved.\n" + "\n".join(lines), "embeds": [], "components": []}


def history(changes: list[Change]) -> str:
    """List who changed what last."""
    lines = [f"<t:{int(change.at.timestamp())}:R> by <@{change.changed_by}>" for change in changes]
    return "\n".join(lines) or "nothing yet"


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


def _spans(settings: GuildSettings) -> Message:
    options = [
        option(f"{span.value.capitalize()} report", span.value, chosen=span in settings.reports) for span in ReportKind
    ]
    return select(SPANS.id(), options, placeholder="Which reports", least=0, most=len(options))


def _counters(draft: Draft) -> Message:
    there = {counter.counted for counter in draft.settings.counters}
    options = [option(f"{item.label} counter", item.value, chosen=item in draft.make) for item in OFFERED]
    for item, made in zip(OFFERED, options, strict=True):
        if item in there:
            made["description"] = "there is one; choose it for another"
    return select(COUNTERS.id(), options, placeholder="Counters to make", least=0, most=len(options))
