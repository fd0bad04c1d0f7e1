"""What a tab shows, as JSON; `steward.sim.page` describes each part."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from collections.abc import Set as AbstractSet
from itertools import islice
from typing import TYPE_CHECKING

from steward.sim.channels import pins
from steward.sim.channels.message import Message
from steward.sim.channels.thread import PRIVATE_THREAD
from steward.sim.interactions.commands import commands_here
from steward.sim.interactions.interaction import AUTOCOMPLETE, COMMAND, Interaction
from steward.sim.interactions.payload import full_name
from steward.sim.page.tab.viewpoint import Viewpoint, sees
from steward.sim.people.user import Json

if TYPE_CHECKING:
    from steward.sim.channels.channel import Channel
    from steward.sim.channels.history import MessageHistory
    from steward.sim.channels.thread import Thread
    from steward.sim.guilds.guild import Guild
    from steward.sim.people.member import Member
    from steward.sim.server import Simulator

MESSAGES = 50
MEMBERS = 100
AT_ONCE = 1000  # members of the crowd that are looked at before others may go on


def _bots(sim: Simulator) -> list[Json]:
    """Return the bots, with the lines that point one here."""
    connected = {session.bot.id for session in sim.sessions if session.connected}
    logged_in = {login.bot_id for login in sim.recorder.identifies if login.refused is None}
    return [
        {
            "id": str(bot.id),
            "name": bot.name,
            "connected": bot.id in connected,
            "logged_in": bot.id in logged_in,
            "env": {"DISCORD_API_URL": sim.api_url, "BOT_TOKEN": bot.token},
        }
        for bot in sim.world.bots.values()
    ]


def _guilds(sim: Simulator) -> list[Json]:
    """Return the servers."""
    return [{"id": str(guild.id), "name": guild.name} for guild in sim.world.guilds.values()]


def _guild(found: Guild | None) -> Json | None:
    """Return a server."""
    if found is None:
        return None
    return {
        "id": str(found.id),
        "name": found.name,
        "owner_id": str(found.owner_id),
        "member_count": found.member_count,
        "online_count": found.online_count,
        "roles": [role.payload() for role in found.roles.values()],
        "emojis": list(found.emojis.values()),
    }


def channels(sim: Simulator, place: Viewpoint, only: AbstractSet[int] | None = None) -> list[Json]:
    """Return the channels and open threads that the member sees, of all or of these; also the open one, if archived."""
    me = place.me
    if me is None:
        return []
    if place.guild is None:
        own = sim.world.direct_channels_of(me.user)
        return [channel.payload() | {"name": channel.bot.name} for channel in own if channel.bot is not None]
    threads = [
        thread
        for thread in place.guild.threads.values()
        if (not thread.archived or thread is place.channel) and _may_open(me, thread)
    ]
    found = (*place.guild.channels.values(), *threads)
    return [_channel(sim, channel) for channel in found if (only is None or channel.id in only) and sees(me, channel)]


def archived_threads(place: Viewpoint) -> list[Json]:
    """Return the archived threads of the channel, those archived last first."""
    me, parent = place.me, place.channel
    if me is None or place.guild is None or parent is None or not sees(me, parent):
        return []
    threads = (thread for thread in place.guild.threads.values() if thread.parent is parent and thread.archived)
    newest_first = sorted(threads, key=lambda thread: thread.archived_at or thread.made_at, reverse=True)
    return [thread.payload() for thread in newest_first if _may_open(me, thread)]


def _may_open(me: Member, thread: Thread) -> bool:
    return thread.kind != PRIVATE_THREAD or me.id in thread.joined


def _channel(sim: Simulator, channel: Channel) -> Json:
    """Return a channel, with the renames that its hidden limit leaves."""
    back = sim.hidden.renames_back_at(channel.id)
    renames = {
        "left": sim.hidden.renames_left(channel.id),
        "of": sim.world.limits.renames.calls,
        "back": back.isoformat() if back is not None else None,
    }
    return channel.payload() | {"renames": renames}


def newest(place: Viewpoint) -> Json:
    """Return the newest messages of the channel, and whether there are older ones."""
    return _messages(place, lambda history: len(history) - MESSAGES)


def before(place: Viewpoint, message_id: int) -> Json:
    """Return the messages before one, and whether there are older ones."""
    return _messages(place, lambda history: history.first_from(message_id) - MESSAGES)


def after(place: Viewpoint, message_id: int) -> Json:
    """Return the messages after one, and whether there are newer ones."""
    return _messages(place, lambda history: history.first_from(message_id + 1))


def around(place: Viewpoint, message_id: int) -> Json:
    """Return a message among its neighbours, and whether there are older and newer ones."""
    return _messages(place, lambda history: history.first_from(message_id) - MESSAGES // 2)


def _messages(place: Viewpoint, start_of: Callable[[MessageHistory], int]) -> Json:
    """Return a page of the channel's messages, oldest first, and whether there are others before and after."""
    if place.channel is None or place.me is None:
        return {"messages": [], "older": False, "newer": False}
    history = place.channel.messages
    start = start_of(history)
    end = start + MESSAGES
    found = [message(one, place.me) for one in history[max(0, start) : max(0, end)]]
    return {"messages": found, "older": start > 0, "newer": end < len(history)}


def pinned(place: Viewpoint) -> list[Json]:
    """Return the pinned messages of the channel."""
    if place.channel is None or place.me is None:
        return []
    return [message(one, place.me) for one in pins.pinned(place.channel)]


def message(found: Message, me: Member) -> Json:
    """Return a message as a member sees it."""
    data = found.payload(me.id)
    author = me.guild.members.stored.get(found.author.id)
    if author is not None:
        data["member"] = {"nick": author.nick, "roles": [str(role_id) for role_id in author.role_ids]}
    return data


def _ephemeral(place: Viewpoint) -> list[Json]:
    """Return the messages that only this member sees here."""
    me = place.me
    return [message(found, me) for one in _interactions(place) for found in one.ephemerals.values() if me is not None]


def _waiting(place: Viewpoint) -> list[Json]:
    """Return the member's interactions here that wait for the bot's first response."""
    return [
        {
            "id": str(one.id),
            "bot": one.bot.name,
            "kind": one.kind,
            "name": full_name(one.data) if one.kind == COMMAND else one.data["custom_id"],
            "message": str(one.message.id) if one.message is not None else None,
        }
        for one in _interactions(place)
        if one.kind != AUTOCOMPLETE and one.answerable
    ]


def _interactions(place: Viewpoint) -> list[Interaction]:
    if place.channel is None or place.me is None:
        return []
    return place.channel.world.interactions.of(place.me.user, place.channel)


def members(guild: Guild | None, query: str = "") -> list[Json]:
    """Return the members who have acted and whose names contain a text, those online first."""
    if guild is None:
        return []
    query = query.casefold()
    fits = (one for one in guild.members.stored.values() if query in one.name.casefold() or query in one.user.name)
    online_first = sorted(fits, key=lambda one: (one.status == "offline", one.name.casefold()))
    return [_member(one) for one in islice(online_first, MEMBERS)]


async def found_members(guild: Guild | None, query: str) -> list[Json]:
    """Return the members whose names contain a text: those who have acted, then others; the loop goes on meanwhile."""
    found, query = members(guild, query), query.casefold()
    if guild is None:
        return found
    for count, user_id in enumerate(guild.members.roll.after(0, len(guild.members)), 1):
        if len(found) >= MEMBERS:
            break
        if count % AT_ONCE == 0:
            await asyncio.sleep(0)
        if user_id not in guild.members.stored and user_id in guild.members:
            user = guild.world.user(user_id)
            if user is not None and (query in user.name or query in user.shown_name.casefold()):
                found.append(_member(guild.members.peek(user_id)))
    return found


def _member(found: Member) -> Json:
    """Return a member."""
    return {
        "id": str(found.id),
        "name": found.name,
        "username": found.user.name,
        "bot": found.user.bot,
        "status": found.status,
        "voice": str(found.voice_channel.id) if found.voice_channel is not None else None,
        "roles": [str(role_id) for role_id in found.role_ids],
    }


def _me(place: Viewpoint) -> Json | None:
    """Return the member as whom the tab acts, and what it may not do here."""
    if place.me is None:
        return None
    return _member(place.me) | {"refused": _refused(place, place.me)}


def _refused(place: Viewpoint, who: Member) -> Json:
    channel = place.channel
    if channel is None:
        return {"say": f"{who.name} sees no channel here.", "react": None, "run": None}
    refused: Json = {"say": channel.why_not_write(who), "react": None, "run": None}
    for name, permission in (("react", "add_reactions"), ("run", "use_application_commands")):
        try:
            channel.require(who, permission)
        except PermissionError as error:
            refused[name] = str(error)
    return refused


def _commands(place: Viewpoint) -> list[Json]:
    """Return the commands that the member finds here."""
    if place.channel is None or place.me is None:
        return []
    known = commands_here(place.me, place.channel)
    return [command | {"bot": bot.name, "refused": refused} for bot, command, refused in known]


PARTS: Mapping[str, Callable[[Simulator, Viewpoint], object]] = {
    "bots": lambda sim, _: _bots(sim),
    "guilds": lambda sim, _: _guilds(sim),
    "guild": lambda _, place: _guild(place.guild),
    "ephemeral": lambda _, place: _ephemeral(place),
    "waiting": lambda _, place: _waiting(place),
    "members": lambda _, place: members(place.guild),
    "me": lambda _, place: _me(place),
    "commands": lambda _, place: _commands(place),
}
"""The parts of a view that are told whole whenever something in them has changed."""
