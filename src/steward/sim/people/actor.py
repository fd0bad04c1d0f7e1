"""
A member's actions on bots, as tests write them.

    reply = await alice.run("/event create", title="Movie night")
    reply = await alice.click(reply, "Yes")
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from steward.sim.channels import reactions
from steward.sim.guilds import audit_log
from steward.sim.guilds.permissions import BITS
from steward.sim.people.act import act
from steward.sim.people.member_actions import MemberActions
from steward.sim.scheduled.event import EXTERNAL, VOICE, ScheduledEvent

if TYPE_CHECKING:
    from steward.sim.channels.channel import Channel
    from steward.sim.channels.message import Message
    from steward.sim.interactions.acts import Acts
    from steward.sim.interactions.reply import Modal, ShownReply
    from steward.sim.interactions.resolved import Thing
    from steward.sim.people.bot import BotAccount
    from steward.sim.people.member import Member

_TEXT = 0


class Actor(MemberActions):
    """
    A member's actions on bots; interactions return the `ShownReply` that the member sees.

    They wait up to three seconds for the first response, then until the bot stops thinking. Actions that Discord's
    client would not allow raise `LookupError`, `PermissionError` or `ValueError` with an explanation.
    """

    __slots__ = ()

    @property
    def _acts(self) -> Acts:
        return self._me.guild.world.acts

    @act
    async def run(self, command: str, channel: Channel | None = None, /, **options: Any) -> ShownReply:
        """
        Run a slash command.

        Args:
            command: with group and subcommand, such as "/event create".
            channel: by default the first text channel in which the member may use commands.
            options: by name: text, numbers, members, roles, channels, files (`steward.sim.File`).

        """
        return await self._acts.run(self._me, command, channel or first_channel(self._me), options)

    @act
    async def autocomplete(self, command: str, channel: Channel | None = None, /, **options: Any) -> ShownReply:
        """Request autocompletion of the last option; the reply has `choices`."""
        return await self._acts.complete(self._me, command, channel or first_channel(self._me), options)

    @act
    async def use(self, command: str, target: Member | Message, channel: Channel | None = None) -> ShownReply:
        """Run a context menu command on a member or a message."""
        return await self._acts.use(self._me, command, target, channel or first_channel(self._me))

    @act
    async def click(self, where: Message | ShownReply, button: str) -> ShownReply:
        """Click a button, given by its label, emoji or custom id."""
        return await self._acts.click(self._me, where, button)

    @act
    async def select(self, where: Message | ShownReply, *values: str | Thing, menu: str | None = None) -> ShownReply:
        """
        Choose values of a select: options by label or value, or members, roles, channels.

        `menu` is the custom id or placeholder of the select, if there are several.
        """
        return await self._acts.select(self._me, where, values, menu)

    @act
    async def submit(self, modal: Modal | ShownReply, **fields: Any) -> ShownReply:
        """Submit a modal, with fields by custom id or label (`max_people` for "Max people")."""
        return await self._acts.submit(self._me, modal, fields)

    def react(self, message: Message, emoji: str) -> None:
        """React to a message with a Unicode emoji, or one of the guild's as `name:id`."""
        me = self._me
        channel, found = me.guild.world.channels[message.channel_id], reactions.emoji_of(emoji, me.guild)
        if found is None:
            raise ValueError(f"{emoji!r} is not an emoji, or not one of {me.guild.name}.")
        if reactions.find(message, found) is None:
            channel.require(me, "add_reactions")
        reactions.add(channel, message, found, me.id)

    def unreact(self, message: Message, emoji: str) -> None:
        """Remove the member's reaction, if there is one."""
        found = reactions.emoji_of(emoji, self._me.guild)
        if found is not None:
            reactions.remove(self._me.guild.world.channels[message.channel_id], message, found, self._me.id)

    def close_messages(self) -> None:
        """Refuse direct messages from bots (50007)."""
        self._me.user.takes_messages = False

    def open_messages(self) -> None:
        """Accept direct messages from bots again."""
        self._me.user.takes_messages = True

    def block(self, bot: BotAccount) -> None:
        """Block a bot: neither may send direct messages to the other (50007)."""
        self._me.user.blocked |= {bot.id}

    def unblock(self, bot: BotAccount) -> None:
        """Unblock a bot."""
        self._me.user.blocked -= {bot.id}

    def schedule(
        self,
        name: str,
        starts_at: datetime,
        ends_at: datetime | None = None,
        *,
        where: str | Channel,
        description: str | None = None,
    ) -> ScheduledEvent:
        """Create a scheduled event in a voice channel, or at an external location, which requires an end."""
        me, guild = self._me, self._me.guild
        if not guild.roles.permissions_of(me.id) & (BITS["create_events"] | BITS["manage_events"]):
            raise PermissionError(f"{me.name} may not create events in {guild.name}.")
        if isinstance(where, str) and ends_at is None:
            raise ValueError("An event outside of Discord needs an end.")
        place: dict[str, Any] = {"location": where} if isinstance(where, str) else {"channel_id": where.id}
        kind, event_id = EXTERNAL if isinstance(where, str) else VOICE, guild.world.snowflakes.next()
        made = ScheduledEvent(guild, event_id, name, kind, starts_at, me.user, ends_at, description, **place)
        guild.scheduled_events.add(made)
        guild.log_change(audit_log.EVENT_CREATE, made.id, me.id, None, after=made.payload())
        return made

    def show_interest(self, event: ScheduledEvent) -> None:
        """Click "Interested" on a scheduled event."""
        event.add(self._me.id)

    def lose_interest(self, event: ScheduledEvent) -> None:
        """Undo "Interested" on a scheduled event."""
        event.remove(self._me.id)


def first_channel(member: Member) -> Channel:
    """Return the first text channel in which a member may use commands; `LookupError` if there is none."""
    needed = BITS["view_channel"] | BITS["use_application_commands"]
    for channel in member.guild.channels.values():
        if channel.kind == _TEXT and member.guild.roles.permissions_in(channel, member) & needed == needed:
            return channel
    raise LookupError(f"{member.name} sees no text channel in {member.guild.name}; create one with add_text_channel.")
