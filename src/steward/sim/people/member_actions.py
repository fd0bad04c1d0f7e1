"""The base of the classes with a member's actions."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from steward.sim.channels.channel import Channel
    from steward.sim.channels.message import Message
    from steward.sim.people.member import Member


class MemberActions:
    """Base class of a member's actions."""

    __slots__ = ()

    @property
    def _me(self) -> Member:
        return cast("Member", self)

    def _channel_of(self, message: Message) -> Channel:
        """
        Return the channel of a message.

        Raises:
            LookupError: the message or its channel was deleted.
            PermissionError: the member may not view the channel.

        """
        me = self._me
        channel = me.guild.world.channels.get(message.channel_id)
        if channel is None or channel.message(message.id) is not message:
            raise LookupError("The message was deleted.")
        channel.require(me, "view_channel")
        return channel
