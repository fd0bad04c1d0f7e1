"""What is sure of another process with the same token, and what is not (F78)."""

from datetime import timedelta

import pytest

from steward.client.gateway.second_process import FORGOTTEN_AFTER, SETTLED_AFTER, SecondProcess
from steward.runtime.clock import SystemClock
from tests.store.settable_clock import SettableClock

OURS, THEIRS = "0123456789abcdef01234567", "f" * 24
ME = 42


@pytest.fixture
def time():
    return SettableClock(SystemClock())


@pytest.fixture
def second(time):
    """It has been connected for long enough."""
    second = SecondProcess(time)
    second.connected()
    time.stall(timedelta(seconds=SETTLED_AFTER))
    return second


def message(**more):
    return {"author": {"id": str(ME)}, "type": 0, "nonce": THEIRS, **more}


def entry(number, **more):
    return {"id": str(number), "user_id": str(ME), "action_type": 11, "target_id": "7", **more}


def test_a_message_with_a_nonce_that_this_process_did_not_send_is_a_sign(second):
    second.sends(OURS)
    second.message(message(nonce=OURS), ME)
    assert second.problem is None
    second.message(message(), ME)
    assert "Stop one of them" in second.problem


@pytest.mark.parametrize(
    "more",
    [
        {"author": {"id": "43"}},
        {"nonce": None},
        {"nonce": 123},
        {"nonce": "1234567890123456789"},  # of a library or a script
        {"webhook_id": str(ME)},  # a follow-up to an interaction
        {"type": 18},
    ],
)
def test_other_messages_are_none(second, more):
    second.message(message(**more), ME)
    assert second.problem is None


def test_more_renames_in_the_audit_log_than_were_tried_are_a_sign(second):
    second.renames(7)
    second.renames(7)
    for number in (1, 2, 2, 1):  # told twice after a resume
        second.audited(entry(number, changes=[{"key": "name"}]), ME)
    assert second.problem is None
    second.audited(entry(3), ME)
    assert second.problem is not None


@pytest.mark.parametrize("more", [{"user_id": "43"}, {"action_type": 10}, {"changes": [{"key": "topic"}]}])
def test_other_entries_are_none(second, more):
    second.audited(entry(1, **more), ME)
    assert second.problem is None


def test_one_answer_taken_may_be_chance_two_are_a_sign(second):
    second.answer_taken()
    assert second.problem is None
    second.answer_taken()
    assert second.problem is not None


def test_in_the_first_minute_nothing_is_a_sign(time):
    """The last deeds of a process that has just ended on the same database may still be told."""
    second = SecondProcess(time)
    for _ in range(2):
        second.message(message(), ME)
        second.audited(entry(1), ME)
        second.answer_taken()
        second.connected()
        time.stall(timedelta(seconds=SETTLED_AFTER / 2 - 1))
    assert second.problem is None


def test_an_hour_without_a_sign_ends_it(second, time):
    second.message(message(), ME)
    time.stall(timedelta(seconds=FORGOTTEN_AFTER + 1))
    assert second.problem is None
