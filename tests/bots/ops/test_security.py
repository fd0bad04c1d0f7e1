"""What looked like an attempt at something that is not allowed."""

from datetime import timedelta

from steward.bots.ops.facts import OFTEN, Grade, suspicion_facts
from steward.guilds.suspicions import REMEMBERED, Suspicion, SuspicionLog
from tests.runtime.hand_clock import HandClock


def test_a_day_is_told_by_kind_and_what_is_often_is_marked():
    clock = HandClock()
    security = SuspicionLog(clock)
    assert [fact.value for fact in suspicion_facts(security)] == ["none in the last 24 hours"]
    for _ in range(OFTEN):
        security.note(Suspicion.TOO_FAST, "spammed", user_id=7)
    security.note(Suspicion.NOT_ALLOWED, "tried `/force_cleanup`", user_id=8)
    often, once, newest, *_ = suspicion_facts(security)
    assert (often.value, often.standing) == (f"{OFTEN} times in 24 hours", Grade.WATCH)
    assert (once.value, once.standing) == ("1 times in 24 hours", Grade.FINE)
    assert newest.value.endswith("<@8> tried `/force_cleanup`")
    clock.forward(timedelta(days=2).total_seconds())
    assert [fact.value for fact in suspicion_facts(security)] == ["none in the last 24 hours"]


def test_what_is_remembered_is_bounded():
    clock = HandClock()
    security = SuspicionLog(clock)
    for number in range(REMEMBERED + 50):
        security.note(Suspicion.FORGED, str(number))
    assert len(security.within(timedelta(days=1))) == REMEMBERED
