"""What members know of one event: its post, their notifications, and who was in voice."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from steward.sim.channels.channel import Channel
from steward.sim.channels.message import Message

COMES = "Yes"


@dataclass(frozen=True, slots=True)
class GivenAnswer:
    """A member's last answer: the button, and the note with it."""

    answer: str
    note: str = ""


@dataclass(eq=False)
class SeenEvent:
    """
    One event as its members have seen it: its post in the `hall`, and each member's last answer that the bot confirmed.

    `queued` members were told that they are on the waitlist; those who `came` were in voice long enough to attend.
    """

    title: str
    hall: Channel
    post: Message
    answers: dict[int, GivenAnswer] = field(default_factory=dict)
    queued: set[int] = field(default_factory=set)
    came: set[int] = field(default_factory=set)

    def mentioned(self, words: str, *, since: Message | None = None) -> Counter[int]:
        """Count the mentions of each member in messages with these words, below the post or since a message."""

        def concerns(message: Message) -> bool:
            under = message.reference is not None and message.reference["message_id"] == str(self.post.id)
            return words in message.content and (under if since is None else message.id > since.id)

        return Counter(user.id for message in self.hall.messages if concerns(message) for user in message.mentions)

    @property
    def moved_up(self) -> Counter[int]:
        """Members told that a seat is free, and how often."""
        return self.mentioned("A spot opened up")

    @property
    def reminded(self) -> Counter[int]:
        """Members who were reminded, and how often."""
        return self.mentioned(" begins ")

    def seated(self) -> set[int]:
        """Return the members with a seat, as far as they know."""
        waiting = self.queued - self.moved_up.keys()
        return {member for member, given in self.answers.items() if given.answer == COMES and member not in waiting}


def is_event_post(message: Message) -> bool:
    """Tell whether a message is the post of an event, by its field for the time."""
    return bool(message.embeds) and any(part["name"] == "When" for part in message.embeds[0].get("fields", ()))
