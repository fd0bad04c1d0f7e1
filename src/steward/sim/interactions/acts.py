"""Users' actions: run commands, click, select, submit. Each returns the response that the user then sees."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from steward.sim.channels.message import Message
from steward.sim.interactions import options, shown
from steward.sim.interactions.commands import find_command
from steward.sim.interactions.interaction import AUTOCOMPLETE, COMMAND, COMPONENT, SUBMIT, Interaction
from steward.sim.interactions.reply import Modal, ShownReply
from steward.sim.interactions.resolved import Resolved, Thing
from steward.sim.interactions.submitted import submitted
from steward.sim.people.act import Act
from steward.sim.people.member import Member

if TYPE_CHECKING:
    from steward.sim.channels.channel import Channel
    from steward.sim.people.bot import BotAccount
    from steward.sim.world import World

CHAT_INPUT, ON_USER, ON_MESSAGE = 1, 2, 3
_STRING_SELECT = 3


class Acts:
    """
    The actions of all users.

    Args:
        world: the simulated Discord.
        until_thought: whether to wait until the bot stops thinking, instead of its first response only.

    """

    def __init__(self, world: World, *, until_thought: bool = True) -> None:
        self._world = world
        self._until_thought = until_thought
        self.waiting: dict[Act[Any], None] = {}
        """Actions that were created but not yet run."""

    async def run(self, who: Member, line: str, channel: Channel, values: Mapping[str, Any]) -> ShownReply:
        """Run a slash command, such as "/event create"."""
        name, *path = line.removeprefix("/").split()
        bot, command = find_command(who, channel, name, CHAT_INPUT)
        data = options.chat_input(command, path, values, Resolved(channel, who))
        return await self._seen(self._world.interactions.begin(COMMAND, bot, who, channel, data))

    async def complete(self, who: Member, line: str, channel: Channel, values: Mapping[str, Any]) -> ShownReply:
        """Request autocompletion of the last option."""
        name, *path = line.removeprefix("/").split()
        bot, command = find_command(who, channel, name, CHAT_INPUT)
        data = options.partial(command, path, values, list(values)[-1], Resolved(channel, who))
        return await self._seen(self._world.interactions.begin(AUTOCOMPLETE, bot, who, channel, data))

    async def use(self, who: Member, name: str, target: Member | Message, channel: Channel) -> ShownReply:
        """Run a context menu command on a member or a message."""
        kind = ON_MESSAGE if isinstance(target, Message) else ON_USER
        bot, command = find_command(who, channel, name, kind)
        resolved = Resolved(channel, who)
        data = {"id": command["id"], "name": name, "type": kind, "target_id": resolved.add(target)}
        if "guild_id" in command:
            data["guild_id"] = command["guild_id"]
        return await self._seen(self._world.interactions.begin(COMMAND, bot, who, channel, resolved.into(data)))

    async def click(self, who: Member, where: Message | ShownReply, name: str) -> ShownReply:
        """Click a button."""
        message, channel, bot = self._place(who, where)
        item = shown.button(message.components, name)
        data = {"component_type": item["type"], "custom_id": item["custom_id"], "id": item["id"]}
        return await self._seen(self._world.interactions.begin(COMPONENT, bot, who, channel, data, message=message))

    async def select(
        self, who: Member, where: Message | ShownReply, values: tuple[str | Thing, ...], menu: str | None
    ) -> ShownReply:
        """Choose values of a select."""
        message, channel, bot = self._place(who, where)
        item = shown.select(message.components, menu)
        resolved = Resolved(channel, who)
        chosen = values_of(item, list(values), resolved)
        data = {"component_type": item["type"], "custom_id": item["custom_id"], "id": item["id"]}
        data = resolved.into(data | {"values": chosen})
        return await self._seen(self._world.interactions.begin(COMPONENT, bot, who, channel, data, message=message))

    async def submit(self, who: Member, where: Modal | ShownReply, values: Mapping[str, Any]) -> ShownReply:
        """Fill in and submit a modal."""
        modal = where.modal if isinstance(where, ShownReply) else where
        if modal is None:
            raise LookupError("There is no modal to submit: the bot opened none.")
        opened = modal.interaction
        data = submitted(modal.data, values, Resolved(opened.channel, who))
        begin, message = self._world.interactions.begin, opened.message
        return await self._seen(begin(SUBMIT, opened.bot, who, opened.channel, data, message=message, parent=opened))

    async def _seen(self, interaction: Interaction) -> ShownReply:
        """Wait up to three seconds for the first response, then perhaps until the bot stops thinking."""
        limits = self._world.limits
        if not await interaction.until(lambda: interaction.callback is not None, limits.interaction_answer_seconds):
            self._world.interactions.tell(interaction)
        elif self._until_thought:
            await interaction.until(lambda: not interaction.loading, limits.interaction_token_seconds)
        return ShownReply(interaction)

    def _place(self, who: Member, where: Message | ShownReply) -> tuple[Message, Channel, BotAccount]:
        """Return a message with its channel and its bot; raise if the user cannot see it."""
        message = where.message if isinstance(where, ShownReply) else where
        if message is None:
            raise LookupError("There is no message to act on.")
        channel = self._world.channels[message.channel_id]
        if message.only_for not in (None, who.id):
            raise PermissionError("Another user's ephemeral message is not visible.")
        if channel.guild is not None:
            channel.require(who, "view_channel")
        if not message.ephemeral and channel.message(message.id) is not message:
            raise LookupError("The message was deleted.")
        bot = self._world.bots.get(message.application_id or message.author.id)
        if bot is None:
            raise LookupError("No bot sent that message.")
        return message, channel, bot


def values_of(item: dict[str, Any], values: list[str | Thing], resolved: Resolved) -> list[str]:
    """
    Return the values that a select sends for options, members, roles or channels.

    Raises:
        ValueError: too many or too few values.
        LookupError: an option does not exist.

    """
    shown.check_number(item, values)
    if item["type"] == _STRING_SELECT:
        return shown.chosen(item, [str(value) for value in values])
    return [resolved.add(value) for value in values if not isinstance(value, str)]
