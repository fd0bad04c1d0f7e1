"""How the heartbeat looks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import discord

from steward.bots.stats.counts.facts import EventKind, GuildCounts, MemberEvent
from steward.client.embeds import AMBER, GREEN, UNKNOWN, Message, clean, code, embed, field, lines, number, of_them
from steward.runtime.process.disk import DiskUsage
from steward.runtime.process.measuring import ProcessUsage
from steward.text.plurals import counted

GB, MB = 10**9, 10**6  # as disks are sold


@dataclass(frozen=True, slots=True)
class Pulse:
    """What the heartbeat shows."""

    guild: GuildCounts
    at: datetime
    up_since: datetime
    usage: ProcessUsage
    disk: DiskUsage | None
    latency: float | None
    today: dict[EventKind, int]
    joined: Sequence[MemberEvent]
    left: Sequence[MemberEvent]
    problems: Sequence[str]
    log_lines: Sequence[str]
    single_events: bool


def heartbeat(pulse: Pulse) -> Message:
    guild, usage = pulse.guild, pulse.usage
    ping = UNKNOWN if pulse.latency is None else f"{pulse.latency * 1000:.0f} ms"
    fields = [
        field("Up since", discord.utils.format_dt(pulse.up_since, "R")),
        field("Ping", ping),
        field(
            "Process", f"{usage.memory_mb:.0f} MB · {usage.cpu_percent:.0f} % CPU · {counted(usage.threads, 'thread')}"
        ),
        *([] if pulse.disk is None else [field("Disk", _disk(pulse.disk), inline=False)]),
        field("Members", number(guild.members)),
        field("Online", number(guild.online)),
        field("Bans", number(guild.bans)),
        field("Today", _today(pulse.today, single_events=pulse.single_events), inline=False),
    ]
    if pulse.joined:
        fields.append(field("Last joins", _recent(pulse.joined), inline=False))
    if pulse.left:
        fields.append(field("Last leaves", _recent(pulse.left), inline=False))
    if pulse.problems:
        fields.append(field("Needs attention", lines(pulse.problems), inline=False))
    if pulse.log_lines:
        fields.append(field("Log", code(pulse.log_lines), inline=False))
    colour = AMBER if pulse.problems else GREEN
    footer = "Last beat" if pulse.single_events else "Degraded: no single joins and leaves · Last beat"
    return embed(f"Heartbeat: {clean(guild.name)}", fields, colour, footer=footer, at=pulse.at)


def _today(counts: dict[EventKind, int], *, single_events: bool) -> str:
    kinds = (
        [EventKind.JOIN, EventKind.LEAVE, EventKind.BAN, EventKind.UNBAN]
        if single_events
        else [EventKind.BAN, EventKind.UNBAN]
    )
    said = {kind: counted(counts[kind], kind.value) for kind in kinds}
    if single_events:
        said[EventKind.LEAVE] = of_them(said[EventKind.LEAVE], counts[EventKind.KICK], "kicked")
    return " · ".join(said.values())


def _disk(disk: DiskUsage) -> str:
    return f"{_size(disk.used)} used · {_size(disk.free)} free"


def _size(count: int) -> str:
    """Say a number of bytes roughly."""
    return f"{count / GB:,.1f} GB" if count >= GB else f"{count / MB:,.0f} MB"


def _recent(events: Sequence[MemberEvent]) -> str:
    return lines([f"{clean(event.name)} {discord.utils.format_dt(event.at, 'R')}" for event in events])
