"""What happens to an occurrence at each of its moments, in the transaction that ends the moment."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from steward.bots.events.editing.following import follow
from steward.bots.events.model.details import Reach
from steward.bots.events.model.occurrences import Occurrence, State, occurrence, set_shown, set_state, touch
from steward.bots.events.model.series import series_of
from steward.bots.events.recurrence import planning
from steward.bots.events.rsvp.answers import those_who_come
from steward.bots.events.rsvp.lineup import lineup
from steward.bots.events.rsvp.notices import post_key, tell, tell_directly, tell_role
from steward.bots.events.schedule import moments
from steward.bots.events.schedule.moments import Moment, MomentKind
from steward.bots.events.views.post import at, post
from steward.client.embeds import plain
from steward.store import Transaction
from steward.store.outbox import outbox

GRACE = timedelta(minutes=10)
"""A reminder that could not be sent in time is sent until so long after the start; then it helps nobody any more."""


def happen(tx: Transaction, moment: Moment, *, role_reaches: bool = True) -> bool:
    """
    Do what is due, once; return whether the occurrence's post is to be looked at.

    Args:
        tx: the transaction.
        moment: what is due.
        role_reaches: whether a mention of a role reaches its members; else a reminder mentions each of them.

    """
    if not moments.take(tx, moment):
        return False
    event = occurrence(tx, moment.occurrence_id)
    if moment.kind is MomentKind.REMIND:
        return _remind(tx, event, moment, role_reaches=role_reaches)
    return _EFFECTS[moment.kind](tx, event, moment)


def _post(tx: Transaction, event: Occurrence, _: Moment) -> bool:
    put = False
    if event.state is State.PLANNED:
        if event.ends_at <= tx.now:
            set_state(tx, event.id, State.OVER)
        else:
            put_up(tx, event)
            put = True
            moments.set_course(tx, event)
    series = series_of(tx, event.event_id)
    if series is not None:
        planning.go_on(tx, series, event)
    return put


def put_up(tx: Transaction, event: Occurrence) -> None:
    """Promise the post of an occurrence."""
    set_state(tx, event.id, State.POSTED)
    posted = occurrence(tx, event.id)
    payload = post(posted, lineup(tx, posted), tx.now)
    outbox.put(tx, key=post_key(event), channel_id=event.channel_id, payload=payload, if_parked=_not_put_up(event))
    set_shown(tx, event.id, posted.revision)
    follow(tx, event.id)


def _not_put_up(event: Occurrence) -> outbox.Notice | None:
    """Tell the organiser, where there is one, that the post could not be put up."""
    if not event.organiser_id:
        return None
    what = f"I couldn't post **{plain(event.details.title)}** in <#{event.channel_id}>"
    return outbox.Notice(event.organiser_id, what, "Then `/event repost` posts it, there or in another channel.")


def _remind(tx: Transaction, event: Occurrence, moment: Moment, *, role_reaches: bool) -> bool:
    reminder = moments.reminders_of(event.details, moment.minutes)
    if reminder is None or event.state is not State.POSTED or tx.now > event.starts_at + GRACE:
        return False
    if moments.is_overtaken(event, reminder, tx.now):
        return False
    coming = those_who_come(tx, event)
    if not coming:
        return False
    words = "begins now" if moment.minutes == 0 else f"begins {at(event.starts_at, 'R')}"
    text, what = f"**{plain(event.details.title)}** {words}.", f"remind:{moment.name}"
    if reminder.reach is Reach.DM:
        tell_directly(tx, event, what, text, coming)
    elif reminder.reach is Reach.ROLE and event.details.role_id is not None and role_reaches:
        tell_role(tx, event, what, text, event.details.role_id)
    else:
        tell(tx, event, what, text, coming)
    return False


def _show(tx: Transaction, event: Occurrence, _: Moment) -> bool:
    touch(tx, event.id)
    follow(tx, event.id)
    return True


def _end(tx: Transaction, event: Occurrence, _: Moment) -> bool:
    if event.state is not State.POSTED:
        return False
    set_state(tx, event.id, State.OVER)
    follow(tx, event.id)
    return True


_EFFECTS: dict[MomentKind, Callable[[Transaction, Occurrence, Moment], bool]] = {
    MomentKind.POST: _post,
    MomentKind.CLOSE: _show,
    MomentKind.START: _show,
    MomentKind.END: _end,
}
