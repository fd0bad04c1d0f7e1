"""How `/stats` answers: embeds beside their charts. Members and channels are named by Discord, for each who looks."""

from __future__ import annotations

from collections.abc import Sequence

from steward.bots.stats.counts.facts import EventKind, GuildCounts, Summary
from steward.bots.stats.history.series import HOUR, ChannelShare, Cohort, Comparison, Measure, StatsSeries
from steward.bots.stats.intake.gaps import Gap
from steward.client.embeds import BLUE, LONGEST_TITLE, Message, clean, field, number, of_them, signed
from steward.text.cutting import cut_label
from steward.text.plurals import counted

BARS = 12
NOT_TOLD: Message = {
    "content": "Without the Server Members intent I don't see who joins and leaves, so I don't know who stayed."
}
COMPARED = (
    Measure.MEMBERS,
    Measure.JOINS,
    Measure.LEAVES,
    Measure.BANNED,
    Measure.MESSAGES,
    Measure.VOICE_SECONDS,
    Measure.PEAK_ONLINE,
)
COMPARED_WITHOUT_EVENTS = tuple(one for one in COMPARED if one not in (Measure.JOINS, Measure.LEAVES))
_NAMES = {
    Measure.MEMBERS: "Members",
    Measure.JOINS: "Joins",
    Measure.LEAVES: "Leaves",
    Measure.BANNED: "Bans",
    Measure.MESSAGES: "Messages",
    Measure.VOICE_SECONDS: "Time in voice",
    Measure.PEAK_ONLINE: "Peak online",
}


def overview(
    counts: GuildCounts, joins: StatsSeries, leaves: StatsSeries, messages: StatsSeries, voice: StatsSeries, period: str
) -> Message:
    """Draw the numbers of now beside those of the last days."""
    fields = [
        field("Members", number(counts.members)),
        field("Online", number(counts.online)),
        field("In voice", number(counts.voice)),
        field("Joins", _value(joins)),
        field("Leaves", _value(leaves)),
        field("Bans in total", number(counts.bans)),
        field("Messages", _value(messages)),
        field("Time in voice", _value(voice)),
        field("Boosts", number(counts.boosts)),
    ]
    return _embed(f"{clean(counts.name)} at a glance", fields, f"joins, leaves, messages and voice: the last {period}")


def growth(summary: Summary, period: str, gaps: Sequence[Gap], *, single_events: bool) -> Message:
    """Draw how the number of members has changed."""
    fields = [field("Members", number(summary.members)), field("Change", signed(summary.net))]
    if single_events:
        counts = summary.counts
        fields += [
            field("Joins", number(counts[EventKind.JOIN])),
            field("Leaves", of_them(number(counts[EventKind.LEAVE]), counts[EventKind.KICK], "kicked")),
        ]
    return _embed("Growth", fields, _note(period, gaps))


def activity(messages: StatsSeries, voice: StatsSeries, period: str, gaps: Sequence[Gap]) -> Message:
    fields = [field("Messages", _value(messages)), field("Time in voice", _value(voice))]
    return _embed("Activity", fields, _note(period, gaps))


def channels(shares: Sequence[ChannelShare], by: Measure, period: str) -> Message:
    """Draw the channels in which most happens."""
    named = ["the others" if share.id is None else f"<#{share.id}>" for share in shares]
    return _ranked("Channels", named, shares, by, period, nothing="I haven't counted anything in that time.")


def top_members(shares: Sequence[ChannelShare], by: Measure, period: str, *, counted: bool) -> Message:
    nothing = (
        "I haven't counted anything in that time."
        if counted
        else "This server doesn't count its members one by one (`/setup` > More)."
    )
    named = [f"<@{share.id}>" for share in shares]
    return _ranked("Most active", named, shares, by, period, nothing=nothing)


def retention(cohorts: Sequence[Cohort]) -> Message:
    """Draw how many of those who joined have stayed."""
    joined = sum(cohort.joined for cohort in cohorts)
    month = [cohort for cohort in cohorts if len(cohort.remained) >= 4]  # noqa: PLR2004 - four weeks
    came = sum(cohort.joined for cohort in month)
    stayed = sum(cohort.remained[3] for cohort in month)
    fields = [
        field(f"Joined in {counted(len(cohorts), 'week')}", number(joined)),
        field("Stayed four weeks", f"{stayed * 100 // came} %" if came else "not known yet"),
    ]
    return _embed("Retention", fields, "somebody who comes back counts as new")


def compared(comparisons: Sequence[Comparison], period: str, gaps: Sequence[Gap]) -> Message:
    """Draw two stretches of time side by side."""
    fields = [field(_NAMES[one.measure], _comparison(one)) for one in comparisons]
    return _embed(f"The last {period}, and the {period} before", fields, _note(period, gaps))


def _comparison(one: Comparison) -> str:
    before, after = _written(one.measure, one.before), _written(one.measure, one.after)
    change = "" if one.change is None else f" ({one.change:+.0%})".replace("%", " %")
    return f"**{after}**{change}\nbefore: {before}"


def _ranked(
    title: str, named: Sequence[str], shares: Sequence[ChannelShare], by: Measure, period: str, *, nothing: str
) -> Message:
    most = max((getattr(share, by.value) for share in shares), default=0)
    lines = [
        f"{_bar(getattr(share, by.value), most)} {_written(by, getattr(share, by.value))} · {name}"
        for name, share in zip(named, shares, strict=True)
    ]
    embed = {
        "title": f"{title} by {_NAMES[by].lower()}",
        "description": "\n".join(lines) or nothing,
        "color": BLUE,
        "footer": {"text": f"the last {period}"},
    }
    return {"embeds": [embed]}


def _bar(value: int, most: int) -> str:
    length = round(value / most * BARS) if most else 0
    return f"`{'█' * length}{' ' * (BARS - length)}`"


def _value(series: StatsSeries) -> str:
    return _written(series.measure, series.value)


def _written(measure: Measure, value: int | None) -> str:
    if value is not None and measure is Measure.VOICE_SECONDS:
        return f"{value / HOUR:,.1f} h" if value < 100 * HOUR else f"{value / HOUR:,.0f} h"
    return number(value)


def _note(period: str, gaps: Sequence[Gap]) -> str:
    note = f"the last {period}"
    return f"{note} · I wasn't connected in the shaded time" if gaps else note


def _embed(title: str, fields: list[dict[str, object]], note: str) -> Message:
    return {
        "embeds": [
            {"title": cut_label(title, LONGEST_TITLE), "color": BLUE, "fields": fields, "footer": {"text": note}}
        ]
    }
