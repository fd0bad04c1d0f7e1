"""Compare what members know of a demo's events with what the bot stores and shows."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta

from steward.bots.events.attendance.measured import presences
from steward.bots.events.model.occurrences import Occurrence, State
from steward.bots.events.model.timeline import kept_between
from steward.bots.events.rsvp.answers import Rsvp, answers
from steward.bots.events.rsvp.notices import post_id
from steward.cli.demo.edit_pace import DemoEditPace
from steward.cli.demo.event_figures import EventFigures, tally
from steward.cli.demo.people import People
from steward.cli.demo.seen_event import COMES, GivenAnswer, is_event_post
from steward.sim.channels.message import Message
from steward.store import Store, Transaction

MOST = 10_000
AROUND = timedelta(days=366)
IN_TIME = timedelta(minutes=1)  # how late a reminder may be
WAITING = "Waitlist"


@dataclass(frozen=True, slots=True)
class StoredEvent:
    """An event in the bot's database: its post, its RSVPs, and who attended it if it is over."""

    event: Occurrence
    post_id: int
    answers: list[Rsvp]
    attended: set[int]

    def given(self, answer: Rsvp) -> GivenAnswer:
        """Return an RSVP as the member gave it."""
        option = self.event.details.option(answer.option)
        return GivenAnswer("" if option is None else option.label, answer.note)

    @property
    def coming(self) -> list[Rsvp]:
        """RSVPs of Yes, with or without a seat."""
        return [answer for answer in self.answers if self.given(answer).answer == COMES]

    @property
    def seated(self) -> set[int]:
        """Members with a seat."""
        return {answer.user_id for answer in self.coming if answer.seated}

    @property
    def is_misfilled(self) -> bool:
        """Whether too many or too few seats are taken."""
        seats = self.event.details.seats
        return len(self.seated) != (len(self.coming) if seats is None else min(seats, len(self.coming)))

    def reminders(self, until: datetime) -> int:
        """Return how many of its reminders are due at that instant."""
        ahead = [timedelta(minutes=reminder.minutes) for reminder in self.event.details.reminders]
        return sum(self.event.starts_at - before <= until for before in ahead)


async def event_figures(
    store: Store, guild_id: int, people: People, failed: list[str], pace: DemoEditPace, now: datetime
) -> EventFigures:
    """Compare members' knowledge with the database; reminders due a minute before `now` must have been sent."""
    kept = {one.post_id: one for one in await stored_events(store, guild_id)}
    seen_events = {seen.post.id: seen for seen in people.seen_events}
    known = [(post, seen, kept[post]) for post, seen in seen_events.items() if post in kept]
    over = [(post, seen, one) for post, seen, one in known if one.event.state is State.OVER]
    reminded = Counter((post, user) for post, seen in seen_events.items() for user in seen.reminded.elements())
    due, soon = (
        Counter({(post, user): one.reminders(until) for post, _, one in known for user in one.seated})
        for until in (now - IN_TIME, now)
    )
    return EventFigures(
        made=len(people.seen_events),
        posts=tally(
            Counter((post, len(one.seated), len(one.coming) - len(one.seated)) for post, one in kept.items()),
            Counter((post.id, *_shown(post)) for post in people.hall.messages if is_event_post(post)),
        ),
        answers=tally(
            Counter((post, user, given) for post, seen in seen_events.items() for user, given in seen.answers.items()),
            Counter((post, answer.user_id, one.given(answer)) for post, one in kept.items() for answer in one.answers),
        ),
        seats=tally(
            Counter((post, user) for post, seen in seen_events.items() for user in seen.seated()),
            Counter((post, user) for post, one in kept.items() for user in one.seated),
        ),
        misfilled=sum(one.is_misfilled for one in kept.values()),
        moved_up=tally(
            Counter((post, user) for post, seen, one in known for user in seen.queued & one.seated),
            Counter((post, user) for post, seen in seen_events.items() for user in seen.moved_up.elements()),
        ),
        reminders=tally(due, reminded - ((reminded - due) & (soon - due))),
        attendance=tally(
            Counter((post, user) for post, seen, _ in over for user in seen.came),
            Counter((post, user) for post, _, one in over for user in one.attended),
        ),
        acts=people.acts,
        unanswered=people.unanswered,
        edits=pace.edits,
        hasty_edits=pace.hasty,
        failed=tuple(failed),
    )


async def stored_events(store: Store, guild_id: int) -> list[StoredEvent]:
    """Return the posted events of a guild from the bot's database."""

    def read(tx: Transaction) -> list[StoredEvent]:
        found = []
        for event in kept_between(tx, guild_id, tx.now - AROUND, tx.now + AROUND, limit=MOST):
            message_id = post_id(tx, event)
            if message_id is not None:
                attended = {one.user_id for one in presences(tx, event.id) if one.attended}
                found.append(StoredEvent(event, message_id, answers(tx, event.id), attended))
        return found

    return await store.read(read)


def _shown(post: Message) -> tuple[int, int]:
    """Return how many come and how many wait, according to a post's headings."""
    counts = {}
    for field in post.embeds[0]["fields"]:
        words, bracket, number = field["name"].rpartition(" (")
        if bracket:
            counts[words.split()[-1]] = int(number.rstrip(")"))
    return counts.get(COMES, 0), counts.get(WAITING, 0)
