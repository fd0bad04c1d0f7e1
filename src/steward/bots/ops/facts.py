"""What is told about the bot: a figure, how it stands, what to do about it; and what looked suspicious lately."""

from __future__ import annotations

from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import IntEnum

from steward.guilds.suspicions import Incident, Suspicion, SuspicionLog

DAY = timedelta(days=1)
OFTEN = 20  # of one kind in a day
ONCE_IS_ENOUGH = frozenset({Suspicion.RAID})


class Grade(IntEnum):
    """How it stands; the greater the worse."""

    FINE = 0
    WATCH = 1
    BAD = 2


@dataclass(frozen=True, slots=True)
class Fact:
    """
    One figure.

    Attributes:
        value: as people read it, its trend included.
        standing: whether it is as it should be.
        advice: what to do about it; empty where there is nothing to do.

    """

    name: str
    value: str
    standing: Grade = Grade.FINE
    advice: str = ""


Provider = Callable[[int | None], Sequence[Fact] | Awaitable[Sequence[Fact]]]
"""Tells facts at the moment at which somebody asks, in the server of that id."""


def suspicion_facts(suspicions: SuspicionLog) -> Sequence[Fact]:
    """Tell the last day by kind, and the newest three."""
    recent = suspicions.within(DAY)
    if not recent:
        return [Fact("Suspicious activity", "none in the last 24 hours")]
    counted = Counter(incident.suspicion for incident in recent)
    told = [
        Fact(
            suspicion.value.capitalize(),
            f"{count:,} times in 24 hours",
            Grade.WATCH if suspicion in ONCE_IS_ENOUGH or count >= OFTEN else Grade.FINE,
        )
        for suspicion, count in counted.most_common()
    ]
    return told + [
        Fact("Lately", f"<t:{int(incident.at.timestamp())}:R> {_who(incident)}{incident.about}")
        for incident in recent[-3:][::-1]
    ]


def _who(incident: Incident) -> str:
    return "" if incident.user_id is None else f"<@{incident.user_id}> "
