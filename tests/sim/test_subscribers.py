"""Functions that are told of what happens, and unsubscribe."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from steward.runtime.clock import Clock
from steward.sim import Simulator
from steward.sim.recorder import GatewayPayload, Recorder, Request

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def test_one_that_unsubscribes_while_it_is_told_keeps_no_other_from_being_told():
    recorder, heard = Recorder(), []

    def once(request: Request) -> None:
        heard.append("once")
        end()

    end = recorder.subscribe(once)
    recorder.subscribe(lambda request: heard.append("always"))
    for _ in range(2):
        recorder.record(Request(NOW, "GET", "/x", "/x", 200))
    assert heard == ["once", "always", "always"]


def test_one_that_another_unsubscribes_is_told_no_more():
    recorder, heard = Recorder(), []
    recorder.subscribe_payloads(lambda payload: end())
    end = recorder.subscribe_payloads(heard.append)
    recorder.record_payload(GatewayPayload(NOW, 1, None, None))
    assert heard == []


@pytest.mark.parametrize("twice", [False, True])
async def test_to_unsubscribe_again_does_nothing(clock: Clock, twice: bool):
    sim, heard = Simulator(clock=clock), []
    end = sim.subscribe(lambda event: heard.append("first"))
    sim.subscribe(lambda event: heard.append("second"))
    for _ in range(1 + twice):
        end()
    sim.add_guild("Penguins")
    assert set(heard) == {"second"}


def test_a_function_that_subscribed_twice_is_told_until_both_have_ended():
    recorder, heard = Recorder(), []
    ends = [recorder.subscribe(heard.append) for _ in range(2)]
    for end in ends:
        recorder.record(Request(NOW, "GET", "/x", "/x", 200))
        end()
        end()
    recorder.record(Request(NOW, "GET", "/x", "/x", 200))
    assert len(heard) == 3
