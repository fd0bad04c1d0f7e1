"""What says nothing new: repetitions, and members of old."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from steward.bots.stats.counts.facts import EventKind, MemberEvent
from steward.bots.stats.counts.guild import GuildStats
from steward.bots.stats.intake.repeats import REMEMBERED, WITHIN, Deduplicator
from steward.bots.stats.setup.guild_settings import GuildSettings

NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)


def event(kind, user=1, at=NOON):
    return MemberEvent(1, kind, user, "ada", at, "x")


@pytest.mark.parametrize("kind", EventKind)
def test_the_same_word_on_a_user_within_ten_minutes_is_a_repetition(kind):
    repeats = Deduplicator()
    assert not repeats.is_one(event(kind), NOON)
    assert repeats.is_one(event(kind), NOON + timedelta(minutes=5))


@pytest.mark.parametrize("kind", [EventKind.LEAVE, EventKind.BAN, EventKind.UNBAN])
def test_long_after_it_is_news_again_what_lay_between_may_have_been_missed(kind):
    repeats = Deduplicator()
    repeats.is_one(event(kind), NOON)
    assert not repeats.is_one(event(kind), NOON + WITHIN + timedelta(seconds=1))


def test_coming_and_going_is_always_news():
    repeats = Deduplicator()
    moments = [NOON + timedelta(seconds=second) for second in range(10)]
    kinds = [EventKind.JOIN, EventKind.LEAVE] * 5
    assert not any(repeats.is_one(event(kind, at=at), at) for kind, at in zip(kinds, moments, strict=True))


def test_a_join_of_another_moment_is_another_join():
    repeats = Deduplicator()
    assert not repeats.is_one(event(EventKind.JOIN, at=NOON), NOON)
    assert not repeats.is_one(event(EventKind.JOIN, at=NOON + timedelta(minutes=1)), NOON + timedelta(minutes=1))


def test_coming_and_going_told_again_by_another_session_is_a_repetition():
    repeats = Deduplicator()
    told = [event(EventKind.JOIN), event(EventKind.LEAVE)]
    assert [repeats.is_one(one, NOON) for one in told * 2] == [False, False, True, True]


def test_a_member_of_old_told_again_is_no_join():
    assert Deduplicator().is_one(event(EventKind.JOIN, at=datetime(2020, 1, 1, tzinfo=UTC)), NOON)


def test_a_ban_does_not_make_the_leave_that_follows_a_repetition():
    repeats = Deduplicator()
    assert not repeats.is_one(event(EventKind.BAN), NOON)
    assert not repeats.is_one(event(EventKind.LEAVE), NOON)


def test_what_is_remembered_is_bounded():
    repeats = Deduplicator()
    for user in range(REMEMBERED + 1):
        repeats.is_one(event(EventKind.LEAVE, user), NOON)
    assert not repeats.is_one(event(EventKind.LEAVE, 0), NOON)
    for user in range(REMEMBERED // 2 + 1, REMEMBERED + 1):
        assert repeats.is_one(event(EventKind.LEAVE, user), NOON)


def test_what_cannot_repeat_any_more_is_given_up():
    repeats = Deduplicator()
    for user in range(1000):
        repeats.is_one(event(EventKind.LEAVE, user), NOON)
    for turn in range(1, 3):
        repeats.is_one(event(EventKind.LEAVE, 1000), NOON + turn * (WITHIN + timedelta(seconds=1)))
    assert repeats.remembered == 2


def test_one_user_in_two_guilds_is_two():
    repeats = Deduplicator()
    assert not repeats.is_one(event(EventKind.LEAVE), NOON)
    assert not repeats.is_one(event(EventKind.LEAVE)._replace(guild_id=2), NOON)


HISTORIES = {
    "members": st.lists(st.sampled_from([EventKind.JOIN, EventKind.LEAVE]), max_size=6),
    "bans": st.lists(st.sampled_from([EventKind.BAN, EventKind.UNBAN]), max_size=6),
}


def alternating(kinds):
    """Drop what cannot happen: nobody leaves twice without joining between."""
    return [kind for kind, before in zip(kinds, [None, *kinds], strict=False) if kind is not before]


def told(stream):
    """Count a stream as the service does, a second between two events, and return the members and bans at the end."""
    stats, repeats = GuildStats(1, GuildSettings(), lambda *_: None, single_events=lambda: True), Deduplicator()
    stats.counts.members = stats.counts.bans = 100
    for second, one in enumerate(stream):
        if not repeats.is_one(one, NOON + timedelta(seconds=second)):
            stats.count(one)
    return stats.counts.members, stats.counts.bans


def happened(stream):
    """Return what a model that knows each event by itself makes of it."""
    once = set(stream)
    return (
        100 + sum(one.kind.step for one in once if one.kind in (EventKind.JOIN, EventKind.LEAVE)),
        100 + sum(one.kind.step for one in once if one.kind in (EventKind.BAN, EventKind.UNBAN)),
    )


@given(data=st.data(), matter=st.sampled_from(["members", "bans"]))
def test_repeated_and_mixed_between_users_each_event_counts_once(data, matter):
    """Each user's events come in order, each up to three times; those of different users in any order."""
    waiting = []
    for user in range(1, 5):
        kinds = alternating(data.draw(HISTORIES[matter]))
        events = [
            MemberEvent(1, kind, user, "x", NOON - timedelta(seconds=60 - place), f"{user}:{place}")
            for place, kind in enumerate(kinds)
        ]
        waiting.append([one for one in events for _ in range(data.draw(st.integers(1, 3)))])
    stream = []
    while any(waiting):
        stream.append(data.draw(st.sampled_from([queue for queue in waiting if queue])).pop(0))
    assert told(stream) == happened(stream)


@given(
    stream=st.lists(st.tuples(st.integers(1, 5), st.sampled_from([*EventKind])), unique=True).flatmap(
        lambda pairs: st.permutations(
            [
                MemberEvent(1, kind, user, "x", NOON, f"{user}:{kind}")
                for user, kind in pairs
                if kind is not EventKind.KICK
            ]
        )
    )
)
def test_a_join_and_a_leave_or_a_ban_and_an_unban_that_change_places_count_the_same(stream):
    assert told(stream) == happened(stream)
