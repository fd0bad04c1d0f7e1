"""
One interaction: the user's action, the lifetime of its token, and the bot's responses.

Source: discord-api-docs, developers/interactions/receiving-and-responding.mdx: first response within 3 seconds, token
valid for 15 minutes.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from steward.sim.channels.message import EPHEMERAL, LOADING, Message
from steward.sim.people.user import Json, User

if TYPE_CHECKING:
    from steward.sim.channels.channel import Channel
    from steward.sim.people.bot import BotAccount
    from steward.sim.people.member import Member
    from steward.sim.world import World

COMMAND, COMPONENT, AUTOCOMPLETE, SUBMIT = 2, 3, 4, 5  # types of interactions
PONG, MESSAGE, DEFERRED, DEFERRED_UPDATE, UPDATE, CHOICES, MODAL = 1, 4, 5, 6, 7, 8, 9  # types of callbacks


@dataclass(eq=False)
class Interaction:
    """
    An interaction of a member and the responses, which its token authorizes.

    `data` is Discord's interaction data, `message` the message with the component (also for a modal that the component
    opened), `parent` the interaction that opened the modal.
    """

    world: World = field(repr=False)
    id: int
    token: str
    kind: int
    bot: BotAccount = field(repr=False)
    member: Member
    channel: Channel
    data: Json
    message: Message | None = None
    parent: Interaction | None = None
    callback: int | None = None
    original: Message | None = None
    modal: Json | None = None
    choices: list[Json] = field(default_factory=list)
    followups: list[Message] = field(default_factory=list)
    ephemerals: dict[int, Message] = field(default_factory=dict)
    acts: int = 0

    def __post_init__(self) -> None:
        self._born = self.world.clock.monotonic()
        self._waiting: set[asyncio.Future[None]] = set()

    @property
    def user(self) -> User:
        """Who acted."""
        return self.member.user

    # Time

    @property
    def age(self) -> float:
        """Seconds since it was created."""
        return self.world.clock.monotonic() - self._born

    @property
    def answerable(self) -> bool:
        """Whether a first response is still possible."""
        return self.callback is None and self.age <= self.world.limits.interaction_answer_seconds

    @property
    def alive(self) -> bool:
        """Whether the token is still valid for follow-ups and edits."""
        return self.callback is not None and self.age <= self.world.limits.interaction_token_seconds

    @property
    def loading(self) -> bool:
        """Whether the bot is shown as thinking."""
        return self.original is not None and bool(self.original.flags & LOADING)

    async def until(self, reached: Callable[[], bool], by: float) -> bool:
        """Wait for a condition, at most until the interaction is `by` seconds old; return whether it holds."""
        while not reached():
            left = by - self.age
            if left <= 0:
                return False
            change = asyncio.get_running_loop().create_future()
            self._waiting.add(change)
            try:
                async with asyncio.timeout(left):
                    await change
            except TimeoutError:
                return reached()
            finally:
                self._waiting.discard(change)
        return True

    # The bot's responses

    def answered(self, callback: int) -> None:
        """Record the type of the first response."""
        self.callback = callback
        self.changed()

    def show(self, message: Message) -> None:
        """Add the original response message."""
        self.original = message
        self.keep(message)

    def follow_up(self, message: Message) -> None:
        """Add a follow-up message."""
        self.followups.append(message)
        self.keep(message)
        self.changed()

    def edited(self, message: Message) -> None:
        """Mark a message as edited and emit MESSAGE_UPDATE, unless it is ephemeral."""
        message.edited_at = self.world.clock.now()
        if not message.ephemeral:
            self.channel.emit_message("MESSAGE_UPDATE", message)
        self.changed()

    def keep(self, message: Message) -> None:
        """Post a new message in the channel, or store it for the user if ephemeral."""
        if message.flags & EPHEMERAL:
            message.only_for = self.user.id
            self.ephemerals[message.id] = message
        else:
            self.channel.post(message)

    def drop(self, message: Message) -> None:
        """Delete one of its messages."""
        self.followups = [kept for kept in self.followups if kept is not message]
        if message is self.original:
            self.original = None
        if self.ephemerals.pop(message.id, None) is None and self.channel.message(message.id) is message:
            self.channel.remove_message(message)
        self.changed()

    def found(self, message_id: int) -> Message | None:
        """Return one of its messages, unless deleted."""
        own = [message for message in (self.original, *self.followups) if message is not None]
        found = next((message for message in own if message.id == message_id), None)
        if found is None or found.ephemeral:
            return found
        return self.channel.message(message_id)

    def changed(self) -> None:
        """Count a change and wake the waiters."""
        self.acts += 1
        self.world.interactions.tell(self)
        for waiting in self._waiting:
            if not waiting.done():
                waiting.set_result(None)
