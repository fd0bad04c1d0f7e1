"""Words for scenarios of events: an event is made, members answer, the post is looked at."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count
from zoneinfo import ZoneInfo

from steward.bots.events.model.details import Details
from steward.bots.events.model.occurrences import Occurrence
from steward.bots.events.model.series import Series
from steward.running import Steward
from steward.sim.channels.channel import Channel
from steward.sim.channels.message import Message
from steward.sim.people.member import Member
from tests.parts import events_of
from tests.stage import Stage, until

UTC = ZoneInfo("UTC")
_ids = count(1)


async def event(
    scene: Stage,
    steward: Steward,
    channel: Channel,
    *,
    start: datetime | None = None,
    zone: ZoneInfo = UTC,
    rule: str | None = None,
    lead: int = 0,
    by: Member | None = None,
    **details: object,
) -> Occurrence:
    """Make an event of an hour in two hours, or as said otherwise."""
    organiser_id = scene.guild.owner_id if by is None else by.id
    if start is None:
        start = (scene.clock.now() + timedelta(hours=2)).astimezone(zone).replace(tzinfo=None, second=0, microsecond=0)
    made = replace(Details("Raid night"), **details)  # type: ignore[arg-type]
    series = Series(next(_ids), scene.guild.id, channel.id, organiser_id, zone, start, rule, lead, made)
    return await events_of(steward).organising.create(series)


async def posted(channel: Channel, number: int = 1) -> Message:
    """Return a post, once it is there; the first of a channel is number 1."""
    await until(lambda: len(posts(channel)) >= number)
    return posts(channel)[number - 1]


def posts(channel: Channel) -> list[Message]:
    """Return the messages of a channel that are posts of events."""
    found = [(message, message.embeds[0].get("fields")) for message in channel.messages if message.embeds]
    return [message for message, fields in found if fields and fields[0]["name"] == "When"]


def listed(message: Message, answer: str) -> list[str]:
    """Return the names under an answer's heading."""
    found = next((field for field in message.embeds[0]["fields"] if answer in field["name"]), None)
    return [] if found is None or found["value"] == "\u2026" else found["value"].split("\n")


def heading(message: Message, answer: str) -> str:
    """Return an answer's heading."""
    return str(next(field["name"] for field in message.embeds[0]["fields"] if answer in field["name"]))


def guests(scene: Stage, number: int) -> list[Member]:
    """Return so many new members."""
    return [scene.guild.join(f"guest {index}") for index in range(1, number + 1)]


def inbox(scene: Stage, member: Member) -> list[str]:
    """Return what the bot has written to a member directly."""
    return [message.content for message in scene.sim.world.direct_channel(scene.sim.bot, member.user).messages]


def said(channel: Channel, words: str) -> list[Message]:
    """Return the messages of a channel that say something."""
    return [message for message in channel.messages if words in message.content]
