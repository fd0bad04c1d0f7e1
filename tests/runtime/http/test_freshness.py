from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from multidict import CIMultiDict

from steward.runtime.http.exchange import asked_to_wait, condition, confirmed, lifetime, storable

NOW = datetime(2026, 1, 5, tzinfo=UTC)
IN_A_MINUTE = "Mon, 05 Jan 2026 00:01:00 GMT"


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, 0),
        ({"cache-control": "public, MAX-AGE=60"}, 60),
        ({"Cache-Control": 'max-age="60"', "Age": "45"}, 15),
        ({"Cache-Control": "max-age=60", "Age": "100"}, 0),
        ({"Cache-Control": "max-age=60, no-cache"}, 0),
        ({"Cache-Control": "max-age=0", "Expires": IN_A_MINUTE}, 0),
        ({"Expires": IN_A_MINUTE}, 60),
        ({"Expires": IN_A_MINUTE, "Date": "Mon, 05 Jan 2026 00:00:50 GMT"}, 10),
        ({"Expires": "0"}, 0),
        ({"Expires": "Mon, 05 Jan 2026 00:01:00"}, 0),
        ({"Cache-Control": "max-age=-5"}, 0),
    ],
)
def test_freshness_follows_the_headers(headers, seconds):
    assert lifetime(CIMultiDict(headers), NOW) == seconds


@given(st.dictionaries(st.sampled_from(["Cache-Control", "Age", "Expires", "Date", "Retry-After", "Vary"]), st.text()))
def test_invalid_headers_are_ignored(headers):
    named = CIMultiDict(headers)
    assert lifetime(named, NOW) >= 0
    assert asked_to_wait(named, NOW) >= 0
    assert storable(named) in (True, False)


def test_a_304_updates_age_and_validators():
    kept = {"ETag": '"1"', "Age": "50", "Content-Type": "application/json", "Cache-Control": "max-age=60"}
    now = confirmed(CIMultiDict(kept), CIMultiDict({"etag": '"2"', "Content-Type": "text/plain"}))
    assert condition(now) == {"If-None-Match": '"2"'}
    assert lifetime(now, NOW) == 60
    assert now["Content-Type"] == "application/json"
