"""What people do with events: one transaction each, with everything that follows from it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial

from steward.bots.events import answers, moments, planning, roles
from steward.bots.events.answers import Answer, Member, Outcome
from steward.bots.events.details import BadEvent, Details
from steward.bots.events.following import follow
from steward.bots.events.notices import tell
from steward.bots.events.occurrences import (
    Occurrence,
    Series,
    State,
    add_occurrence,
    add_series,
    end_series,
    keep_details,
    occurrence,
    occurrences_of,
    replace_details,
    series_of,
    set_details,
    set_state,
    set_time,
    touch,
    upcoming,
)
from steward.bots.events.posts import Posts
from steward.bots.events.reposting import post_anew
from steward.bots.events.views.post import at
from steward.client.embeds import plain
from steward.store import Store, Transaction, instant_of

OVER_FOR_EVER = BadEvent("None of its times lies ahead.", remedy="Choose a start that is yet to come.")
UNPOSTED_AT_MOST = timedelta(days=7)
"""So long before its start an occurrence that was moved out of its turn is posted at the latest."""
NEVER_AGAIN = BadEvent("That series has ended.", remedy="See /events list for others.")


@dataclass(frozen=True, slots=True)
class Seen:
    """An occurrence and who has answered."""

    event: Occurrence
    answers: list[Answer]


class EventsService:
    """
    Makes, changes and answers events.

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

    async def answer(self, occurrence_id: int, member: Member, option: str, *, by: int | None = None) -> Outcome:
        """
        Give a member's answer; who moves up by it is told.

        Raises:
            BadEvent: it cannot be answered so.

        """
        return await self._settled(
            partial(answers.answer, occurrence_id=occurrence_id, member=member, option=option, by=by)
        )

    async def take_out(self, occurrence_id: int, user_id: int) -> Outcome:
        """
        Take a member's answer back; who moves up by it is told.

        Raises:
            BadEvent: there is no such event.

        """
        return await self._settled(partial(answers.take_out, occurrence_id=occurrence_id, user_id=user_id))

    async def note(self, occurrence_id: int, user_id: int, note: str) -> None:
        """
        Put a few words beside a member's answer.

        Raises:
            BadEvent: there is no answer, or the note is too long.

        """
        await self._store.write(partial(answers.set_note, occurrence_id=occurrence_id, user_id=user_id, note=note))
        self._posts.changed(occurrence_id)

    async def seen(self, occurrence_id: int) -> Seen:
        """
        Return an occurrence and its answers.

        Raises:
            BadEvent: there is none of that id.

        """
        return await self._store.read(
            lambda tx: Seen(occurrence(tx, occurrence_id), answers.answers(tx, occurrence_id))
        )

    async def upcoming(self, guild_id: int, *, limit: int = 25) -> list[Occurrence]:
        """Return what is ahead in a guild, the earliest first."""
        return await self._store.read(lambda tx: upcoming(tx, guild_id, tx.now, limit=limit))

    def refresh(self, occurrence_id: int) -> None:
        """Bring a post to what it should show, whatever it shows now."""
        self._posts.refresh(occurrence_id)

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
            event = _changeable(tx, occurrence_id)
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
                changed = [other for other in occurrences_of(tx, series.id, tx.now) if _follows(other, event)]
            for other in changed:
                self._take_over(tx, other, what)
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
            event = _changeable(tx, occurrence_id)
            starts_at = instant_of(start, event.zone)
            if starts_at <= tx.now:
                raise BadEvent("That time is past.", remedy="Choose one that is yet to come.")
            set_time(tx, event.id, starts_at, starts_at + timedelta(minutes=event.details.minutes))
            moved = occurrence(tx, event.id)
            if moved.state is State.POSTED:
                moments.set_course(tx, moved)
                follow(tx, moved.id)
                _tell_those_who_come(tx, moved, f"is moved to {at(moved.starts_at)}")
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
            event = _changeable(tx, occurrence_id)
            _tell_those_who_come(tx, event, "is cancelled")
            _call_off(tx, event)
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
            return post_anew(tx, _changeable(tx, occurrence_id), channel_id)

        event = await self._store.write(work)
        self._posts.refresh(event.id)  # once it is there; then nothing is wrong with it any more
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
                _tell_those_who_come(tx, occurrence(tx, event.id), "is cancelled")
                _call_off(tx, event)
            return ahead

        ahead = await self._store.write(work)
        for event in ahead:
            self._posts.changed(event.id)
        return len(ahead)

    def _take_over(self, tx: Transaction, event: Occurrence, what: str) -> None:
        """Let everything follow from an occurrence's new details."""
        set_time(tx, event.id, event.starts_at, event.starts_at + timedelta(minutes=event.details.minutes))
        moved_up = answers.move_up(tx, event.id)
        if event.state is not State.POSTED:
            return
        moments.set_course(tx, occurrence(tx, event.id))
        _tell_moved_up(tx, moved_up)
        follow(tx, event.id)
        _tell_those_who_come(tx, occurrence(tx, event.id), f"has changed: {what}")

    async def _settled(self, work: Callable[[Transaction], Outcome]) -> Outcome:
        def whole(tx: Transaction) -> Outcome:
            outcome = work(tx)
            _tell_moved_up(tx, outcome)
            if outcome.changed:
                roles.follow(tx, outcome.occurrence)
            return outcome

        outcome = await self._store.write(whole)
        if outcome.changed:
            self._posts.changed(outcome.occurrence.id)
        return outcome

    async def _shown(self, work: Callable[[Transaction], Occurrence]) -> Occurrence:
        event = await self._store.write(work)
        self._posts.changed(event.id)
        return event


def _changeable(tx: Transaction, occurrence_id: int) -> Occurrence:
    touch(tx, occurrence_id)  # first, for it locks the row: who changes an event at the same time comes after
    event = occurrence(tx, occurrence_id)
    if event.state is State.CANCELLED:
        raise BadEvent("It is cancelled already.", remedy="Make it anew with /event duplicate.")
    if event.state is State.OVER or event.ends_at <= tx.now:
        raise BadEvent("It is over.", remedy="Make it anew with /event duplicate.")
    return event


def _follows(other: Occurrence, event: Occurrence) -> bool:
    """Tell whether a change of the whole series at `event` reaches another occurrence."""
    is_open = other.state in {State.PLANNED, State.POSTED}
    return other.id == event.id or (is_open and not other.differs and other.original >= event.original)


def _call_off(tx: Transaction, event: Occurrence) -> None:
    set_state(tx, event.id, State.CANCELLED)
    moments.forget(tx, event.id)
    follow(tx, event.id)


def _tell_moved_up(tx: Transaction, outcome: Outcome) -> None:
    event = outcome.occurrence
    if outcome.moved_up and event.state is State.POSTED:
        last = outcome.moved_up[-1]
        ids = [place.user_id for place in outcome.moved_up]
        title = plain(event.details.title)
        tell(tx, event, f"moved_up:{last.arrival}", f"A seat at **{title}** is free: you are in.", ids)


def _tell_those_who_come(tx: Transaction, event: Occurrence, what: str) -> None:
    if event.state is not State.POSTED:
        return
    declined = {option.key for option in event.details.options if option.declines}
    told = [answer.user_id for answer in answers.answers(tx, event.id) if answer.option not in declined]
    if told:
        title = plain(event.details.title)
        tell(tx, event, f"change:{event.revision}", f"**{title}** {what}.", told)
