from __future__ import annotations

import aiohttp
import pytest

from steward.cli.checks.rest import CheckAnswer, DoctorRest
from steward.errors import NotReady
from steward.settings import Secret
from steward.sim import Simulator


async def test_it_asks_as_the_bot(clock):
    async with Simulator(clock=clock) as sim, aiohttp.ClientSession() as session:
        answer = await DoctorRest(session, sim.api_url, Secret(sim.bot.token)).get("/users/@me")
        assert answer.good
        assert answer.body["id"] == str(sim.bot.id)
        assert answer.date


async def test_a_refusal_carries_discords_code(clock):
    async with Simulator(clock=clock) as sim, aiohttp.ClientSession() as session:
        answer = await DoctorRest(session, sim.api_url, Secret(sim.bot.token)).get("/channels/1098765432109876543")
        assert (answer.status, answer.code, answer.good) == (404, 10003, False)


async def test_an_unreachable_server_is_an_error_with_a_message(clock):
    async with aiohttp.ClientSession() as session:
        with pytest.raises(NotReady, match="doesn't answer"):
            await DoctorRest(session, "http://127.0.0.1:9/api/v10", Secret("x")).get("/users/@me")


@pytest.mark.parametrize("body", [None, [], "text", {"code": "odd"}])
def test_answers_of_another_form_have_no_code(body):
    assert CheckAnswer(200, body, "").code == 0
