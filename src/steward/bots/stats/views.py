"""How the statistics look in Discord: embeds as Discord's API takes them, every name escaped and every list capped."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import discord

from steward.bots.stats.facts import GuildCounts, Kind, MemberEvent, Summary
from steward.runtime.process import ProcessUsage

Message = dict[str, Any]

BLUE, GREEN, AMBER = 0x3B82F6, 0x22C55E, 0xF59E0B
NAMES_SHOWN = 10
NAME_LENGTH = 32
FIELD_LENGTH = 1024  # Discord's bound on a field's value
MINUTES_SAID = 120  # longer is said in hours
LINE_LENGTH = 200
NOTHING = "\u2026"  # Discord refuses an empty field
UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Pulse:
    """What the heartbeat shows."""

    guild: GuildCounts
    at: datetime
    up_since: datetime
    usage: ProcessUsage
    latency: float | None
    today: dict[Kind, int]
    joined: Sequence[MemberEvent]
    left: Sequence[MemberEvent]
    problems: Sequence[str]
    log_lines: Sequence[str]
    single_events: bool


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
    fields = [_field("Members", _number(members)), _field("Net", _signed(summary.net))]
    if summary.peak_online is not None:
        fields.append(_field("Peak online", _number(summary.peak_online)))
    if single_events:
        fields += [_field("Joins", _number(summary.counts[Kind.JOIN])), _field("Leaves", _number(_leaves(summary)))]
    fields += [_field("Bans", _number(summary.counts[Kind.BAN])), _field("Unbans", _number(summary.counts[Kind.UNBAN]))]
    for kind, title in ((Kind.JOIN, "Joined"), (Kind.LEAVE, "Left"), (Kind.BAN, "Banned")):
        if summary.names[kind]:
            fields.append(_field(title, _names(summary.names[kind], summary.counts[kind]), inline=False))
    notes = [f"{summary.begin:%d %b %H:%M} to {summary.end:%d %b %H:%M %Z}"]
    if not single_events:
        notes.append("joins and leaves are not told one by one without the Server Members intent")
    if late is not None:
        notes.append(f"sent {_duration(late)} late")
    title = f"Daily report: {summary.begin:%A}, {summary.begin.day} {summary.begin:%B %Y}"
    return _embed(title, fields, BLUE, footer=" · ".join(notes), at=summary.end)


def heartbeat(pulse: Pulse) -> Message:
    """Draw the heartbeat message."""
    guild, usage = pulse.guild, pulse.usage
    ping = UNKNOWN if pulse.latency is None else f"{pulse.latency * 1000:.0f} ms"
    fields = [
        _field("Up since", discord.utils.format_dt(pulse.up_since, "R")),
        _field("Ping", ping),
        _field("Process", f"{usage.memory_mb:.0f} MB · {usage.cpu_percent:.0f} % CPU · {usage.threads} threads"),
        _field("Members", _number(guild.members)),
        _field("Online", _number(guild.online)),
        _field("Bans", _number(guild.bans)),
        _field("Today", _today(pulse.today, single_events=pulse.single_events), inline=False),
    ]
    if pulse.joined:
        fields.append(_field("Last joins", _recent(pulse.joined), inline=False))
    if pulse.left:
        fields.append(_field("Last leaves", _recent(pulse.left), inline=False))
    if pulse.problems:
        fields.append(_field("Needs attention", _lines(pulse.problems), inline=False))
    if pulse.log_lines:
        fields.append(_field("Log", _code(pulse.log_lines), inline=False))
    colour = AMBER if pulse.problems else GREEN
    return _embed(f"Heartbeat: {clean(guild.name)}"[:256], fields, colour, footer="Last beat", at=pulse.at)


def clean(name: str) -> str:
    """Return a user's or guild's name as it may be shown: no markdown, no mention, no line break, not too long."""
    flat = " ".join(name.split())[:NAME_LENGTH]
    return discord.utils.escape_mentions(discord.utils.escape_markdown(flat)) or "(no name)"


def _embed(title: str, fields: list[dict[str, Any]], colour: int, *, footer: str, at: datetime) -> Message:
    embed = {
        "title": title,
        "color": colour,
        "fields": fields,
        "footer": {"text": footer},
        "timestamp": at.isoformat(),
    }
    return {"embeds": [embed]}


def _field(name: str, value: str, *, inline: bool = True) -> dict[str, Any]:
    return {"name": name, "value": value[:FIELD_LENGTH], "inline": inline}


def _number(value: int | None) -> str:
    return UNKNOWN if value is None else f"{value:,}"


def _signed(value: int | None) -> str:
    return UNKNOWN if value is None else f"{value:+,}"


def _leaves(summary: Summary) -> int:
    return summary.counts[Kind.LEAVE]


def _today(counts: dict[Kind, int], *, single_events: bool) -> str:
    shown = [(Kind.BAN, "bans"), (Kind.UNBAN, "unbans")]
    if single_events:
        shown = [(Kind.JOIN, "joins"), (Kind.LEAVE, "leaves"), *shown]
    return " · ".join(f"{counts[kind]:,} {label}" for kind, label in shown)


def _names(names: Sequence[str], total: int) -> str:
    shown = [clean(name) for name in names[:NAMES_SHOWN]]
    if total > len(shown):
        shown.append(f"and {total - len(shown):,} more")
    return ", ".join(shown)


def _recent(events: Sequence[MemberEvent]) -> str:
    return _lines([f"{clean(event.name)} {discord.utils.format_dt(event.at, 'R')}" for event in events])


def _lines(lines: Sequence[str]) -> str:
    kept: list[str] = []
    length = 0
    for raw in lines:
        line = raw.strip()[:LINE_LENGTH]
        if not line:
            continue
        length += len(line) + 1
        if length > FIELD_LENGTH:
            break
        kept.append(line)
    return "\n".join(kept) or NOTHING


def _code(lines: Sequence[str]) -> str:
    inside = _lines([line.replace("`", "'")[:120] for line in lines])[: FIELD_LENGTH - 8]
    return f"```\n{inside}\n```"


def _duration(span: timedelta) -> str:
    minutes = max(1, round(span.total_seconds() / 60))
    return f"{minutes} min" if minutes < MINUTES_SAID else f"{minutes // 60} h"
