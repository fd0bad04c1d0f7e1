"""How reports look."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from steward.bots.stats.counts.facts import EventKind, GuildCounts, Summary
from steward.bots.stats.history.series import ChannelShare
from steward.bots.stats.setup.guild_settings import ReportKind
from steward.bots.stats.views.gaps import gap_lines
from steward.bots.stats.views.report_title import period, report_title
from steward.client.embeds import BLUE, Message, clean, embed, field, lines, number, of_them, signed
from steward.text.durations import about
from steward.text.plurals import counted

NAMES_SHOWN = 10
_BEFORE = {ReportKind.DAY: "the day before", ReportKind.WEEK: "the week before", ReportKind.MONTH: "the month before"}


@dataclass(frozen=True, slots=True)
class Report:
    """
    What a report shows.

    Attributes:
        summary: what it covers, with `begin` and `end` in the guild's own zone.
        before: as long a time before it, to compare with.
        counts: the guild now, for what the summary does not know.
        messages: how many were written; None when not counted.
        channels: the channels in which most was written, the first first.
        late: how long after its time it is sent; None when on time.
        single_events: whether joins and leaves are told one by one.

    """

    kind: ReportKind
    summary: Summary
    before: Summary
    counts: GuildCounts
    late: timedelta | None
    single_events: bool
    messages: int | None = None
    channels: Sequence[ChannelShare] = ()


def report(shown: Report) -> Message:
    """Draw a daily, weekly or monthly report."""
    summary = shown.summary
    members = summary.members if summary.members is not None else shown.counts.members
    fields = [field("Members", number(members)), field("Net", signed(summary.net))]
    if summary.peak_online is not None:
        fields.append(field("Peak online", number(summary.peak_online)))
    kicks = summary.counts[EventKind.KICK]
    if shown.single_events:
        fields += [
            _compared("Joins", shown, EventKind.JOIN),
            _compared("Leaves", shown, EventKind.LEAVE, kicks),
        ]
    elif kicks:
        fields.append(_compared("Kicks", shown, EventKind.KICK))
    fields += [_compared("Bans", shown, EventKind.BAN), _compared("Unbans", shown, EventKind.UNBAN)]
    if shown.messages is not None:
        fields.append(field("Messages", number(shown.messages)))
    if best := next((share for share in shown.channels if share.id is not None and share.messages), None):
        fields.append(field("Busiest channel", f"<#{best.id}> ({counted(best.messages, 'message')})"))
    for kind, title in (
        (EventKind.JOIN, "Joined"),
        (EventKind.LEAVE, "Left"),
        (EventKind.BAN, "Banned"),
    ):
        if summary.names[kind]:
            fields.append(field(title, _names(summary.names[kind], summary.counts[kind]), inline=False))
    if missing := gap_lines(summary):
        fields.append(field("Not recorded", lines(missing), inline=False))
    notes = [period(summary.begin, summary.end)]
    if not shown.single_events:
        notes.append("without the Server Members intent I don't see single joins and leaves")
    if shown.late is not None:
        notes.append(f"sent {about(shown.late)} late")
    title = report_title(shown.kind, summary.begin, summary.end)
    return embed(title, fields, BLUE, footer=" · ".join(notes), at=summary.end)


def _compared(name: str, shown: Report, kind: EventKind, kicked: int = 0) -> dict[str, object]:
    now, before = shown.summary.counts[kind], shown.before.counts[kind]
    if shown.kind is ReportKind.DAY or not before:
        return field(name, of_them(number(now), kicked, "kicked"))
    change = round((now - before) / before * 100)
    return field(name, of_them(f"{number(now)} ({change:+,} % on {_BEFORE[shown.kind]})", kicked, "kicked"))


def _names(names: Sequence[str], total: int) -> str:
    shown = [clean(name) for name in names[:NAMES_SHOWN]]
    if total > len(shown):
        shown.append(f"and {total - len(shown):,} more")
    return ", ".join(shown)
