"""Render a message's embed for a terminal: names for mentions, times for timestamps."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

from rich.columns import Columns
from rich.console import Group, RenderableType
from rich.text import Text

from steward.sim.channels.message import Message
from steward.sim.guilds.guild import Guild

LINES = 12  # of a field, at most
_ESCAPE = re.compile(r"\\([^\w\s]|_)")  # Discord shows an escaped character as itself
_CHANNEL = re.compile(r"<#(\d+)>")  # a mention of a channel, shown by its name
_MEMBER = re.compile(r"<@(\d+)>")  # one of a member, by theirs
_TIME = re.compile(r"<t:(\d+):([A-Za-z])>")  # a timestamp, shown in the reader's zone, here UTC


def embed(message: Message, guild: Guild, now: datetime) -> RenderableType:
    """Return the first embed of a message as shown at an instant, with long lists cut."""
    shown = message.embeds[0]

    def cell(field: dict[str, Any], after: str, between: str) -> Text:
        lines = readable(field["value"], guild, now).split("\n")
        kept = lines if len(lines) <= LINES else [*lines[: LINES - 1], "\u2026"]
        return Text(field["name"], style="dim").append(after + between.join(kept), style="not dim")

    fields = shown.get("fields", ())
    inline = [cell(field, "\n", "\n") for field in fields if field.get("inline")]
    wide = [cell(field, ": ", ", ") for field in fields if not field.get("inline")]
    parts: list[RenderableType] = [Text(shown["title"], style="bold")]
    if not fields and shown.get("description"):
        parts.append(Text(readable(shown["description"], guild, now)))
    if inline:
        parts.append(Columns(inline, padding=(0, 3), expand=False))
    parts += wide
    if "footer" in shown:
        parts.append(Text(shown["footer"]["text"], style="dim"))
    return Group(*parts)


def readable(text: str, guild: Guild, now: datetime) -> str:
    """Return a text with names for mentions, times for timestamps and without the escapes."""
    text = _CHANNEL.sub(lambda mention: f"#{guild.channels[int(mention[1])].name}", text)
    text = _MEMBER.sub(lambda mention: f"@{_name(guild, int(mention[1]))}", text)
    text = _TIME.sub(lambda mention: _time(int(mention[1]), mention[2], now), text)
    return _ESCAPE.sub(r"\1", text)


def _name(guild: Guild, user_id: int) -> str:
    member = guild.members.get(user_id)
    return "somebody who left" if member is None else member.name


def _time(seconds: int, style: str, now: datetime) -> str:
    instant = datetime.fromtimestamp(seconds, UTC)
    if style == "t":
        return f"{instant:%H:%M}"
    if style == "R":
        hours = round(abs((instant - now).total_seconds()) / 3600)
        span = f"{hours} hour{'s' if hours != 1 else ''}"
        return f"in {span}" if instant > now else f"{span} ago"
    date = f"{instant.day} {instant:%B %Y at %H:%M}"
    return f"{instant:%A}, {date}" if style == "F" else date
