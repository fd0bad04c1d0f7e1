"""The next occurrence of a recurring event."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from steward.sim.scheduled.recurrence import DAILY, MONTHLY, WEEKLY, YEARLY, following

FRIDAY = datetime(2026, 1, 30, 20, tzinfo=UTC)


@pytest.mark.parametrize(
    ("rule", "last", "coming"),
    [
        ({"frequency": DAILY}, FRIDAY, (2026, 1, 31)),
        ({"frequency": DAILY, "by_weekday": [0, 1, 2, 3, 4]}, FRIDAY, (2026, 2, 2)),
        ({"frequency": WEEKLY, "by_weekday": [4]}, FRIDAY, (2026, 2, 6)),
        ({"frequency": WEEKLY, "interval": 2}, FRIDAY, (2026, 2, 13)),
        ({"frequency": MONTHLY, "by_n_weekday": [{"n": 5, "day": 4}]}, FRIDAY, (2026, 5, 29)),
        ({"frequency": YEARLY}, FRIDAY, (2027, 1, 30)),
        ({"frequency": YEARLY}, datetime(2096, 2, 29, 20, tzinfo=UTC), (2104, 2, 29)),
        ({"frequency": MONTHLY}, FRIDAY, None),
    ],
)
def test_the_next_occurrence(rule: dict[str, Any], last: datetime, coming: tuple[int, int, int] | None):
    whole = {"interval": 1, "by_weekday": None, "by_n_weekday": None} | rule
    found = following(whole, last)
    assert found == (datetime(*coming, 20, tzinfo=UTC) if coming else None)
