"""What organisers do with events: one transaction each, with everything that follows from it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

from steward.bots.events.editing.altering import call_off, changeable, follow, take_over
from steward.bots.events.editing.split import Change, last_before, replan
from steward.bots.events.editing.weekly_plan import NEVER_AGAIN, series_to_change
from steward.bots.events.model.details import BadEvent, Details
from steward.bots.events.model.occurrences import (
    Occurrence,
    State,
    add_occurrence,
    move_planned,
    occurrence,
    set_channel,
    set_details,
    set_state,
    touch,
)
from steward.bots.events.model.series import Series, add_series, end_series, parts_of, replace_series, series_of
from steward.bots.events.model.timeline import occurrences_of
from steward.bots.events.native import mirrors
from steward.bots.events.posts.occurrence_posts import leave, put_up
from steward.bots.events.recurrence import planning
from steward.bots.events.rsvp import answers
from steward.bots.events.rsvp.notices import tell_moved_up, tell_those_who_come
from steward.bots.events.schedule import moments
from steward.client.embeds import at
from steward.errors import StewardError
from steward.runtime.wall_time import wall_of
from steward.store import Store, Transaction, instant_of
from steward.store.outbox import outbox

OVER_FOR_EVER = BadEvent("All of its times have passed.", remedy="Choose a start in the future.")
UNPOSTED_AT_MOST = timedelta(days=7)
"""So long before its start an occurrence that was moved out of its turn is posted at the latest."""
IS_OVER = BadEvent("That time is over.", remedy="Create it again with `/event duplicate`.")
IS_NOT_CANCELLED = BadEvent("That event isn't cancelled.", remedy="Pick one from the list that shows while you type.")


class EventService:
    """
    Makes and changes events.

    Args:
        is_there: tells whether Discord still has the post of an occurrence.
        before: awaited with an occurrence before somebody may move up there.

    """

    def __init__(
        self,
        store: Store,
        is_there: Callable[[int], Awaitable[bool]],
        before: Callable[[int], Awaitable[None]] | None = None,
    ) -> None:
        self._store = store
        self._is_there = is_there
        self._before = before

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

    async def edit(self, occurrence_id: int, change: Callable[[Details], Details], *, what: str) -> Occurrence:
        """Change what an occurrence is; those who come are told `what` has changed."""

        def work(tx: Transaction, event: Occurrence) -> None:
            set_details(tx, event.id, change(event.details).checked())
            take_over(tx, occurrence(tx, event.id), event.starts_at, f"has changed: {what}")

        if self._before is not None:
            await self._before(occurrence_id)
        return await self._change(occurrence_id, work)

    async def replan(
        self, occurrence_id: int, change: Change, *, past_id: int, moves: bool = False, what: str = ""
    ) -> Occurrence:
        """
        Replace what a series is from one of its occurrences on; those who come are told.

        Args:
            change: makes the new series of the present one, that begins with the occurrence.
            past_id: of the interaction that wishes it; the id of what was before, as a series of its own.
            moves: whether it is about the time, so that the occurrence gives up one of its own.
            what: what is different of the details, in words; empty for nothing.

        Raises:
            BadEvent: it cannot be so, or the series is one of the weekly plan.
            BadRule: the new rule cannot be used.

        """

        def work(tx: Transaction, event: Occurrence) -> None:
            replan(tx, series_to_change(tx, event), event, change, past_id=past_id, moves=moves, what=what)

        return await self._change(occurrence_id, work)

    async def move(self, occurrence_id: int, start: datetime) -> Occurrence:
        """
        Move one occurrence to another wall time in the zone of its event; the series keeps its own.

        Raises `BadEvent` if that time is past, or the occurrence is over.
        """

        def work(tx: Transaction, event: Occurrence) -> None:
            starts_at = instant_of(start, event.zone)
            if starts_at <= tx.now:
                raise planning.PAST
            take_over(tx, event, starts_at, f"has moved to {at(starts_at)}")
            series = series_of(tx, event.event_id)
            if series is not None and event.state is State.PLANNED:
                planning.go_on(tx, series, event)  # what follows may come first now
                soonest = max(tx.now, starts_at - UNPOSTED_AT_MOST) if series.rule is not None else tx.now
                moments.set_post(tx, event, planning.posts_at(series, start, soonest))

        return await self._change(occurrence_id, work)

    async def cancel(self, occurrence_id: int) -> Occurrence:
        """Cancel one occurrence, and tell those who come; raises `BadEvent` if it is over, or cancelled already."""

        def work(tx: Transaction, event: Occurrence) -> None:
            call_off(tx, event.id)
            series = series_of(tx, event.event_id)
            if series is not None:
                planning.go_on(tx, series, event)

        return await self._change(occurrence_id, work)

    async def restore(self, occurrence_id: int) -> Occurrence:
        """Bring a cancelled or skipped occurrence back; its post, too, if it was deleted meanwhile."""
        if self._before is not None:
            await self._before(occurrence_id)
        restored = await self._store.write(lambda tx: _restore(tx, occurrence_id))
        if restored.state is State.POSTED:
            with suppress(StewardError):  # its post is there, on its way, or Discord doesn't say
                restored = await self.repost(occurrence_id)
        return restored

    async def skip(self, event_id: int, original: datetime) -> Occurrence:
        """Cancel one occurrence of a series ahead of its post, by when the series has it."""
        return await self.cancel(await self.keep(event_id, original))

    async def keep(self, event_id: int, original: datetime) -> int:
        """
        Have an occurrence of a series kept ahead of its turn, and return its id.

        Raises `BadEvent` if the series has ended, or has no such time.
        """

        def work(tx: Transaction) -> int:
            series = series_of(tx, event_id)
            if series is None:
                raise NEVER_AGAIN
            if planning.walls(series, original - planning.A_MINUTE, limit=1) != [original]:
                raise BadEvent("The series has no such time.", remedy="Pick one from the list.")
            return add_occurrence(tx, series, original).id

        return await self._store.write(work)

    async def repost(self, occurrence_id: int, channel_id: int | None = None) -> Occurrence:
        """
        Put up the post of an occurrence again, in place of one that was deleted.

        Args:
            channel_id: where, from now on for its series, too; None for where it was.

        Raises:
            BadEvent: it is over, not posted yet, or its post is there.
            Refused, TryLater: Discord does not say whether the post is there.

        """
        if channel_id is None and await self._is_there(occurrence_id):
            raise BadEvent("Its post is still there.", remedy="To move it, choose another `channel`.")
        return await self._change(occurrence_id, partial(_post_anew, channel_id=channel_id))

    async def end(self, event_id: int) -> int:
        """
        End a series: what is ahead is cancelled, and those who come are told. Return how many occurrences that were.

        Raises `BadEvent` if it has ended already.
        """

        def work(tx: Transaction) -> int:
            series = series_of(tx, event_id)
            if series is None:
                raise NEVER_AGAIN
            ahead = []
            for part in parts_of(tx, series):
                end_series(tx, part.id)
                ahead += [
                    event
                    for event in occurrences_of(tx, part.id, tx.now)
                    if event.state in {State.PLANNED, State.POSTED} and event.starts_at > tx.now
                ]
            for event in ahead:
                call_off(tx, event.id)
            return len(ahead)

        return await self._store.write(work)

    async def _change(self, occurrence_id: int, change: Callable[[Transaction, Occurrence], None]) -> Occurrence:
        """Change an occurrence in one transaction, and return it as it is then."""

        def work(tx: Transaction) -> Occurrence:
            change(tx, changeable(tx, occurrence_id))
            return occurrence(tx, occurrence_id)

        return await self._store.write(work)


def _restore(tx: Transaction, occurrence_id: int) -> Occurrence:
    """
    Bring a cancelled occurrence back, and return it; those who had answered are told if it was posted.

    What was posted has its reminders, its role, its thread and its buttons again, and another of Discord's own events:
    Discord takes back no cancellation. What was skipped ahead of its post is posted in its turn, or at once if that has
    passed. A series that has ended stays ended.

    Raises:
        BadEvent: it isn't cancelled, or would be over.

    """
    touch(tx, occurrence_id)  # first, for it locks the row: two who restore it at once come one after the other
    event = occurrence(tx, occurrence_id)
    if event.state is not State.CANCELLED:
        raise IS_NOT_CANCELLED
    if event.ends_at <= tx.now:
        raise IS_OVER
    was_posted = event.posts > 0
    set_state(tx, event.id, State.POSTED if was_posted else State.PLANNED)
    restored = occurrence(tx, event.id)
    moved_up = answers.move_up(tx, event.id)  # whoever waited comes before whoever answers next
    if not was_posted:
        _post_in_its_turn(tx, restored)
        return restored
    mirrors.renew_native(tx, event.id)
    answers.keep_interest(tx, event.id)
    moments.set_course(tx, restored)
    tell_moved_up(tx, restored, moved_up.moved_up)
    follow(tx, event.id)
    tell_those_who_come(tx, restored, f"is back on: {at(event.starts_at)}")
    return occurrence(tx, event.id)


def _post_in_its_turn(tx: Transaction, event: Occurrence) -> None:
    series, due = series_of(tx, event.event_id), tx.now
    if series is not None:
        before = last_before(tx, series, event.original)
        turn = tx.now if before is None else max(tx.now, planning.turn_ends(series, before))
        wall = wall_of(event.starts_at, series.zone)
        due = planning.posts_at(series, wall, turn)
    moments.set_post(tx, event, due)


def _post_anew(tx: Transaction, event: Occurrence, channel_id: int | None) -> None:
    """Promise another post of an occurrence, with a channel there from now on, as all of its series."""
    if event.state is State.PLANNED:
        raise BadEvent("It isn't posted yet.", remedy="I'll post it when it's time.")
    if outbox.is_waiting(tx, event.post_key):
        raise BadEvent("Its post is on its way.", remedy="Wait a moment.")
    if channel_id not in {None, event.channel_id}:
        leave(tx, event)
    set_channel(tx, event.id, channel_id or event.channel_id)
    put_up(tx, occurrence(tx, event.id))
    series = series_of(tx, event.event_id)
    if series is not None and channel_id is not None:
        for part in parts_of(tx, series):
            replace_series(tx, replace(part, channel_id=channel_id))
            move_planned(tx, part.id, channel_id)
