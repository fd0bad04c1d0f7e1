"""A member's taste as recommending takes it."""

from __future__ import annotations

from steward.bots.music.recommend.listening import heard_by, profile_of
from steward.bots.music.recommend.recommending import Wanted
from steward.bots.music.taste.favourites import favourites_of
from steward.bots.music.taste.opinions import feedback_of
from steward.store import Transaction

NAMED = 2.0
"""What an artist weighs that somebody named, where one that they hear weighs 1."""


def wanted_of(tx: Transaction, listener: int | None) -> Wanted:
    """Return what a listener wants; of somebody of whom nothing is kept (None), nothing in particular."""
    if listener is None:
        return Wanted()
    named = {artist.id: NAMED for artist in favourites_of(tx, listener)}
    return Wanted(
        profile={**profile_of(tx, listener), **named},
        known=frozenset(heard_by(tx, listener)),
        listeners=frozenset({listener}),
        feedback=feedback_of(tx, listener),
    )
