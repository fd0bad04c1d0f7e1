"""What members know of one event from the outside: its post, what they were told, where they were."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from steward.sim.channels.channel import Channel
from steward.sim.channels.message import Message

COMES = "Yes"


@dataclass(frozen=True, slots=True)
class Said:
    """A member's last answer: the button, and the note beside it."""

    answer: str
    note: str = ""


@dataclass(eq=False)
class Sheet:
    """
    One event, as those who use it have seen it.

    Attributes:
        title: as the organiser wrote it.
        hall: where it is posted.
        post: the message with the buttons.
        said: each member's last answer that the bot acknowledged, by id.
        queued: who was told to wait for a seat.
        came: who was in its voice channel for long enough to have attended.

    """

    title: str
    hall: Channel
    post: Message
    said: dict[int, Said] = field(default_factory=dict)
    queued: set[int] = field(default_factory=set)
    came: set[int] = field(default_factory=set)

    def told(self, words: str, *, since: Message | None = None) -> Counter[int]:
        """Return how often members were mentioned by what says so under the post, or in the channel since a message."""

        def concerns(message: Message) -> bool:
            under = message.reference is not None and message.reference["message_id"] == str(self.post.id)
            return words in message.content and (under if since is None else message.id > since.id)

        return Counter(user.id for message in self.hall.messages if concerns(message) for user in message.mentions)

    @property
    def moved_up(self) -> Counter[int]:
        """Who was told that a seat is free, and how often."""
        return self.told("A spot opened up")

    @property
    def reminded(self) -> Counter[int]:
        """Who was reminded, and how often."""
        return self.told(" begins ")

    def those_in(self) -> set[int]:
        """Return who has a seat, as far as they were told."""
        waiting = self.queued - self.moved_up.keys()
        return {member for member, said in self.said.items() if said.answer == COMES and member not in waiting}


def is_event_post(message: Message) -> bool:
    """Return whether a message is the post of an event: it says when."""
    return bool(message.embeds) and any(part["name"] == "When" for part in message.embeds[0].get("fields", ()))
