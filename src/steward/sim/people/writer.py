"""A member's actions on messages, polls and threads."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

from steward.sim.channels import pins, polls, threads
from steward.sim.channels.channel import ANNOUNCEMENT, FORUM, TEXT, Channel
from steward.sim.channels.message import Message
from steward.sim.channels.poll import MessagePoll
from steward.sim.channels.thread import PRIVATE_THREAD, PUBLIC_THREAD, Thread
from steward.sim.guilds import auto_moderation
from steward.sim.guilds.stickers import find as find_sticker
from steward.sim.people.member_actions import MemberActions
from steward.sim.people.user import Json
from steward.sim.uploads import File

if TYPE_CHECKING:
    from steward.sim.people.bot import BotAccount


class Writer(MemberActions):
    """
    A member's actions on messages, polls and threads.

    Actions that Discord's client would not allow raise `LookupError`, `PermissionError` or `ValueError` with an
    explanation.
    """

    __slots__ = ()

    def say(
        self, channel: Channel, text: str = "", *, files: Sequence[File] = (), stickers: Sequence[int] = ()
    ) -> Message:
        """Post a message, with optional files and stickers (by id)."""
        shown = [self._sticker(channel, sticker_id) for sticker_id in stickers]
        return channel.post_as(self._me, text, attachments=self._attached(channel, files), stickers=shown)

    def reply(self, message: Message, text: str = "", *, files: Sequence[File] = (), ping: bool = True) -> Message:
        """Reply to a message, and ping its author if `ping`."""
        channel = self._me.guild.world.channels[message.channel_id]
        if channel.message(message.id) is None:
            raise LookupError("The message to reply to was deleted.")
        return channel.post_as(self._me, text, to=message, ping=ping, attachments=self._attached(channel, files))

    def write_to(self, bot: BotAccount, text: str = "", *, files: Sequence[File] = ()) -> Message:
        """Send a direct message to a bot; continue with `say` and `reply` in its channel."""
        me = self._me
        if not any(bot.id in guild.bots for guild in me.guild.world.guilds.values() if me.id in guild.members):
            raise PermissionError(f"{me.name} shares no server with {bot.name}.")
        return self.say(self.direct_channel(bot), text, files=files)

    def direct_channel(self, bot: BotAccount) -> Channel:
        """Return the direct-message channel with a bot."""
        return self._me.guild.world.direct_channel(bot, self._me.user)

    def edit(self, message: Message, text: str) -> None:
        """Edit the text of an own message."""
        channel = self._channel_of(message)
        if message.author.id != self._me.id:
            raise PermissionError(f"{self._me.name} may not edit what {message.author.shown_name} wrote.")
        _require_open(channel)
        broken = auto_moderation.check(channel, self._me, text)
        channel.set_content(message, self._me, text)
        message.edited_at = channel.world.clock.now()
        channel.emit_message("MESSAGE_UPDATE", message)
        auto_moderation.execute(channel, self._me, text, broken, message)

    def delete(self, message: Message) -> None:
        """Delete an own message, or with MANAGE_MESSAGES another's."""
        channel = self._channel_of(message)
        if message.author.id != self._me.id:
            if channel.guild is None:
                raise PermissionError("In direct messages only the author may delete a message.")
            channel.require(self._me, "manage_messages")
        _require_open(channel)
        channel.remove_message(message, by=self._me.id)

    def start_typing(self, channel: Channel) -> None:
        """Show the typing indicator."""
        channel.require(self._me, "view_channel", channel.write_permission)
        channel.typing(self._me.user)

    def pin(self, message: Message) -> None:
        """Pin a message, unless it is pinned."""
        channel = self._channel_to_pin_in(message)
        if message.pinned_at is None:
            if len(pins.pinned(channel)) >= pins.MOST:
                raise ValueError(f"#{channel.name} has {pins.MOST} pins, the maximum. Unpin one first.")
            pins.pin(channel, message, self._me.user)

    def unpin(self, message: Message) -> None:
        """Unpin a message, if it is pinned."""
        channel = self._channel_to_pin_in(message)
        if message.pinned_at is not None:
            pins.unpin(channel, message, self._me.user)

    def open_thread(self, where: Channel | Message, name: str, *, private: bool = False) -> Thread:
        """Create a thread from a message, or one without a message, public or `private`."""
        channel = self._channel_of(where) if isinstance(where, Message) else where
        if channel.guild is None or channel.kind not in (TEXT, ANNOUNCEMENT):
            raise ValueError(f"#{channel.name} has no threads; in a forum, use post.")
        channel.require(self._me, "view_channel", "create_private_threads" if private else "create_public_threads")
        if not isinstance(where, Message):
            return threads.open_thread(channel, name, self._me.id, PRIVATE_THREAD if private else PUBLIC_THREAD)
        if private or where.by_system or where.thread is not None:
            raise ValueError(
                "That message cannot start a thread: private threads have no starter message, and a "
                "message starts at most one thread."
            )
        return threads.open_at(channel, where, name, self._me.id)

    def post(self, forum: Channel, name: str, text: str = "", *, files: Sequence[File] = ()) -> Thread:
        """Create a forum post: a thread with its first message."""
        if forum.kind != FORUM:
            raise ValueError(f"#{forum.name} is not a forum.")
        forum.require(self._me, "view_channel", "send_messages")
        attached = self._attached(forum, files)
        broken = auto_moderation.check(forum, self._me, whole := f"{name}\n{text}")
        thread = threads.open_thread(forum, name, self._me.id, PUBLIC_THREAD)
        first = Message(thread.id, thread.id, self._me.user, attachments=attached)
        thread.set_content(first, self._me, text)
        thread.post(first)
        auto_moderation.execute(forum, self._me, whole, broken, first)
        return thread

    def ask(
        self, channel: Channel, question: str, *answers: str, hours: float = 24, multiselect: bool = False
    ) -> Message:
        """Post a poll."""
        if not answers:
            raise ValueError("A poll needs at least one answer.")
        channel.require(self._me, "send_polls")
        ends_at = channel.world.clock.now() + timedelta(hours=hours)
        listed: dict[int, dict[str, object]] = {number: {"text": text} for number, text in enumerate(answers, 1)}
        return channel.post_as(self._me, "", poll=MessagePoll(question, listed, ends_at, multiselect))

    def vote(self, message: Message, *answers: str) -> None:
        """Vote for exactly these answers of a poll, given by text; other votes of the member are removed."""
        channel, poll = self._channel_of(message), message.poll
        if poll is None:
            raise LookupError("There is no poll in that message.")
        if poll.ended:
            raise ValueError(f"The poll {poll.question!r} is over.")
        if len(answers) > 1 and not poll.multiselect:
            raise ValueError(f"The poll {poll.question!r} allows only one answer.")
        texts = {str(media["text"]): answer_id for answer_id, media in poll.answers.items()}
        if unknown := [text for text in answers if text not in texts]:
            raise LookupError(f"{unknown[0]!r} is not an answer of the poll; those are: {', '.join(texts)}.")
        polls.vote(channel, message, self._me.id, {texts[text] for text in answers})

    def unvote(self, message: Message) -> None:
        """Remove the member's votes in a poll."""
        self.vote(message)

    def _channel_to_pin_in(self, message: Message) -> Channel:
        channel = self._channel_of(message)
        channel.require(self._me, "pin_messages")
        if message.by_system:
            raise ValueError("System messages cannot be pinned.")
        _require_open(channel)
        return channel

    def _sticker(self, channel: Channel, sticker_id: int) -> Json:
        found = find_sticker(channel.world, sticker_id)
        if found is None:
            raise LookupError(f"There is no sticker {sticker_id}.")
        if found[0] not in (None, channel.guild):
            channel.require(self._me, "use_external_stickers")
        return found[1]

    def _attached(self, channel: Channel, files: Sequence[File]) -> list[Json]:
        if not files:
            return []
        channel.require(self._me, "attach_files")
        world = channel.world
        if large := [file.name for file in files if len(file.content) > world.limits.file_bytes]:
            raise ValueError(f"{large[0]} is larger than Discord's limit of {world.limits.file_bytes} bytes.")
        return [world.uploads.keep(world.snowflakes.next(), file) for file in files]


def _require_open(channel: Channel) -> None:
    if isinstance(channel, Thread) and channel.archived:
        raise PermissionError(f"The thread {channel.name!r} is archived.")
