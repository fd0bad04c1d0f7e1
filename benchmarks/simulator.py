"""
Limits of the simulator; each measure runs in its own process, `python -m benchmarks.simulator NAME`.

- members: a guild of 1,000,000, with a bot that logs in, lists the first pages and sees a thousand join: below 150 MB.
- dispatches: events to one client in another task of the same process, read and parsed: 5,000 a second or more.
- guilds: 1,000 guilds of 20 channels to one client, from its login to the last GUILD_CREATE: below 10 seconds.
- fleet: 10,000 guilds of 40 channels, sent to four shards that log in at once: below 500 MiB.
- turn: CPU time of the longest turn of the event loop while four shards log in to 250 such guilds each, the clients'
  reading included: below 0.1 seconds.
"""

from __future__ import annotations

import asyncio
import json
import resource
import sys
import time
from collections.abc import Awaitable, Callable
from typing import Any

import aiohttp

from benchmarks.figures import MEMORY_MARGIN, TAIL_MARGIN
from benchmarks.processes import ROOT, output_of
from benchmarks.run import Run
from steward.runtime.clock import SystemClock
from steward.sim import Limits, Simulator

LIMIT = 300.0
SHARDS = 4


async def log_in(
    sim: Simulator, socket: aiohttp.ClientWebSocketResponse, intents: int, shard: tuple[int, int] = (0, 1)
) -> None:
    await socket.receive()
    data = {"token": sim.bot.token, "intents": intents, "properties": {}, "shard": shard}
    await socket.send_str(json.dumps({"op": 2, "d": data}))
    await read(socket, "READY", 1)


async def read(socket: aiohttp.ClientWebSocketResponse, event: str, count: int) -> dict[str, Any]:
    """Read until so many events of that name have arrived; return the last."""
    payload: dict[str, Any] = {}
    while count:
        payload = json.loads((await socket.receive()).data)
        count -= payload["t"] == event
    return payload


async def members(sim: Simulator, http: aiohttp.ClientSession) -> float:
    guild = sim.add_guild("Everybody", members=1_000_000, online=200_000, bans=50_000)
    async with http.ws_connect(sim.gateway_url, max_msg_size=0) as socket:
        await log_in(sim, socket, 1 << 0 | 1 << 1)
        for number in range(1000):
            guild.join(f"member{number}")
        await read(socket, "GUILD_MEMBER_ADD", 1000)
        await socket.send_str(json.dumps({"op": 8, "d": {"guild_id": str(guild.id), "query": "", "limit": 0}}))
        last = await read(socket, "GUILD_MEMBERS_CHUNK", 1001)
    assert last["d"]["chunk_index"] == 1000
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**10  # kilobytes on Linux


async def dispatches(sim: Simulator, http: aiohttp.ClientSession) -> float:
    guild = sim.add_guild("Penguins")
    chat, alice = guild.add_text_channel("chat"), guild.join("alice")
    async with http.ws_connect(sim.gateway_url) as socket:
        await log_in(sim, socket, 1 << 0 | 1 << 9)
        began = time.perf_counter()
        for _ in range(200):
            for _ in range(100):
                alice.say(chat, "hello")
            await read(socket, "MESSAGE_CREATE", 100)
        return 20_000 / (time.perf_counter() - began)


async def guilds(sim: Simulator, http: aiohttp.ClientSession) -> float:
    began = time.perf_counter()
    for number in range(1000):
        guild = sim.add_guild(f"Guild {number}", members=500)
        for room in range(20):
            guild.add_text_channel(f"room {room}")
    async with http.ws_connect(sim.gateway_url) as socket:
        await log_in(sim, socket, 1)
        await read(socket, "GUILD_CREATE", 1000)
    return time.perf_counter() - began


async def start_shards(sim: Simulator, http: aiohttp.ClientSession, guilds: int) -> None:
    """Log all shards in at once, and read until each has its share of so many guilds."""

    async def start(shard: int) -> None:
        async with http.ws_connect(sim.gateway_url) as socket:
            await log_in(sim, socket, 1, (shard, SHARDS))
            await read(socket, "GUILD_CREATE", guilds // SHARDS)

    await asyncio.gather(*(start(shard) for shard in range(SHARDS)))


def build(sim: Simulator, guilds: int) -> None:
    for number in range(guilds):
        guild = sim.add_guild(f"Guild {number}", members=500)
        for room in range(40):
            guild.add_text_channel(f"room {room}")


async def fleet(sim: Simulator, http: aiohttp.ClientSession) -> float:
    build(sim, 10_000)
    await start_shards(sim, http, 10_000)
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**10


async def turn(sim: Simulator, http: aiohttp.ClientSession) -> float:
    build(sim, 1000)
    longest = 0.0

    async def watch() -> None:
        nonlocal longest
        while True:
            began = time.thread_time()
            await asyncio.sleep(0)
            longest = max(longest, time.thread_time() - began)

    watching = asyncio.create_task(watch())
    await start_shards(sim, http, 1000)
    watching.cancel()
    return longest


MEASURES: dict[str, Callable[[Simulator, aiohttp.ClientSession], Awaitable[float]]] = {
    "members": members,
    "dispatches": dispatches,
    "guilds": guilds,
    "fleet": fleet,
    "turn": turn,
}


async def measure(run: Run) -> None:
    """Run each measure in its own process."""
    found = {}
    for name in MEASURES:
        run.progress(name)
        text, _ = await output_of("-m", "benchmarks.simulator", name, folder=ROOT, within=LIMIT / len(MEASURES))
        found[name] = float(text)
    run.found("simulator.members.resident", found["members"], "MiB", better="lower", target=150, margin=MEMORY_MARGIN)
    run.found("simulator.dispatches", found["dispatches"], "1/s", better="higher", target=5000)
    run.found("simulator.guilds", found["guilds"], "s", better="lower", target=10)
    run.found("simulator.fleet.resident", found["fleet"], "MiB", better="lower", target=500, margin=MEMORY_MARGIN)
    run.found("simulator.turn", found["turn"], "s", better="lower", target=0.1, margin=TAIL_MARGIN)


async def alone(name: str) -> float:
    async with (
        Simulator(clock=SystemClock(), limits=Limits(max_concurrency=SHARDS)) as sim,
        aiohttp.ClientSession() as http,
    ):
        return await MEASURES[name](sim, http)


if __name__ == "__main__":
    print(asyncio.run(alone(sys.argv[1])))
