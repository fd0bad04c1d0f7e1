"""A post in place of one that was deleted, or in another channel."""

from __future__ import annotations

from dataclasses import replace

from steward.bots.events.model.details import BadEvent
from steward.bots.events.model.occurrences import Occurrence, State, move_planned, occurrence, set_channel
from steward.bots.events.model.series import parts_of, replace_series, series_of
from steward.bots.events.posts.left import leave
from steward.bots.events.schedule.effects import put_up
from steward.store import Transaction
from steward.store.outbox import outbox


def post_anew(tx: Transaction, event: Occurrence, channel_id: int | None) -> Occurrence:
    """
    Promise another post of an occurrence.

    Args:
        event: which; nobody else changes it in this transaction.
        channel_id: where, from now on for its series, too; None for where it was.

    Raises:
        BadEvent: it is not posted yet, or its post is on its way.

    """
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
    return occurrence(tx, event.id)
