"""A member's actions on polls."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from steward.sim.channels import polls
from steward.sim.channels.poll import MessagePoll
from steward.sim.people.member_actions import MemberActions

if TYPE_CHECKING:
    from steward.sim.channels.channel import Channel
    from steward.sim.channels.message import Message


class Voter(MemberActions):
    """A member's actions on polls."""

    __slots__ = ()

    def ask(
        self, channel: Channel, question: str, *answers: str, hours: float = 24, multiselect: bool = False
    ) -> Message:
        """
        Post a poll.

        Raises:
            PermissionError: the member may not write or create polls there.
            ValueError: there is no answer.

        """
        if not answers:
            raise ValueError("A poll needs at least one answer.")
        channel.require(self._me, "send_polls")
        ends_at = channel.world.clock.now() + timedelta(hours=hours)
        listed: dict[int, dict[str, object]] = {number: {"text": text} for number, text in enumerate(answers, 1)}
        return channel.post_as(self._me, "", poll=MessagePoll(question, listed, ends_at, multiselect))

    def vote(self, message: Message, *answers: str) -> None:
        """
        Vote for exactly these answers of a poll, given by text; other votes of the member are removed.

        Raises:
            PermissionError: the member may not view the channel.
            LookupError: the poll or an answer does not exist.
            ValueError: the poll has ended, or allows only one answer.

        """
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
