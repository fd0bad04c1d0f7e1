"""Payloads made up by hypothesis: the gateway answers or hangs up with a code of Discord's, and stays alive."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from steward.sim import Limits, Simulator
from steward.sim import time as accelerated
from steward.sim.gateway.opcodes import Close
from steward.sim.limits import Rate
from tests.sim.gateway_client import GUILDS, MEMBERS, Closed, connected

SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20)
KEYS = st.sampled_from((
    "token", "properties", "intents", "shard", "presence", "compress", "large_threshold", "session_id", "seq",
    "guild_id", "guild_ids", "user_ids", "query", "limit", "nonce", "presences", "fields", "status", "activities",
))  # fmt: skip
VALUES = st.recursive(
    SCALARS | st.just("GUILD"), lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4)
)
FRAMES = st.one_of(
    st.builds(
        lambda op, data: {"op": op, "d": data}, st.sampled_from((1, 2, 3, 4, 6, 8, 31, 43)) | st.integers(), VALUES
    ),
    VALUES,
    st.binary(max_size=50),
)
LIMITS = replace(Limits(), identifies=Rate(10**6, 1.0))


@settings(max_examples=60, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
@given(frames=st.lists(FRAMES, min_size=1, max_size=8), logged_in=st.booleans())
def test_no_frame_breaks_the_gateway(frames: list[object], *, logged_in: bool):
    async def main(clock: accelerated.AcceleratedClock) -> None:
        async with Simulator(clock=clock, limits=LIMITS) as sim:
            guild = sim.add_guild("Penguins")
            async with connected(sim) as client:
                if logged_in:
                    await client.log_in(GUILDS | MEMBERS)
                for frame in frames:
                    raw = frame if isinstance(frame, bytes) else json.dumps(frame).encode()
                    await client.socket.send_bytes(raw.replace(b"GUILD", str(guild.id).encode()))
                try:
                    await client.events(seconds=1)
                except Closed as closed:
                    assert closed.code in set(Close)
            await asyncio.sleep(5)
            async with connected(sim) as client:
                await client.log_in(GUILDS)
                assert (await client.event("GUILD_CREATE"))["id"] == str(guild.id)

    accelerated.run(main)
