"""What organisers do with events: one transaction each, with everything that follows from it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from steward.bots.events import moments, planning
from steward.bots.events.altering import call_off, changeable, reaches, take_over
from steward.bots.events.details import BadEvent, Details
from steward.bots.events.following import follow
from steward.bots.events.notices import tell_those_who_come
from steward.bots.events.occurrences import (
    Occurrence,
    State,
    add_occurrence,
    keep_details,
    occurrence,
    set_details,
    set_time,
    touch,
)
from steward.bots.events.posts import Posts
from steward.bots.events.reposting import post_anew
from steward.bots.events.series import Series, add_series, end_series, replace_details, series_of
from steward.bots.events.timeline import occurrences_of
from steward.bots.events.views.post import at
from steward.store import Store, Transaction, instant_of

OVER_FOR_EVER = BadEvent("None of its times lies ahead.", remedy="Choose a start that is yet to come.")
UNPOSTED_AT_MOST = timedelta(days=7)
"""So long before its start an occurrence that was moved out of its turn is posted at the latest."""
NEVER_AGAIN = BadEvent("That series has ended.", remedy="See /events list for others.")


class Organising:
    """
    Makes and changes events.

    Args:
        store: keeps them.
        posts: shows them.

    """

    def __init__(self, store: Store, posts: Posts) -> None:
        self._store = store
        self._posts = posts

    async def create(self, series: Series) -> Occurrence:
        """
        Make an event; its post follows. Asked again with the same id, it returns what it made.

        Raises:
            BadEvent: it cannot be so, or is over already.

        """
        checked = replace(series, details=series.details.checked())

        def work(tx: Transaction) -> Occurrence:
            new = add_series(tx, checked)
            first = planning.begin(tx, checked) if new else next(iter(occurrences_of(tx, series.id, tx.now)), None)
            if first is None:
                raise OVER_FOR_EVER
            return first

        return await self._store.write(work)

    async def edit(
        self, occurrence_id: int, change: Callable[[Details], Details], *, whole_series: bool, what: str
    ) -> Occurrence:
        """
        Change what an occurrence, or all of its series from now on, is; those who come are told.

        Args:
            occurrence_id: which.
            change: makes the new details of the present ones: of the series', and of an occurrence's own.
            whole_series: change the series, too; occurrences with details of their own keep them.
            what: what has changed, in words.

        Raises:
            BadEvent: it cannot be so.

        """

        def work(tx: Transaction) -> list[Occurrence]:
            event = changeable(tx, occurrence_id)
            details = change(event.details).checked()
            series = series_of(tx, event.event_id) if whole_series else None
            if series is None:
                set_details(tx, event.id, details)
                changed = [occurrence(tx, event.id)]
            else:
                keep_details(tx, series, event.original)
                replace_details(tx, series.id, change(series.details).checked())
                if event.differs:
                    set_details(tx, event.id, details)
                changed = [other for other in occurrences_of(tx, series.id, tx.now) if reaches(event, other)]
            for other in changed:
                take_over(tx, other, what)
            return changed

        changed = await self._store.write(work)
        for other in changed:
            self._posts.changed(other.id)
        return changed[0]

    async def move(self, occurrence_id: int, start: datetime) -> Occurrence:
        """
        Move one occurrence to another wall time in the zone of its event; the series keeps its own.

        Raises:
            BadEvent: that time is past, or the occurrence is over.

        """

        def work(tx: Transaction) -> Occurrence:
            event = changeable(tx, occurrence_id)
            starts_at = instant_of(start, event.zone)
            if starts_at <= tx.now:
                raise BadEvent("That time is past.", remedy="Choose one that is yet to come.")
            set_time(tx, event.id, starts_at, starts_at + timedelta(minutes=event.details.minutes))
            moved = occurrence(tx, event.id)
            if moved.state is State.POSTED:
                moments.set_course(tx, moved)
                follow(tx, moved.id)
                tell_those_who_come(tx, moved, f"is moved to {at(moved.starts_at)}")
            else:
                series = series_of(tx, event.event_id)
                if series is not None:
                    planning.go_on(tx, series, event)  # what follows may come first now
                    soonest = max(tx.now, starts_at - UNPOSTED_AT_MOST) if series.rule is not None else tx.now
                    moments.set_post(tx, moved, planning.posts_at(series, start, soonest))
            return moved

        return await self._shown(work)

    async def cancel(self, occurrence_id: int) -> Occurrence:
        """
        Cancel one occurrence; those who come are told, and the series goes on.

        Raises:
            BadEvent: it is over, or cancelled already.

        """

        def work(tx: Transaction) -> Occurrence:
            event = changeable(tx, occurrence_id)
            tell_those_who_come(tx, event, "is cancelled")
            call_off(tx, event)
            series = series_of(tx, event.event_id)
            if series is not None:
                planning.go_on(tx, series, event)
            return occurrence(tx, event.id)

        return await self._shown(work)

    async def skip(self, event_id: int, original: datetime) -> Occurrence:
        """
        Cancel one occurrence of a series ahead of its post, by when the series has it.

        Raises:
            BadEvent: the series has ended, has no such time, or that occurrence is over.

        """
        return await self.cancel(await self.keep(event_id, original))

    async def keep(self, event_id: int, original: datetime) -> int:
        """
        Have an occurrence of a series kept ahead of its turn, and return its id.

        Raises:
            BadEvent: the series has ended, or has no such time.

        """

        def work(tx: Transaction) -> int:
            series = series_of(tx, event_id)
            if series is None:
                raise NEVER_AGAIN
            if planning.walls(series, original - planning.A_MINUTE, limit=1) != [original]:
                raise BadEvent("The series has no such time.", remedy="Choose one of those that are offered.")
            return add_occurrence(tx, series, original).id

        return await self._store.write(work)

    async def repost(self, occurrence_id: int, channel_id: int | None = None) -> Occurrence:
        """
        Put up the post of an occurrence again, in place of one that was deleted.

        Args:
            occurrence_id: of which.
            channel_id: where, from now on for its series, too; None for where it was.

        Raises:
            BadEvent: it is over, not posted yet, or its post is there.
            Refused, TryLater: Discord does not say whether the post is there.

        """
        if channel_id is None and await self._posts.is_there(occurrence_id):
            raise BadEvent("Its post is there.", remedy="Name another channel to have it posted there.")

        def work(tx: Transaction) -> Occurrence:
            return post_anew(tx, changeable(tx, occurrence_id), channel_id)

        event = await self._store.write(work)
        self._posts.put_up_anew(event.id)
        return event

    async def end(self, event_id: int) -> int:
        """
        End a series: what is ahead is cancelled, and those who come are told. Return how many occurrences that were.

        Raises:
            BadEvent: it has ended already.

        """

        def work(tx: Transaction) -> list[Occurrence]:
            if series_of(tx, event_id) is None:
                raise NEVER_AGAIN
            end_series(tx, event_id)
            ahead = [
                event
                for event in occurrences_of(tx, event_id, tx.now)
                if event.state in {State.PLANNED, State.POSTED} and event.starts_at > tx.now
            ]
            for event in ahead:
                touch(tx, event.id)  # the number of the change names the notice of it
                tell_those_who_come(tx, occurrence(tx, event.id), "is cancelled")
                call_off(tx, event)
            return ahead

        ahead = await self._store.write(work)
        for event in ahead:
            self._posts.changed(event.id)
        return len(ahead)

    async def _shown(self, work: Callable[[Transaction], Occurrence]) -> Occurrence:
        event = await self._store.write(work)
        self._posts.changed(event.id)
        return event
