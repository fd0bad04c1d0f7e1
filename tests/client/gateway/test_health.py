"""Readiness looks at the gateway: at what arrives, not at what was once established."""

import asyncio

from steward.client.gateway.health import SILENT_AFTER, GatewayHealth


async def test_before_the_first_connection_it_is_not_ready_and_says_so(clock):
    health = GatewayHealth(clock)
    assert not health.ready
    assert health.sentence == "Not connected yet."
    assert (health.silence, health.last_dispatch_age) == (None, None)


async def test_it_is_ready_from_the_first_connection_until_nothing_is_heard_for_longer_than_a_heartbeat(clock):
    health = GatewayHealth(clock)
    health.connected()
    await asyncio.sleep(SILENT_AFTER)
    assert health.ready
    await asyncio.sleep(1)
    assert not health.ready
    assert health.sentence == "Connected, but Discord has sent nothing for 51 s; reconnecting soon."
    health.heard()
    assert health.ready


async def test_a_lost_connection_is_not_ready_whatever_was_heard(clock):
    health = GatewayHealth(clock)
    health.connected()
    health.lost("The connection to Discord was cut. Trying again in 1 s.")
    health.heard()
    assert not health.ready
    assert health.sentence.startswith("The connection to Discord was cut.")


async def test_f03_the_age_of_the_last_event_grows_while_heartbeats_go_on(clock):
    health = GatewayHealth(clock)
    health.connected()
    health.dispatched()
    for _ in range(10):
        await asyncio.sleep(41)
        health.heard()
    assert health.ready
    assert health.last_dispatch_age == 410
