"""How reports look."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from steward.bots.stats.counts.facts import MOMENT, EventKind, GuildCounts, Summary
from steward.bots.stats.history.series import ChannelShare
from steward.bots.stats.intake.gaps import Gap, Reason
from steward.bots.stats.setup.guild_settings import ReportKind
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


MIN_GAP = timedelta(minutes=1)
LONGEST_DAY = timedelta(hours=25)
_WHY = {
    Reason.NOT_CONNECTED: "Not connected",
    Reason.OUTAGE: "An outage of this server at Discord,",
    Reason.REMOVED: "Not in this server",
    Reason.NOT_SAVED: "Couldn't save anything",
}


def gap_lines(summary: Summary) -> list[str]:
    """Return a line for each of a summary's gaps, but for moments in which nothing changed."""
    return [_missing(gap, summary) for gap in summary.gaps if gap.net != 0 or gap.ended_at - gap.began_at >= MIN_GAP]


def _missing(gap: Gap, summary: Summary) -> str:
    """Say of which time nobody has told, on the clock of the report, and what is known of it all the same."""
    zone = summary.begin.tzinfo
    one_day = gap.ended_at - gap.began_at < timedelta(days=1)
    form = "%H:%M" if one_day and summary.end - summary.begin <= LONGEST_DAY else "%d %b %H:%M"
    span = f"{gap.began_at.astimezone(zone):{form}}\u2013{gap.ended_at.astimezone(zone):{form}}"
    said = f"{_WHY[gap.reason]} {span}"
    if gap.net is None:
        return f"{said}: I don't know who joined or left"
    if gap.net == 0:
        return f"{said}: just as many members as before"
    many = "member" if abs(gap.net) == 1 else "members"
    return f"{said}: {abs(gap.net):,} {'more' if gap.net > 0 else 'fewer'} {many}; I don't know who"


def report_title(kind: ReportKind, begin: datetime, end: datetime) -> str:
    """
    Return the title of a report on `[begin, end)`, both in the guild's zone.

    A report made at midnight names its day, its days or its month. One made at another hour covers parts of two days,
    so its title says from when to when.
    """
    last = _before(end)
    if _before(begin).date() == begin.date():  # begins within a day
        return f"{_NAMES[kind]}: {_instants(begin, end)}"
    if kind is ReportKind.DAY:
        whole = begin.date() == last.date()
        span = f"{begin:%A}, {begin.day} {begin:%B %Y}" if whole else _instants(begin, end)
    elif kind is ReportKind.MONTH:
        whole = begin.day == 1 and (begin.year, begin.month) == (last.year, last.month)
        span = f"{begin:%B %Y}" if whole else _dates(begin, last)
    else:
        span = _dates(begin, last)
    return f"{_NAMES[kind]}: {span}"


def period(begin: datetime, end: datetime) -> str:
    """Return from when to when on the clock of `begin` and `end`, with the zone as it is called then."""
    zone = "" if begin.utcoffset() == end.utcoffset() else f" {begin:%Z}"
    return f"{begin:%d %b %H:%M}{zone} to {end:%d %b %H:%M %Z}"


_NAMES = {ReportKind.DAY: "Daily report", ReportKind.WEEK: "Weekly report", ReportKind.MONTH: "Monthly report"}


def _before(at: datetime) -> datetime:
    """Return the instant just before; on the wall clock that can be another hour, where the zone skips midnight."""
    return (at.astimezone(UTC) - MOMENT).astimezone(at.tzinfo)


def _dates(first: datetime, last: datetime) -> str:
    if (first.year, first.month) == (last.year, last.month):
        begun = f"{first.day}"
    else:
        begun = f"{first.day} {first:%B}" if first.year == last.year else f"{first.day} {first:%B %Y}"
    return f"{begun} to {last.day} {last:%B %Y}"


def _instants(begin: datetime, end: datetime) -> str:
    year = "" if begin.year == end.year else f"{begin: %Y}"
    return f"{begin:%a} {begin.day} {begin:%b}{year} {begin:%H:%M} to {end:%a} {end.day} {end:%b %Y} {end:%H:%M}"
