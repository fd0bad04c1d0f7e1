"""When the absence of events is strange."""

import asyncio

import pytest

from steward.client.gateway.health import MIN_PATIENCE, PERIOD, Rhythm


async def beats(rhythm, clock, every, seconds):
    for _ in range(int(seconds / every)):
        await asyncio.sleep(every)
        rhythm.beat(clock.monotonic())


@pytest.mark.parametrize(("every", "patience"), [(1, MIN_PATIENCE), (50, MIN_PATIENCE), (100, 300), (400, None)])
async def test_patience_is_three_times_the_longest_pause_and_at_least_three_minutes(clock, every, patience):
    rhythm = Rhythm(clock)
    await beats(rhythm, clock, every, 2 * PERIOD)
    assert rhythm.patience == patience


async def test_it_is_not_known_before_a_quarter_of_an_hour(clock):
    rhythm = Rhythm(clock)
    await beats(rhythm, clock, 10, PERIOD - 10)
    assert rhythm.patience is None
    await beats(rhythm, clock, 10, 20)
    assert rhythm.patience == MIN_PATIENCE


async def test_a_long_pause_is_forgotten_after_half_an_hour(clock):
    rhythm = Rhythm(clock)
    await beats(rhythm, clock, 10, PERIOD)
    await beats(rhythm, clock, 200, 200)
    assert rhythm.patience == 600
    await beats(rhythm, clock, 10, 2 * PERIOD)
    assert rhythm.patience == MIN_PATIENCE


async def test_an_outage_is_no_pause_but_silence_goes_on_being_overdue(clock):
    rhythm = Rhythm(clock)
    await beats(rhythm, clock, 10, PERIOD)
    await asyncio.sleep(360)
    rhythm.resume()
    assert rhythm.pause == 0
    assert rhythm.overdue == pytest.approx(2)
    rhythm.beat(clock.monotonic())
    assert rhythm.patience == MIN_PATIENCE
    assert rhythm.overdue == 0


async def test_in_a_new_session_it_learns_anew(clock):
    rhythm = Rhythm(clock)
    await beats(rhythm, clock, 10, PERIOD)
    rhythm.forget()
    assert rhythm.patience is None
    assert rhythm.overdue == 0
