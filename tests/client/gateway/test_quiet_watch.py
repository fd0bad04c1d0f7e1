"""What is done about silence, step by step."""

import asyncio

from steward.client.gateway.health import GatewayHealth, QuietWatch


async def watched(clock):
    """Return a connection on which something has come every ten seconds, what is watching it, and what it did."""
    health, done = GatewayHealth(clock), []

    async def reconnect(new_session):
        done.append((round(clock.monotonic() - began), new_session))
        health.lost("The connection to Discord was cut.")
        await asyncio.sleep(1)
        health.connected(new_session=new_session)

    health.connected(new_session=True)
    running = asyncio.create_task(QuietWatch(health, reconnect).run())
    for _ in range(100):
        await asyncio.sleep(10)
        health.dispatched()
    began = clock.monotonic()
    return health, done, running


async def test_silence_ends_in_a_resumption_then_in_a_new_session_then_it_is_believed(clock):
    health, done, running = await watched(clock)
    await asyncio.sleep(86_400)
    running.cancel()
    assert [new_session for _, new_session in done] == [False, True]
    assert 180 <= done[0][0] <= 181
    assert 361 <= done[1][0] <= 425
    assert health.established


async def test_events_that_come_after_the_resumption_make_it_begin_anew(clock):
    health, done, running = await watched(clock)
    await asyncio.sleep(200)
    for _ in range(5):
        health.dispatched()
        await asyncio.sleep(10)
    await asyncio.sleep(250)
    running.cancel()
    assert [new_session for _, new_session in done] == [False, False]


async def test_a_lost_connection_is_left_to_the_gateway(clock):
    health, done, running = await watched(clock)
    health.lost("The connection to Discord was cut.")
    await asyncio.sleep(3600)
    running.cancel()
    assert done == []
