"""The circuit breaker against a model, and its logging."""

from __future__ import annotations

import asyncio
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from structlog.testing import capture_logs

from steward.errors import NotReady
from steward.runtime.resilience import Breaker, Circuit, CircuitOpen
from tests.runtime.hand_clock import HandClock


def breaker(clock, *, failure_threshold=3, **options):
    return Breaker("The score service", clock, failure_threshold=failure_threshold, recovery_timeout=60, **options)


def fail(subject, error=NotReady, times=1):
    for _ in range(times):
        with suppress(error), subject.attempt():
            raise error("away")


def answer(subject):
    with subject.attempt():
        pass


@dataclass
class Model:
    """What the breaker must do, from the list of everything that happened: (what, era)."""

    failure_threshold: int = 2
    recovery_timeout: float = 60.0
    now: float = 0.0
    era: int = 0
    opened_at: float | None = None
    probe: int | None = None
    half_open: bool = False
    outcomes: list[bool] = field(default_factory=list)
    calls: dict[int, int] = field(default_factory=dict)

    def begin(self, number: int) -> bool:
        if self.opened_at is not None and not self.half_open:
            if self.now < self.opened_at + self.recovery_timeout:
                return False
            self.half_open, self.era = True, self.era + 1
        if self.half_open:
            if self.probe is not None:
                return False
            self.probe = number
        self.calls[number] = self.era
        return True

    def end(self, number: int, outcome: bool | None) -> None:
        if self.calls.pop(number) != self.era:
            return
        if number == self.probe:
            self.probe = None
            if outcome is not None:
                self.half_open, self.era, self.outcomes = False, self.era + 1, []
                self.opened_at = None if outcome else self.now
        elif outcome is not None:
            self.outcomes.append(outcome)
            if self.outcomes[-self.failure_threshold :] == [False] * self.failure_threshold:
                self.opened_at, self.era = self.now, self.era + 1

    @property
    def state(self) -> Circuit:
        if self.opened_at is None:
            return Circuit.CLOSED
        over = self.half_open or self.now >= self.opened_at + self.recovery_timeout
        return Circuit.HALF_OPEN if over else Circuit.OPEN


ENDS = {"answers": None, "fails": NotReady, "says no": ValueError, "is cancelled": asyncio.CancelledError}
steps = st.one_of(
    st.just(("begins", 0.0)),
    st.tuples(st.sampled_from(sorted(ENDS)), st.integers(0, 5)),
    st.tuples(st.just("time"), st.sampled_from([1.0, 59.0, 60.0])),
)


@settings(max_examples=500)
@given(st.lists(steps, min_size=20, max_size=60))
def test_it_behaves_like_its_model(story):
    clock, model, running = HandClock(), Model(), {}
    subject = breaker(clock, failure_threshold=model.failure_threshold)
    for number, (what, value) in enumerate(story):
        if what == "begins":
            call = ExitStack()
            try:
                call.enter_context(subject.attempt())
            except CircuitOpen:
                assert not model.begin(number)
            else:
                assert model.begin(number)
                running[number] = call
        elif what == "time":
            clock.forward(value)
            model.now += value
        elif running:
            chosen = list(running)[int(value) % len(running)]
            end(running.pop(chosen), ENDS[what])
            model.end(chosen, {"fails": False, "is cancelled": None}.get(what, True))
        assert subject.state is model.state


def end(call: ExitStack, error: type[BaseException] | None) -> None:
    if error is None:
        call.close()
        return
    with suppress(error), call:
        raise error("told")


def test_a_refused_call_gets_the_retry_time_and_one_probe_is_allowed():
    clock = HandClock()
    subject = breaker(clock)
    fail(subject, times=3)
    clock.forward(25)
    with pytest.raises(
        CircuitOpen, match=r"The score service keeps failing, so calls are paused. Next try in 35 s"
    ) as refused:
        answer(subject)
    assert refused.value.retry_after == 35
    clock.forward(35)
    with subject.attempt(), pytest.raises(CircuitOpen, match="in a moment") as second:
        answer(subject)
    assert second.value.retry_after == 0
    assert subject.state is Circuit.CLOSED
    assert (subject.opened, subject.refused) == (1, 2)


def test_an_outage_is_logged_once_at_its_start_and_end():
    clock = HandClock()
    subject = breaker(clock)
    with capture_logs() as lines:
        fail(subject, times=3)
        for _ in range(5):
            clock.forward(60)
            fail(subject)
        clock.forward(60)
        answer(subject)
        answer(subject)
    assert [(line["event"], line["log_level"]) for line in lines] == [
        ("circuit_opened", "warning"),
        ("circuit_closed", "info"),
    ]
    assert lines[0] == lines[0] | {"circuit": "The score service", "failures": 3, "error": "away"}


def test_each_change_is_reported_with_the_previous_state():
    clock, told = HandClock(), []
    subject = breaker(clock, changed=lambda it, before: told.append((before.value, it.state.value)))
    fail(subject, times=3)
    clock.forward(60)
    fail(subject)
    clock.forward(60)
    answer(subject)
    assert told == [
        ("closed", "open"),
        ("open", "half-open"),
        ("half-open", "open"),
        ("open", "half-open"),
        ("half-open", "closed"),
    ]


@pytest.mark.parametrize("wrong", [{"failure_threshold": 0}, {"recovery_timeout": 0}])
def test_a_breaker_that_could_never_open_or_close_is_refused(wrong):
    with pytest.raises(ValueError, match="failure_threshold"):
        Breaker("x", HandClock(), **wrong)
