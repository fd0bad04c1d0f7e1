"""What a tab shows, as JSON; `steward.sim.page` describes each part."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import islice
from typing import TYPE_CHECKING

from steward.sim.channels import pins
from steward.sim.channels.message import Message
from steward.sim.channels.thread import PRIVATE_THREAD
from steward.sim.interactions.commands import commands_here
from steward.sim.interactions.interaction import AUTOCOMPLETE, COMMAND, Interaction
from steward.sim.interactions.payload import full_name
from steward.sim.page.viewpoint import Viewpoint, sees
from steward.sim.people.user import Json

if TYPE_CHECKING:
    from steward.sim.channels.channel import Channel
    from steward.sim.guilds.guild import Guild
    from steward.sim.people.member import Member
    from steward.sim.server import Simulator

MESSAGES = 50
MEMBERS = 100


def _bots(sim: Simulator) -> list[Json]:
    """Return the bots, with the lines that point one here."""
    connected = {session.bot.id for session in sim.sessions if session.connected}
    return [
        {
            "id": str(bot.id),
            "name": bot.name,
            "connected": bot.id in connected,
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


def channels(sim: Simulator, place: Viewpoint) -> list[Json]:
    """Return the channels and open threads that the member sees."""
    me = place.me
    if me is None:
        return []
    if place.guild is None:
        own = sim.world.direct_channels_of(me.user)
        return [channel.payload() | {"name": channel.bot.name} for channel in own if channel.bot is not None]
    threads: list[Channel] = [
        thread
        for thread in place.guild.threads.values()
        if not thread.archived and (thread.kind != PRIVATE_THREAD or me.id in thread.joined)
    ]
    return [_channel(sim, channel) for channel in (*place.guild.channels.values(), *threads) if sees(me, channel)]


def _channel(sim: Simulator, channel: Channel) -> Json:
    """Return a channel, with the renames that its hidden limit leaves."""
    return channel.payload() | {"renames_left": sim.hidden.renames_left(channel.id)}


def messages(place: Viewpoint, *, before: int | None = None) -> tuple[list[Json], bool]:
    """Return the newest messages of the channel, or those before one, and whether there are older ones."""
    if place.channel is None or place.me is None:
        return [], False
    history = place.channel.messages
    end = len(history) if before is None else history.first_from(before)
    start = max(0, end - MESSAGES)
    return [message(found, place.me) for found in history[start:end]], start > 0


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


def _own(place: Viewpoint) -> list[Json]:
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


def members(found: Guild | None, query: str = "") -> list[Json]:
    """Return the members who have acted and whose names contain a text, those online first."""
    if found is None:
        return []
    query = query.casefold()
    fits = (one for one in found.members.stored.values() if query in one.name.casefold() or query in one.user.name)
    online_first = sorted(fits, key=lambda one: (one.status == "offline", one.name.casefold()))
    return [_member(one) for one in islice(online_first, MEMBERS)]


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
    "own": lambda _, place: _own(place),
    "waiting": lambda _, place: _waiting(place),
    "members": lambda _, place: members(place.guild),
    "me": lambda _, place: _me(place),
    "commands": lambda _, place: _commands(place),
}
"""The parts of a view that are told whole whenever something in them has changed."""
