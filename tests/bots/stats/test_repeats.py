"""What says nothing new: repetitions, and members of old."""

from datetime import UTC, datetime, timedelta

import pytest

from steward.bots.stats.facts import Kind, MemberEvent
from steward.bots.stats.repeats import REMEMBERED, WITHIN, Repeats

NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)


def event(kind, user=1, at=NOON):
    return MemberEvent(1, kind, user, "ada", at, "x")


@pytest.mark.parametrize("kind", Kind)
def test_the_same_word_on_a_user_within_ten_minutes_is_a_repetition(kind):
    repeats = Repeats()
    assert not repeats.is_one(event(kind), NOON)
    assert repeats.is_one(event(kind), NOON + timedelta(minutes=5))


@pytest.mark.parametrize("kind", [Kind.LEAVE, Kind.BAN, Kind.UNBAN])
def test_long_after_it_is_news_again_what_lay_between_may_have_been_missed(kind):
    repeats = Repeats()
    repeats.is_one(event(kind), NOON)
    assert not repeats.is_one(event(kind), NOON + WITHIN + timedelta(seconds=1))


def test_coming_and_going_is_always_news():
    repeats = Repeats()
    moments = [NOON + timedelta(seconds=second) for second in range(10)]
    kinds = [Kind.JOIN, Kind.LEAVE] * 5
    assert not any(repeats.is_one(event(kind, at=at), at) for kind, at in zip(kinds, moments, strict=True))


def test_a_join_of_another_moment_is_another_join():
    repeats = Repeats()
    assert not repeats.is_one(event(Kind.JOIN, at=NOON), NOON)
    assert not repeats.is_one(event(Kind.JOIN, at=NOON + timedelta(minutes=1)), NOON + timedelta(minutes=1))


def test_coming_and_going_told_again_by_another_session_is_a_repetition():
    repeats = Repeats()
    told = [event(Kind.JOIN), event(Kind.LEAVE)]
    assert [repeats.is_one(one, NOON) for one in told * 2] == [False, False, True, True]


def test_a_member_of_old_told_again_is_no_join():
    assert Repeats().is_one(event(Kind.JOIN, at=datetime(2020, 1, 1, tzinfo=UTC)), NOON)


def test_a_ban_does_not_make_the_leave_that_follows_a_repetition():
    repeats = Repeats()
    assert not repeats.is_one(event(Kind.BAN), NOON)
    assert not repeats.is_one(event(Kind.LEAVE), NOON)


def test_what_is_remembered_is_bounded():
    repeats = Repeats()
    for user in range(REMEMBERED + 1):
        repeats.is_one(event(Kind.LEAVE, user), NOON)
    assert not repeats.is_one(event(Kind.LEAVE, 0), NOON)
    assert repeats.is_one(event(Kind.LEAVE, REMEMBERED), NOON)
