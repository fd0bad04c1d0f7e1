"""What a member does with polls."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from steward.sim.channels import polls
from steward.sim.channels.poll import MessagePoll
from steward.sim.people.somebody import Somebody

if TYPE_CHECKING:
    from steward.sim.channels.channel import Channel
    from steward.sim.channels.message import Message


class Voter(Somebody):
    """The acts of a member that concern polls."""

    __slots__ = ()

    def ask(
        self, channel: Channel, question: str, *answers: str, hours: float = 24, multiselect: bool = False
    ) -> Message:
        """
        Make a poll, open for so many hours.

        Raises:
            PermissionError: the member may not write there, or make no polls.
            ValueError: it has no answer.

        """
        if not answers:
            raise ValueError("A poll needs an answer to choose.")
        channel.need(self._me, "send_polls")
        ends_at = channel.world.clock.now() + timedelta(hours=hours)
        listed: dict[int, dict[str, object]] = {number: {"text": text} for number, text in enumerate(answers, 1)}
        return channel.post_as(self._me, "", poll=MessagePoll(question, listed, ends_at, multiselect))

    def vote(self, message: Message, *answers: str) -> None:
        """
        Vote in a poll for exactly these answers, named by their text; earlier votes for others are taken back.

        Raises:
            PermissionError: the member does not see the channel.
            LookupError: there is no poll, or not that answer.
            ValueError: the poll is over, or takes one answer only.

        """
        channel, poll = self._channel_of(message), message.poll
        if poll is None:
            raise LookupError("There is no poll in that message.")
        if poll.ended:
            raise ValueError(f"The poll {poll.question!r} is over.")
        if len(answers) > 1 and not poll.multiselect:
            raise ValueError(f"The poll {poll.question!r} takes one answer only.")
        texts = {str(media["text"]): answer_id for answer_id, media in poll.answers.items()}
        if unknown := [text for text in answers if text not in texts]:
            raise LookupError(f"{unknown[0]!r} is no answer of the poll; those are: {', '.join(texts)}.")
        polls.vote(channel, message, self._me.id, {texts[text] for text in answers})

    def unvote(self, message: Message) -> None:
        """Take all votes in a poll back."""
        self.vote(message)
