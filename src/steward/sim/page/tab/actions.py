"""What a tab does as a member: the same actions that tests write."""

from __future__ import annotations

import binascii
from base64 import b64decode
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from mimetypes import guess_type
from typing import TYPE_CHECKING, Any

from steward.sim.channels.message import Message
from steward.sim.interactions import shown
from steward.sim.interactions.acts import CHAT_INPUT, Acts
from steward.sim.interactions.commands import find_command
from steward.sim.interactions.interaction import MODAL
from steward.sim.interactions.options import ATTACHMENT, CHANNEL, MENTIONABLE, ROLE, USER
from steward.sim.interactions.reply import Modal, ShownReply
from steward.sim.page.tab.viewpoint import Viewpoint
from steward.sim.people.user import Json
from steward.sim.rest.form import as_whole
from steward.sim.uploads import File

if TYPE_CHECKING:
    from steward.sim.channels.channel import Channel
    from steward.sim.guilds.role import Role
    from steward.sim.interactions.interaction import Interaction
    from steward.sim.people.member import Member

MAX_CONTENT = 2000  # characters of a message, without Nitro
_SELECT_USER, _SELECT_ROLE, _SELECT_MENTIONABLE, _SELECT_CHANNEL, _UPLOAD = 5, 6, 7, 8, 19


async def act(place: Viewpoint, action: str, asked: Json) -> Json:
    """
    Do something as the member of a place, and return the result for the tab.

    Raises:
        LookupError, PermissionError, ValueError: Discord's client would not do it; the text is for people.

    """
    if place.me is None:
        raise LookupError("There is no server, so nobody to act as.")
    found = ACTIONS.get(action)
    if found is None:
        raise LookupError(f"There is no action {action!r}.")
    return await found(_Actor(place.me, place.channel), asked) or {}


@dataclass(frozen=True, slots=True)
class _Actor:
    """
    A member, and the channel in which it acts.

    Attributes:
        me: the member.
        where: None where the member sees no channel.

    """

    me: Member
    where: Channel | None

    @property
    def channel(self) -> Channel:
        """The channel; `LookupError` if there is none."""
        if self.where is None:
            raise LookupError("There is no channel to act in.")
        return self.where

    @property
    def acts(self) -> Acts:
        """What members do with bots, each up to the bot's first response."""
        return Acts(self.me.guild.world, until_thought=False)

    # Wherever it is

    async def join_voice(self, asked: Json) -> None:
        self.me.join_voice(self._thing(asked.get("channel"), CHANNEL))

    async def leave_voice(self, _: Json) -> None:
        self.me.leave_voice()

    async def meet(self, asked: Json) -> Json:
        name = _text(asked.get("name")).strip()
        if not name:
            raise ValueError("A member needs a name.")
        return {"me": str(self.me.guild.meet(name).id)}

    async def write_to(self, asked: Json) -> Json:
        bot = self.me.guild.world.bots.get(_number(asked.get("bot")))
        if bot is None:
            raise LookupError("There is no such bot.")
        return {"channel": str(self.me.direct_channel(bot).id)}

    # Messages

    async def say(self, asked: Json) -> Json:
        files = [_file(found) for found in asked.get("files") or ()]
        text = _written(asked)
        if not text.strip() and not files:
            raise ValueError("Discord sends no empty message.")
        if asked.get("reply_to") is not None:
            sent = self.me.reply(self._message(asked.get("reply_to")), text, files=files)
        else:
            sent = self.me.say(self.channel, text, files=files)
        return {"message": str(sent.id)}

    async def edit(self, asked: Json) -> None:
        self.me.edit(self._message(asked.get("message")), _written(asked))

    async def delete(self, asked: Json) -> None:
        self.me.delete(self._message(asked.get("message")))

    async def start_typing(self, _: Json) -> None:
        self.me.start_typing(self.channel)

    async def react(self, asked: Json) -> None:
        self.me.react(self._message(asked.get("message")), _text(asked.get("emoji")))

    async def unreact(self, asked: Json) -> None:
        self.me.unreact(self._message(asked.get("message")), _text(asked.get("emoji")))

    async def pin(self, asked: Json) -> None:
        self.me.pin(self._message(asked.get("message")))

    async def unpin(self, asked: Json) -> None:
        self.me.unpin(self._message(asked.get("message")))

    async def vote(self, asked: Json) -> None:
        self.me.vote(self._message(asked.get("message")), *map(_text, asked.get("answers") or ()))

    async def thread(self, asked: Json) -> Json:
        where = self._message(asked.get("message")) if asked.get("message") is not None else self.channel
        return {"channel": str(self.me.open_thread(where, _text(asked.get("name"))).id)}

    # Interactions

    async def run(self, asked: Json) -> Json:
        command = _text(asked.get("command"))
        return _shown(await self.acts.run(self.me, command, self.channel, self._options(command, asked)))

    async def complete(self, asked: Json) -> Json:
        command = _text(asked.get("command"))
        options = self._options(command, asked)
        if not options:
            raise ValueError("An option to complete is missing.")
        reply = await self.acts.complete(self.me, command, self.channel, options)
        return _shown(reply) | {"choices": reply.interaction.choices}

    async def use(self, asked: Json) -> Json:
        target: Message | Member
        if asked.get("message") is not None:
            target = self._message(asked.get("message"))
        else:
            target = self._thing(asked.get("user"), USER)
        return _shown(await self.acts.use(self.me, _text(asked.get("command")), target, self.channel))

    async def click(self, asked: Json) -> Json:
        return _shown(
            await self.acts.click(self.me, self._message(asked.get("message")), _text(asked.get("custom_id")))
        )

    async def select(self, asked: Json) -> Json:
        message, custom_id = self._message(asked.get("message")), _text(asked.get("custom_id"))
        item = shown.select(message.components, custom_id)
        values = [self._value(item, value) for value in asked.get("values") or ()]
        return _shown(await self.acts.select(self.me, message, tuple(values), custom_id))

    async def submit(self, asked: Json) -> Json:
        opened = self._opener(_text(asked.get("modal")))
        fields = {item["custom_id"]: item for _, item in shown.inputs(opened.data["components"])}
        values = {
            name: self._field(fields[name], value)
            for name, value in dict(asked.get("fields") or {}).items()
            if name in fields
        }
        return _shown(await self.acts.submit(self.me, opened, values))

    # What ids mean

    def _thing(self, value: object, kind: int) -> Any:
        """Return the member, role, channel or file that a tab names."""
        if kind == ATTACHMENT:
            return _file(value)
        guild, number = self.me.guild, _number(value)
        found: Role | Member | Channel | None = None
        if kind in (ROLE, MENTIONABLE):
            found = next((role for role in guild.roles.values() if role.id == number), None)
        if kind in (USER, MENTIONABLE):
            found = found or guild.members.get(number)
        if kind == CHANNEL:
            found = guild.world.channels.get(number)
        if found is None:
            raise LookupError("There is no such member, role or channel.")
        return found

    def _message(self, message_id: object) -> Message:
        number = _number(message_id)
        message = self.channel.message(number)
        if message is not None:
            return message
        for one in self._interactions():
            if number in one.ephemerals:
                return one.ephemerals[number]
        raise LookupError("The message was deleted.")

    def _interactions(self) -> list[Interaction]:
        return self.me.guild.world.interactions.of(self.me.user, self.channel)

    def _opener(self, interaction_id: str) -> Modal:
        for one in self._interactions():
            if str(one.id) == interaction_id and one.callback == MODAL and one.modal is not None:
                return Modal(one, one.modal)
        raise LookupError("That form has expired. Open it again.")

    def _options(self, command: str, asked: Json) -> dict[str, Any]:
        kinds = self._kinds(command)
        return {
            name: self._thing(value, kinds[name]) if kinds.get(name) in _THINGS else value
            for name, value in dict(asked.get("options") or {}).items()
        }

    def _kinds(self, command: str) -> Mapping[str, int]:
        """Return the types of a command's options by name."""
        name, *path = command.split()
        _, level = find_command(self.me, self.channel, name, CHAT_INPUT)
        for part in path:
            level = next((option for option in level.get("options") or () if option["name"] == part), {})
        return {option["name"]: option["type"] for option in level.get("options") or ()}

    def _value(self, item: Json, value: object) -> Any:
        kind = _OF_SELECT.get(item["type"])
        return _text(value) if kind is None else self._thing(value, kind)

    def _field(self, item: Json, value: object) -> Any:
        if isinstance(value, list):
            return [self._value(item, one) for one in value]
        return value if isinstance(value, bool) else self._value(item, value)


ACTIONS: Mapping[str, Callable[[_Actor, Json], Awaitable[Json | None]]] = {
    "join_voice": _Actor.join_voice,
    "leave_voice": _Actor.leave_voice,
    "meet": _Actor.meet,
    "write_to": _Actor.write_to,
    "say": _Actor.say,
    "edit": _Actor.edit,
    "delete": _Actor.delete,
    "type": _Actor.start_typing,
    "react": _Actor.react,
    "unreact": _Actor.unreact,
    "pin": _Actor.pin,
    "unpin": _Actor.unpin,
    "vote": _Actor.vote,
    "thread": _Actor.thread,
    "run": _Actor.run,
    "complete": _Actor.complete,
    "use": _Actor.use,
    "click": _Actor.click,
    "select": _Actor.select,
    "submit": _Actor.submit,
}
"""What a tab can have its member do, by the names on the WebSocket."""

_THINGS = (USER, CHANNEL, ROLE, MENTIONABLE, ATTACHMENT)
_OF_SELECT = {
    _SELECT_USER: USER,
    _SELECT_ROLE: ROLE,
    _SELECT_MENTIONABLE: MENTIONABLE,
    _SELECT_CHANNEL: CHANNEL,
    _UPLOAD: ATTACHMENT,
}


def _shown(reply: ShownReply) -> Json:
    """Return a response for a tab: an open modal, or nothing; its messages come as changes."""
    if reply.error is not None:
        raise LookupError(reply.error)
    modal = reply.modal
    if modal is None:
        return {}
    return {"modal": modal.data | {"id": str(modal.interaction.id)}}


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError("A text is missing.")  # noqa: TRY004 - a tab's mistake, not the program's
    return value


def _written(asked: Json) -> str:
    text = _text(asked.get("content"))
    if len(text) > MAX_CONTENT:
        raise ValueError(f"Discord sends at most {MAX_CONTENT:,} characters; these are {len(text):,}.")
    return text


def _number(value: object) -> int:
    number = as_whole(value)
    if number is None:
        raise ValueError(f"{value!r} is not an id.")
    return number


def _file(value: object) -> File:
    if not isinstance(value, dict):
        raise ValueError("A file is missing.")  # noqa: TRY004 - a tab's mistake, not the program's
    try:
        content = b64decode(_text(value.get("data")), validate=True)
    except binascii.Error as error:
        raise ValueError("The file could not be read.") from error
    name = _text(value.get("name"))
    return File(name, content, guess_type(name)[0] or "application/octet-stream")
