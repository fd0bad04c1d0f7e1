"""A poll and its votes. Source: discord-api-docs, developers/resources/poll.mdx and resources/message.mdx."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from steward.sim.people.user import Json

DEFAULT_LAYOUT = 1


@dataclass(slots=True, eq=False)
class MessagePoll:
    """
    A poll in a message.

    `answers` are Discord's poll media objects by answer id, from 1; `votes` are user ids by answer id, in order of
    voting.
    """

    question: str
    answers: dict[int, Json]
    ends_at: datetime
    multiselect: bool = False
    ended: bool = False
    votes: dict[int, dict[int, None]] = field(default_factory=dict)

    @property
    def counts(self) -> dict[int, int]:
        """The number of votes per answer id, without answers that have none."""
        return {answer_id: len(voters) for answer_id, voters in sorted(self.votes.items()) if voters}

    def answers_of(self, user_id: int) -> set[int]:
        """Return the ids of the answers that a user voted for."""
        return {answer_id for answer_id, voters in self.votes.items() if user_id in voters}

    def payload(self, viewer: int | None) -> Json:
        """Return Discord's poll object for a user."""
        counts = [
            {"id": answer_id, "count": count, "me_voted": viewer in self.votes[answer_id]}
            for answer_id, count in self.counts.items()
        ]
        return {
            "question": {"text": self.question},
            "answers": [{"answer_id": found, "poll_media": media} for found, media in self.answers.items()],
            "expiry": self.ends_at.isoformat(),
            "allow_multiselect": self.multiselect,
            "layout_type": DEFAULT_LAYOUT,
            "results": {"answer_counts": counts, "is_finalized": self.ended},
        }

    def result(self) -> Json:
        """Return the embed with the result; it names no winner after a draw or without votes."""
        counts = self.counts
        most = max(counts.values(), default=0)
        first = [answer_id for answer_id, count in counts.items() if count == most]
        found = {
            "poll_question_text": self.question,
            "victor_answer_votes": most,
            "total_votes": sum(counts.values()),
        }
        if len(first) == 1:
            media = self.answers[first[0]]
            found |= {"victor_answer_id": first[0], "victor_answer_text": media["text"]}
            found |= {f"victor_answer_emoji_{key}": value for key, value in media.get("emoji", {}).items() if value}
        fields = [{"name": name, "value": str(value), "inline": False} for name, value in found.items()]
        return {"type": "poll_result", "fields": fields}
