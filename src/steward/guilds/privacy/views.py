"""How `/privacy` answers: what is kept about a member, the question before it is deleted, and what was deleted."""

from __future__ import annotations

from collections.abc import Sequence

import discord

from steward.client.components import Action
from steward.client.embeds import Message
from steward.guilds.privacy.kept import KeptRecords
from steward.text.cutting import cut_list

FORGET, KEEP = Action("guilds", "forget"), Action("guilds", "keep")
LONGEST = 1500  # of Discord's 2000 characters, for the list

NOTHING = "I've stored nothing about you in this server."
COUNTED = "You're counted like everybody else; `/privacy count-me` changes that."
NOT_COUNTED = "You're not counted: you asked me not to, and that's all I remember when the rest is deleted."
WHAT_NEXT = "`/privacy export` gives you all of it as a file, and `/privacy forget-me` deletes it."
NEVER = "I never read or store what you write or say."
QUESTION = (
    "**Delete everything I've stored about you in this server? This can't be undone.**\n"
    "You lose your spots at upcoming events and your own time zone, and I won't count you from now on. Numbers without"
    " names stay, and so do messages that I've already posted: a report with your name will stay in Discord."
)
KEPT_ALL = "Okay, I've deleted nothing."
COUNT_ON = "You're counted from now on."
COUNT_OFF = "You're not counted from now on. `/privacy forget-me` deletes what's already there."


def shown(found: Sequence[KeptRecords], *, is_out: bool) -> Message:
    """Tell a member what is kept about them."""
    told = _told([one for one in found if not one.data.stays])
    state = NOT_COUNTED if is_out else COUNTED
    if not told:
        return {"content": f"{NOTHING}\n{state}"}
    return {"content": f"**What I've stored about you in this server**\n{told}\n\n{NEVER}\n{state}\n{WHAT_NEXT}"}


def forgotten(before: Sequence[KeptRecords], after: Sequence[KeptRecords]) -> str:
    """Tell a member what was deleted, and what is still to go."""
    deleted = _told([one for one in before if not one.data.stays and not one.kept.is_off])
    left = _told([one for one in after if not one.data.stays and not one.kept.is_off])
    off = _told([one for one in after if one.kept.is_off])
    said = f"Done, I've deleted what I stored about you in this server:\n{deleted}" if deleted else NOTHING
    if off:
        said = f"{said}\n\nThis I can't delete now: ask whoever runs the bot.\n{off}"
    if left:
        said = f"{said}\n\nThis takes a little longer, and goes as soon as Discord lets me take it back:\n{left}"
    return f"{said}\n\nYou're not counted any more; `/privacy count-me` changes that."


def _told(found: Sequence[KeptRecords]) -> str:
    lines: list[str] = []
    kept = None
    for one in found:
        if one.kept is not kept:
            kept = one.kept
            lines.append(f"__{kept.bot}__{f' · {kept.until}' if kept.until else ''}")
        lines.append(f"- {one.data.say(one.records)}{_span(one)}")
    return cut_list(lines, LONGEST)


def _span(found: KeptRecords) -> str:
    if found.span is None:
        return ""
    first, last = (discord.utils.format_dt(at, "d") for at in found.span)
    return f" ({first})" if first == last else f" ({first} to {last})"
