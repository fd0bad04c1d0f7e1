"""The one interface of all providers: what they offer, what a call costs, and plain values as answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple, Protocol

from steward.bots.bets.fixtures.fixture import FeedAnswer
from steward.bots.bets.fixtures.leagues import League
from steward.errors import StewardError


class CallKind(StrEnum):
    """What is asked for."""

    FIXTURES = "fixtures"
    PRICES = "prices"
    RESULTS = "results"


class FeedCall(NamedTuple):
    """
    What a provider can be asked.

    Attributes:
        cost: requests of its budget; 0 for one that is free.
        answers: what else the same answer tells.

    """

    cost: int
    answers: frozenset[CallKind]


class Refusal(StrEnum):
    """What to do about a refusal."""

    KEY = "key"
    """The operator has to look: the key is missing, wrong or switched off."""
    QUOTA = "quota"
    """No requests are left for now."""
    RATE = "rate"
    """Too many requests in too short a time."""
    LEAGUE = "league"
    """This call, for this league, is of no use; others are."""


class FeedRefused(StewardError):
    """A provider refuses a call; what it says itself is for the operator."""

    def __init__(self, refusal: Refusal, sentence: str, *, remedy: str = "") -> None:
        super().__init__(sentence, remedy=remedy)
        self.refusal = refusal


class FeedProvider(Protocol):
    """
    A provider.

    Attributes:
        name: as it is kept, see `leagues`; title: as people read it.
        calls: what it can be asked.

    """

    name: str
    title: str
    calls: Mapping[CallKind, FeedCall]

    async def leagues(self) -> Sequence[League]:
        """Return the leagues that it may be asked for."""

    async def fetch(self, kind: CallKind, league: League, now: datetime) -> FeedAnswer:
        """
        Ask for something of a league, once: whoever calls decides when to try again.

        Raises:
            FeedRefused: the provider refuses.
            NotReady: there is no answer now.
            Unusable: the answer can't be read.

        """

    def tell_anew(self) -> None:
        """Have the next answers be whole: what the last ones told was lost, or somebody has decided what it means."""
