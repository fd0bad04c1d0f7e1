"""What a demo's events came to: what members know of them, beside what the bot keeps and shows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable
from dataclasses import dataclass
from typing import TypeVar

Thing = TypeVar("Thing", bound=Hashable)


@dataclass(frozen=True, slots=True)
class EventTally:
    """
    Things that should be, beside those that are.

    Attributes:
        due: how many should be.
        kept: how many of them are.
        surplus: how many are that should not be, or once too often.

    """

    due: int
    kept: int
    surplus: int = 0

    @property
    def holds(self) -> bool:
        """Whether exactly those are that should be."""
        return self.due == self.kept and self.surplus == 0


def tally(due: Counter[Thing], found: Counter[Thing]) -> EventTally:
    """Compare what should be with what is, each as often as it should be or is."""
    return EventTally(due.total(), (due & found).total(), (found - due).total())


@dataclass(frozen=True, slots=True)
class EventFigures:
    """
    The figures of one run's events.

    Attributes:
        made: events that members know: made by form or poll, or the next of a series.
        posts: each event that the bot has posted, with who come and wait by its database, and the posts with these.
        answers: members' last answers with their notes, and those in the bot's database.
        seats: who was told to have one, and who has one.
        misfilled: events with more taken than there are, or with one free while somebody waits.
        moved_up: who waited and has a seat now, and who was told so.
        reminders: who come to an event whose reminder is due, and who was reminded.
        attendance: who was in the voice channel of an event that is over, and who has attended.
        acts: what people did that the bot had to answer; `unanswered`: where it did not within Discord's time.
        edits: of posts; `hasty_edits`: less than a second after another of the same post.
        failed: what people could not do, a sentence each.

    """

    made: int = 0
    posts: EventTally = EventTally(0, 0)
    answers: EventTally = EventTally(0, 0)
    seats: EventTally = EventTally(0, 0)
    misfilled: int = 0
    moved_up: EventTally = EventTally(0, 0)
    reminders: EventTally = EventTally(0, 0)
    attendance: EventTally = EventTally(0, 0)
    acts: int = 0
    unanswered: int = 0
    edits: int = 0
    hasty_edits: int = 0
    failed: tuple[str, ...] = ()

    @property
    def wrong(self) -> list[str]:
        """What is not as promised, in a few words each."""
        tallies = {
            "a post is missing, duplicated or wrong": self.posts,
            "answers were not recorded correctly": self.answers,
            "a seat has the wrong member": self.seats,
            "a member who moved up was not notified once": self.moved_up,
            "a member was not reminded once": self.reminders,
            "an attendee was not counted": self.attendance,
        }
        found = [words for words, compared in tallies.items() if not compared.holds]
        if self.misfilled:
            found.append(f"{self.misfilled} events have too many or too few seats taken")
        if self.unanswered:
            found.append(f"{self.unanswered} clicks or commands were not answered in time")
        if self.hasty_edits:
            found.append(f"{self.hasty_edits} edits of a post came within a second of another")
        return found + list(self.failed)
