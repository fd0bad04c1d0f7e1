"""How alike the tastes of two members are, and what each could try of what the other hears."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from heapq import nlargest
from math import sqrt

from steward.bots.music.catalogue.artists import Artist, artists_of
from steward.bots.music.recommend.similar import near_of
from steward.bots.music.taste.opinions import feedback_of
from steward.bots.music.taste.wanted import wanted_of
from steward.store import Transaction

SHARED, TO_TRY = 5, 3
MOST_COMPARED = 1000
"""Artists of each that are compared: those heard most."""
MOST_TRIED = 100


@dataclass(frozen=True, slots=True)
class TasteMatch:
    """
    Two tastes side by side.

    Attributes:
        percent: 0 to 100, the cosine of the roots of plays.
        shared: artists that both hear, those that both hear most first; `common` counts all of them.
        for_one, for_other: what each could try of what the other hears.

    """

    percent: int
    common: int
    shared: list[Artist]
    for_one: list[Artist]
    for_other: list[Artist]


def taste_match(tx: Transaction, one: int, other: int) -> TasteMatch | None:
    """Compare two listeners; None if nothing is known of one of them."""
    ones, others = _plays(tx, one), _plays(tx, other)
    if not ones or not others:
        return None
    both = {artist: sqrt(ones[artist] * others[artist]) for artist in ones.keys() & others.keys()}
    percent = round(100 * sum(both.values()) / sqrt(sum(ones.values()) * sum(others.values())))
    best = nlargest(SHARED, both, key=lambda artist: (both[artist], -artist))
    for_one, for_other = _to_try(tx, one, ones, others), _to_try(tx, other, others, ones)
    known = artists_of(tx, [*best, *for_one, *for_other])
    return TasteMatch(percent, len(both), *([known[a] for a in some] for some in (best, for_one, for_other)))


def _plays(tx: Transaction, listener: int) -> dict[int, int]:
    sql = "SELECT artist, plays FROM music_listening WHERE listener = ? ORDER BY plays DESC, artist LIMIT ?"
    return dict(map(tuple, tx.all(sql, (listener, MOST_COMPARED))))


def _to_try(tx: Transaction, listener: int, own: Mapping[int, int], others: Mapping[int, int]) -> list[int]:
    """Return what is nearest to a listener's taste of what the other hears most, and they don't."""
    said = feedback_of(tx, listener)
    out = own.keys() | said.never | said.disliked | said.heard
    found = [artist for artist in others if artist not in out][:MOST_TRIED]
    near = near_of(tx, wanted_of(tx, listener).profile).scores
    return nlargest(TO_TRY, found, key=lambda artist: (near.get(artist, 0.0), others[artist], -artist))
