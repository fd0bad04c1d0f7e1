"""Discord's refusals, told apart by what to do about them, on real answers."""

import pytest

from steward.client.rest.asking import CLOUDFLARE_WAIT
from steward.client.rest.errors import Forbidden, Gone, Refused, TryLater
from steward.sim import Fault
from tests.stage import stage, until

CHANNEL = "/channels/{channel_id}"


@pytest.mark.parametrize(
    ("fault", "kind", "said"),
    [
        (Fault.status(401), TryLater, "I couldn't read channel.*doesn't accept the token"),
        (Fault.status(403), Forbidden, r"I couldn't read channel \d+: Discord says 403"),
        (Fault.status(400), Refused, r"Discord says 400"),
        (Fault.status(404), Gone, "Discord says 404"),
        (Fault.status(503), TryLater, r"Discord has an outage \(503\)"),
        (Fault.reset(), TryLater, "no connection to Discord"),
        (Fault.rate_limited("user", 600), TryLater, "rate limit"),
        (Fault.cloudflare(), TryLater, "Cloudflare is holding this address off"),
    ],
)
async def test_each_refusal_is_a_sentence_of_its_kind(clock, tmp_path, fault, kind, said):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        await until(lambda: steward.health.ready)
        scene.sim.faults.rest(method="GET", route=CHANNEL, action=fault, times=10)  # aiohttp repeats a GET that was cut
        with pytest.raises(kind, match=said):
            await steward.client.rest.channel(scene.members.id)


@pytest.mark.parametrize(
    ("fault", "seconds"), [(Fault.rate_limited("user", 600), 600), (Fault.cloudflare(), CLOUDFLARE_WAIT)]
)
async def test_a_limit_says_how_long_it_lasts(clock, tmp_path, fault, seconds):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        await until(lambda: steward.health.ready)
        scene.sim.faults.rest(method="GET", route=CHANNEL, action=fault)
        with pytest.raises(TryLater) as refused:
            await steward.client.rest.channel(scene.members.id)
        assert refused.value.retry_after == pytest.approx(seconds, abs=1)
