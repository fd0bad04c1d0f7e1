"""The figures of a demo's events: what members know, compared with what the bot stores and shows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable
from dataclasses import dataclass
from typing import TypeVar

Thing = TypeVar("Thing", bound=Hashable)


@dataclass(frozen=True, slots=True)
class EventTally:
    """How many things were due, how many of them were found, and how many others, duplicates included."""

    due: int
    kept: int
    surplus: int = 0

    @property
    def holds(self) -> bool:
        """Whether exactly the expected things were found."""
        return self.due == self.kept and self.surplus == 0


def tally(due: Counter[Thing], found: Counter[Thing]) -> EventTally:
    """Compare what is expected with what was found, with multiplicity."""
    return EventTally(due.total(), (due & found).total(), (found - due).total())


@dataclass(frozen=True, slots=True)
class EventFigures:
    """
    The figures of one run's events.

    Attributes:
        made: events that members know: created by form or poll, or repeated by a series.
        posts: events that the bot has posted, with its seats and waitlist in the database, and the posts that match.
        answers: members' last answers with their notes, and those in the bot's database.
        seats: members who were told that they have a seat, and those who have one.
        misfilled: events with more seats taken than there are, or with a free seat while somebody waits.
        moved_up: members promoted from the waitlist, and those who were told.
        reminders: attendees of an event whose reminder is due, and those reminded.
        attendance: members in the voice channel of an event that is over, and those counted as attendees.
        acts: interactions that the bot had to answer; `unanswered`: those not answered within Discord's time.
        edits: of posts; `hasty_edits`: within a second of another of the same post.
        failed: what members could not do, a sentence each.

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
        """What is wrong, in a few words each."""
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
