"""Failures are isolated per item and logged once."""

import asyncio

import pytest
from structlog.testing import capture_logs

from steward.errors import NeedsOperator, NotReady
from steward.runtime.isolation import Isolation


def each(isolation, faults, keys=(1, 2, 3)):
    """Do something for each of three, of which some fail; return those for whom it was done."""
    done = []
    for key in keys:
        with isolation.item(key):
            if key in faults:
                raise faults[key]
            done.append(key)
    return done


def test_a_failure_is_isolated_and_logged_with_its_item():
    isolation = Isolation("count")
    with capture_logs() as lines:
        assert each(isolation, {2: ValueError("x")}) == [1, 3]
    assert [(line["work"], line["guild"], line["error"]) for line in lines] == [("count", 2, "ValueError")]
    assert isolation.failed(2)
    assert not isolation.failed(1)


def test_the_same_failure_is_logged_once_until_a_success():
    isolation, said = Isolation("count", of="channel"), []
    for faults in ({2: ValueError()}, {2: ValueError()}, {2: KeyError()}, {}, {2: KeyError()}):
        with capture_logs() as lines:
            each(isolation, faults)
        said.append([(line["channel"], line["error"]) for line in lines])
    assert said == [[(2, "ValueError")], [], [(2, "KeyError")], [], [(2, "KeyError")]]


def test_equal_failures_of_many_items_log_one_traceback():
    with capture_logs() as lines:
        each(Isolation("count"), dict.fromkeys((1, 2, 3), ValueError()))
    assert [line["exc_info"] is not None for line in lines] == [True, False, False]


@pytest.mark.parametrize("error", [NotReady("away"), NeedsOperator("gone"), asyncio.CancelledError()])
def test_errors_that_concern_all_items_are_raised(error):
    with pytest.raises(type(error)):
        each(Isolation("count"), {1: error})
