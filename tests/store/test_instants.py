from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from steward.store import from_millis, to_millis


def test_an_instant_is_milliseconds_since_1970_whatever_its_zone():
    moment = datetime(1970, 1, 1, 2, 0, 0, 1500, tzinfo=timezone(timedelta(hours=2)))
    assert to_millis(moment) == 1


@given(st.datetimes(timezones=st.just(UTC)))
def test_an_instant_is_truncated_to_the_millisecond(moment):
    cut = moment.replace(microsecond=moment.microsecond // 1000 * 1000)
    assert from_millis(to_millis(moment)) == cut


def test_a_datetime_without_a_zone_is_refused():
    with pytest.raises(ValueError, match="no time zone"):
        to_millis(datetime.fromisoformat("2026-01-01"))
