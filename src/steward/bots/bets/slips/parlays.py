"""Which picks go together on one ticket: not those of which one makes another likelier."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from itertools import combinations
from typing import NamedTuple

from steward.bots.bets.grading.picks import BetPick
from steward.bots.bets.section import ParlayPreset
from steward.errors import StewardError

FEWEST_LEGS, MOST_LEGS = 2, 10
FUTURES = frozenset({"outright", "top_n", "series", "to_qualify"})
"""Markets that are decided by other games than their own; correlated with those of the same entrant."""
MOST_SPREAD = 30
"""Percent of the total from which a spread goes with it no more: a side that wins so high scores most of the total."""


class BadParlay(StewardError):
    """Legs that can't be on one ticket."""


class SlipLeg(NamedTuple):
    """
    A pick with its event.

    Attributes:
        event: our own id of it, whichever feeds know it.
        entrants: the keys of who takes part in it.
        name: as members read it; empty: by its market.

    """

    sport: str
    event: str
    pick: BetPick
    entrants: Collection[str] = ()
    name: str = ""


CLASSIC_PAIRS = frozenset({("1x2", "total"), ("moneyline", "total"), ("spread", "total")})
CLASSIC_EXCEPT: Mapping[str, Collection[tuple[str, str]]] = {
    "mlb": {("spread", "total")},
    "nhl": {("spread", "total")},
}
CLASSIC_SELECTIONS = frozenset({("draw", "under")})
"""Of any two markets."""


def require_parlay(legs: Sequence[SlipLeg], preset: ParlayPreset = ParlayPreset.ONE_PER_EVENT) -> None:
    """Raise `BadParlay` if the legs are too few or too many, or two of them depend on each other."""
    if not FEWEST_LEGS <= len(legs) <= MOST_LEGS:
        raise BadParlay(f"A parlay has {FEWEST_LEGS} to {MOST_LEGS} legs.")
    require_independent(legs, preset)


def require_independent(legs: Sequence[SlipLeg], preset: ParlayPreset) -> None:
    """Raise `BadParlay` if two legs, of any number, depend on each other."""
    for first, second in combinations(legs, 2):
        if are_correlated(first, second, preset):
            raise BadParlay(
                f"{_named(first)} and {_named(second)} depend on each other, so they can't be on one ticket.",
                remedy="Bet on them one by one.",
            )


def are_correlated(first: SlipLeg, second: SlipLeg, preset: ParlayPreset) -> bool:
    """Whether one of two legs makes the other likelier."""
    if first.event != second.event:
        future = first.pick.market in FUTURES or second.pick.market in FUTURES
        return future and not set(first.entrants).isdisjoint(second.entrants)
    return preset is ParlayPreset.ONE_PER_EVENT or not _is_classic(*sorted((first, second), key=_market))


def _is_classic(first: SlipLeg, second: SlipLeg) -> bool:
    """Whether two legs of a game, in the order of their markets, may be on one ticket of the classic kind."""
    pair = (first.pick.market, second.pick.market)
    return (
        pair in CLASSIC_PAIRS
        and pair not in CLASSIC_EXCEPT.get(first.sport, ())
        and first.pick.period == second.pick.period
        and (first.pick.selection, second.pick.selection) not in CLASSIC_SELECTIONS
        and 100 * abs(first.pick.line or 0) < MOST_SPREAD * (second.pick.line or 1)
    )


def _market(leg: SlipLeg) -> str:
    return leg.pick.market


def _named(leg: SlipLeg) -> str:
    return leg.name or " ".join(filter(None, (leg.pick.market.replace("_", " "), leg.pick.selection)))
