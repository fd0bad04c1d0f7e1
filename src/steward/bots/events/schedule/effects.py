"""What is due, and what happens to an occurrence at each of its moments, in the transaction that ends the moment."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from functools import partial

from steward.bots.events.editing.altering import follow
from steward.bots.events.model.details import Reach
from steward.bots.events.model.occurrences import MomentKind, Occurrence, State, occurrence, set_state, touch
from steward.bots.events.model.series import series_of
from steward.bots.events.polls.store import CLOSING, close_poll
from steward.bots.events.posts.occurrence_posts import put_up
from steward.bots.events.recurrence import planning
from steward.bots.events.rsvp.answers import those_who_come
from steward.bots.events.rsvp.notices import tell, tell_directly, tell_role
from steward.bots.events.schedule import moments
from steward.client.embeds import at, plain
from steward.store import Transaction, Work
from steward.store.due.due import DueItem
from steward.store.due.work import DueKind

GRACE = timedelta(minutes=10)
"""A reminder that could not be sent in time is sent until so long after the start; then it helps nobody any more."""


def happen(tx: Transaction, item: DueItem, *, role_reaches: bool = True) -> None:
    """
    Do what is due of an occurrence.

    Args:
        role_reaches: whether a mention of a role reaches its members; else a reminder mentions each of them.

    """
    event = occurrence(tx, item.number)
    if item.kind == MomentKind.REMIND:
        _remind(tx, event, item, role_reaches=role_reaches)
    else:
        _EFFECTS[item.kind](tx, event)


def _post(tx: Transaction, event: Occurrence) -> None:
    if event.state is State.PLANNED:
        if event.ends_at <= tx.now:
            set_state(tx, event.id, State.OVER)
        else:
            put_up(tx, event)
            moments.set_course(tx, event)
    series = series_of(tx, event.event_id)
    if series is not None:
        planning.go_on(tx, series, event)


def _remind(tx: Transaction, event: Occurrence, item: DueItem, *, role_reaches: bool) -> None:
    reminder = moments.reminders_of(event.details, moments.minutes_before(item))
    if reminder is None or event.state is not State.POSTED or tx.now > event.starts_at + GRACE:
        return
    if moments.is_overtaken(event, reminder, tx.now):
        return
    coming = those_who_come(tx, event)
    if not coming:
        return
    words = "begins now" if reminder.minutes == 0 else f"begins {at(event.starts_at, 'R')}"
    text, what = f"**{plain(event.details.title)}** {words}.", f"remind:{item.name}"
    if reminder.reach is Reach.DM:
        tell_directly(tx, event, what, text, coming)
    elif reminder.reach is Reach.ROLE and event.details.role_id is not None and role_reaches:
        tell_role(tx, event, what, text, event.details.role_id)
    else:
        tell(tx, event, what, text, coming)


def _show(tx: Transaction, event: Occurrence) -> None:
    touch(tx, event.id)
    follow(tx, event.id)


def _end(tx: Transaction, event: Occurrence) -> None:
    if event.state is State.POSTED:
        set_state(tx, event.id, State.OVER)
        follow(tx, event.id)


_EFFECTS: Mapping[str, Callable[[Transaction, Occurrence], None]] = {
    MomentKind.POST: _post,
    MomentKind.CLOSE: _show,
    MomentKind.START: _show,
    MomentKind.END: _end,
}


def event_kinds(
    *,
    before_reminding: Callable[[int], Awaitable[None]],
    role_reaches: Callable[[DueItem], Awaitable[bool]],
) -> dict[str, DueKind]:
    """Return what is done when it is due."""

    async def moment(item: DueItem) -> Work[object]:
        if item.kind != MomentKind.REMIND:
            return partial(happen, item=item)
        await before_reminding(item.number)
        return partial(happen, item=item, role_reaches=await role_reaches(item))

    async def closing(item: DueItem) -> Work[object]:
        return partial(close_poll, poll_id=item.number)

    kinds = dict.fromkeys(map(str, MomentKind), DueKind(moment, _failed))
    return {**kinds, CLOSING: DueKind(closing, lambda _: "A poll can't be closed")}


def _failed(item: DueItem) -> str:
    what = item.kind.removeprefix("event_")
    return f"What was due for event {item.number} ({what}) keeps failing"
