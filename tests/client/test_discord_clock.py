"""Discord's time is known from its answers, whatever the machine's clock says and whoever sets it."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from steward.client.discord_clock import DISAGREES_FROM, LASTS, SETTLES_IN, DiscordClock
from steward.client.payloads import EPOCH_MS, Unreadable

BEGAN = datetime(2026, 3, 2, tzinfo=UTC)
DAY = 86_400.0
DECADE = 3650 * DAY
WITHIN = 1.2  # a date is cut to the second, and the answer takes 0.2


class World:
    """Discord's true time, and a machine whose clock somebody sets and that may sleep."""

    def __init__(self, ahead=0.0):
        self.passed = self.awake = 0.0
        self.ahead = ahead
        self.clock = DiscordClock(self)

    def now(self):
        return self.true + timedelta(seconds=self.ahead)

    def monotonic(self):
        return self.awake

    @property
    def true(self):
        return BEGAN + timedelta(seconds=self.passed)

    @property
    def error(self):
        return abs((self.clock.now() - self.true).total_seconds())

    def live(self, seconds):
        self.passed += seconds
        self.awake += seconds

    def sleep(self, seconds):
        self.passed += seconds

    def ask(self, *, there=0.1, back=0.1, wrong=0.0):
        self.live(there)
        date = format_datetime(self.true + timedelta(seconds=wrong), usegmt=True)
        self.live(back)
        self.clock.answered(date, there + back)

    def sees(self, seconds_ahead):
        made_at = (self.true.timestamp() + seconds_ahead) * 1000 - EPOCH_MS
        self.clock.saw({"id": str(int(made_at) << 22)})


@pytest.mark.parametrize("odd", ["9" * 30, "-5", "²", None, 2**70, True])
def test_what_is_no_id_says_nothing_of_the_time(odd):
    world = World()
    with pytest.raises(Unreadable):
        world.clock.saw({"id": odd})


OFF = st.one_of(st.just(0.0), st.floats(-DECADE, DECADE), st.floats(-5, 5))
SET = st.one_of(st.just(0.0), st.floats(2.5, DECADE), st.floats(-DECADE, -2.5))
TIMES = st.lists(st.tuples(st.floats(0, 5000), SET, st.floats(0, 18), st.floats(0, 18)), min_size=1, max_size=12)


@given(OFF, TIMES)
def test_f62_after_an_answer_the_time_is_known_however_the_machines_clock_is_off_and_set(off, times):
    world, bound = World(off), None
    for pause, change, there, back in times:
        world.live(pause)
        world.ahead += change
        if bound is not None:
            assert world.error <= bound
        world.ask(there=there, back=back)
        bound = 1 + there + back + 1e-3
        assert world.error <= bound


@given(
    st.floats(-DECADE, DECADE), st.lists(st.tuples(st.floats(0, 5000), st.floats(0, 18), st.floats(0, 18)), min_size=2)
)
def test_f62_of_a_clock_that_stands_off_further_answers_never_make_the_time_less_true(off, answers):
    world, errors = World(off), []
    for pause, there, back in answers:
        world.live(pause)
        world.ask(there=there, back=back)
        errors.append(world.error)
    for before, after in pairwise(errors):
        assert after <= before + 1e-3


@given(st.lists(st.tuples(st.floats(0, 5000), st.floats(0, 18), st.floats(0, 18)), max_size=12))
def test_f62_a_clock_that_is_right_is_gone_by_unchanged(answers):
    world = World()
    for pause, there, back in answers:
        world.live(pause)
        world.ask(there=there, back=back)
        assert world.clock.now() == world.now()


@pytest.mark.parametrize("wrong", [500 * DAY, -500 * DAY, 3600.0])
def test_f62_one_answer_that_contradicts_all_before_it_is_not_believed_two_are(wrong):
    world = World()
    world.ask()
    world.ask(wrong=wrong)
    assert world.error < WITHIN
    assert not world.clock.is_sure()
    world.ask()
    assert world.error < WITHIN
    for _ in range(2):
        world.ask(wrong=wrong)
    assert world.error == pytest.approx(abs(wrong), abs=WITHIN)


def test_f62_after_the_machine_has_slept_the_next_answer_puts_the_time_right():
    world = World()
    world.ask()
    world.sleep(8 * 3600)
    assert world.clock.ahead is None
    world.ask()
    assert world.error < WITHIN
    assert not world.clock.is_sure()
    world.live(SETTLES_IN)
    assert world.clock.is_sure()


@pytest.mark.parametrize("date", [None, "", "tomorrow", "Mon, 99 Mar 2026 00:00:00 GMT"])
def test_f62_an_answer_that_does_not_tell_the_time_changes_nothing(date):
    world = World(3600)
    world.clock.answered(date, 0.1)
    assert world.clock.now() == world.now()
    assert world.clock.ahead is None
    assert not world.clock.is_sure()


def test_f62_what_is_old_may_be_deleted_only_by_clocks_that_agree_and_have_done_so_for_a_while():
    world = World()
    assert not world.clock.is_sure()  # Discord has not been heard
    world.ask()
    assert world.clock.is_sure()
    world.live(LASTS + 1)
    assert not world.clock.is_sure()  # nor lately
    world.ask()
    assert world.clock.is_sure()
    world.ahead += 500 * DAY
    assert not world.clock.is_sure()
    world.live(2 * SETTLES_IN)
    world.ask()
    assert not world.clock.is_sure()  # they disagree
    assert world.clock.ahead == pytest.approx(500 * DAY, abs=WITHIN)
    world.ahead -= 500 * DAY
    world.ask()
    assert not world.clock.is_sure()  # it was just set
    world.live(SETTLES_IN)
    world.ask()
    assert world.clock.is_sure()


@pytest.mark.parametrize("ahead", [DISAGREES_FROM + 1, 500 * DAY, 20_000 * DAY])
def test_f62_something_made_in_the_future_raises_doubt_for_a_while_and_moves_nothing(ahead):
    world = World()
    world.ask()
    world.sees(-500 * DAY)  # told again
    world.sees(0)
    assert world.clock.is_sure()
    world.sees(ahead)
    assert not world.clock.is_sure()
    assert world.error < WITHIN
    world.live(SETTLES_IN)
    assert world.clock.is_sure()
