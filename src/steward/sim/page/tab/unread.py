"""What the member of a tab has not read, by server and channel."""

from __future__ import annotations

from typing import TYPE_CHECKING

from steward.sim.page.tab.viewpoint import sees

if TYPE_CHECKING:
    from steward.sim.channels.channel import Channel
    from steward.sim.events import Event
    from steward.sim.people.member import Member
    from steward.sim.people.user import Json

DIRECT = "direct"
"""The key of direct messages, in place of a server's id."""


class Unread:
    """
    Counts the mentions in the channels with new messages; forgets all when the tab acts as somebody else.

    A channel without mentions counts 0; a direct message counts as a mention.
    """

    def __init__(self) -> None:
        self._reader: int | None = None  # a user's id
        self._mentions: dict[str, dict[str, int]] = {}  # by server, then channel

    def read(self, me: Member | None, channel: Channel | None) -> None:
        """Note that a member reads a channel."""
        reader = me.id if me is not None else None
        if reader != self._reader:
            self._reader = reader
            self._mentions.clear()
        if channel is not None:
            self._forget(channel)

    def hear(self, event: Event) -> bool:
        """Note what an event changes; return whether anything."""
        if event.channel is None:
            return False
        if event.name in ("CHANNEL_DELETE", "THREAD_DELETE"):
            return self._forget(event.channel)
        return event.name == "MESSAGE_CREATE" and self._add(event, event.channel)

    def on(self, channel: Json) -> int | None:
        """Return the mentions in a channel, given as JSON; None if nothing is new in it."""
        return self._mentions.get(channel.get("guild_id", DIRECT), {}).get(channel["id"])

    def by_server(self) -> dict[str, int]:
        """Return the mentions in each server with something new."""
        return {key: sum(channels.values()) for key, channels in self._mentions.items()}

    def _add(self, event: Event, channel: Channel) -> bool:
        """Add a message if somebody else wrote it, where the reader sees it."""
        reader = self._reader
        if reader is None or event.data["author"]["id"] == str(reader):
            return False
        if event.guild is None:
            sees_it = pinged = channel.recipient is not None and channel.recipient.id == reader
        else:
            me = event.guild.members.peek(reader) if reader in event.guild.members else None
            sees_it = me is not None and sees(me, channel)
            pinged = me is not None and _pinged(event.data, me)
        if sees_it:
            channels = self._mentions.setdefault(_key_of(channel), {})
            channels[str(channel.id)] = channels.get(str(channel.id), 0) + pinged
        return sees_it

    def _forget(self, channel: Channel) -> bool:
        channels = self._mentions.get(_key_of(channel), {})
        known = channels.pop(str(channel.id), None) is not None
        if not channels:
            self._mentions.pop(_key_of(channel), None)
        return known


def _pinged(message: Json, me: Member) -> bool:
    roles = {str(role_id) for role_id in me.role_ids}
    named = any(user["id"] == str(me.id) for user in message["mentions"])
    return named or message["mention_everyone"] or not roles.isdisjoint(message["mention_roles"])


def _key_of(channel: Channel) -> str:
    return str(channel.guild.id) if channel.guild is not None else DIRECT
