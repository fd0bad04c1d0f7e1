"""How reports look."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from steward.bots.stats.facts import GuildCounts, Kind, Summary
from steward.bots.stats.views.embeds import BLUE, Message, clean, duration, embed, field, number, signed

NAMES_SHOWN = 10


def daily_report(summary: Summary, counts: GuildCounts, *, late: timedelta | None, single_events: bool) -> Message:
    """
    Draw the daily report.

    Args:
        summary: the day, with `begin` and `end` in the guild's own zone.
        counts: the guild now, for what the summary does not know.
        late: how long after its time it is sent; None when on time.
        single_events: whether joins and leaves are told one by one.

    """
    members = summary.members if summary.members is not None else counts.members
    fields = [field("Members", number(members)), field("Net", signed(summary.net))]
    if summary.peak_online is not None:
        fields.append(field("Peak online", number(summary.peak_online)))
    if single_events:
        fields += [field("Joins", number(summary.counts[Kind.JOIN])), field("Leaves", number(_leaves(summary)))]
    fields += [field("Bans", number(summary.counts[Kind.BAN])), field("Unbans", number(summary.counts[Kind.UNBAN]))]
    for kind, title in ((Kind.JOIN, "Joined"), (Kind.LEAVE, "Left"), (Kind.BAN, "Banned")):
        if summary.names[kind]:
            fields.append(field(title, _names(summary.names[kind], summary.counts[kind]), inline=False))
    notes = [f"{summary.begin:%d %b %H:%M} to {summary.end:%d %b %H:%M %Z}"]
    if not single_events:
        notes.append("joins and leaves are not told one by one without the Server Members intent")
    if late is not None:
        notes.append(f"sent {duration(late)} late")
    title = f"Daily report: {summary.begin:%A}, {summary.begin.day} {summary.begin:%B %Y}"
    return embed(title, fields, BLUE, footer=" · ".join(notes), at=summary.end)


def _leaves(summary: Summary) -> int:
    return summary.counts[Kind.LEAVE]


def _names(names: Sequence[str], total: int) -> str:
    shown = [clean(name) for name in names[:NAMES_SHOWN]]
    if total > len(shown):
        shown.append(f"and {total - len(shown):,} more")
    return ", ".join(shown)
