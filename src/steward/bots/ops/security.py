"""What looked suspicious in the last day, for the page on security."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import timedelta

from steward.bots.ops.facts import Fact, Grade
from steward.guilds.suspicions import Incident, Suspicion, SuspicionLog

DAY = timedelta(days=1)
OFTEN = 20  # of one kind in a day
ONCE_IS_ENOUGH = frozenset({Suspicion.RAID})


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
