"""
What the simulator can carry: `python -m benchmarks.simulator`. Each measure runs in a process of its own.

- members: a guild of 1,000,000, with a bot that logs in, lists the first pages and sees a thousand join: below 150 MB.
- dispatches: events to one client in another task of the same process, read and parsed: 5,000 a second or more.
- guilds: 1,000 guilds of 20 channels to one client, from its login to the last GUILD_CREATE: below 10 seconds.
"""

from __future__ import annotations

import asyncio
import json
import resource
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable
from typing import Any

import aiohttp

from steward.runtime.clock import SystemClock
from steward.sim import Simulator


async def log_in(sim: Simulator, socket: aiohttp.ClientWebSocketResponse, intents: int) -> None:
    await socket.receive()
    data = {"token": sim.bot.token, "intents": intents, "properties": {}}
    await socket.send_str(json.dumps({"op": 2, "d": data}))
    await read(socket, "READY", 1)


async def read(socket: aiohttp.ClientWebSocketResponse, event: str, count: int) -> dict[str, Any]:
    """Read until so many events of that name have come; return the last."""
    payload: dict[str, Any] = {}
    while count:
        payload = json.loads((await socket.receive()).data)
        count -= payload["t"] == event
    return payload


async def members(sim: Simulator, http: aiohttp.ClientSession) -> tuple[str, bool]:
    guild = sim.add_guild("Everybody", members=1_000_000, online=200_000, bans=50_000)
    async with http.ws_connect(sim.gateway_url, max_msg_size=0) as socket:
        await log_in(sim, socket, 1 << 0 | 1 << 1)
        for number in range(1000):
            guild.join(f"member{number}")
        await read(socket, "GUILD_MEMBER_ADD", 1000)
        await socket.send_str(json.dumps({"op": 8, "d": {"guild_id": str(guild.id), "query": "", "limit": 0}}))
        last = await read(socket, "GUILD_MEMBERS_CHUNK", 1001)
    assert last["d"]["chunk_index"] == 1000
    used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**10  # kilobytes on Linux
    return f"{used:.0f} MB resident at most, with 1,000 joins and one full member list", used < 150


async def dispatches(sim: Simulator, http: aiohttp.ClientSession) -> tuple[str, bool]:
    guild = sim.add_guild("Penguins")
    chat, alice = guild.add_text_channel("chat"), guild.join("alice")
    async with http.ws_connect(sim.gateway_url) as socket:
        await log_in(sim, socket, 1 << 0 | 1 << 9)
        began = time.perf_counter()
        for _ in range(200):
            for _ in range(100):
                alice.say(chat, "hello")
            await read(socket, "MESSAGE_CREATE", 100)
        rate = 20_000 / (time.perf_counter() - began)
    return f"{rate:,.0f} dispatches a second, said, sent, read and parsed", rate >= 5000


async def guilds(sim: Simulator, http: aiohttp.ClientSession) -> tuple[str, bool]:
    began = time.perf_counter()
    for number in range(1000):
        guild = sim.add_guild(f"Guild {number}", members=500)
        for room in range(20):
            guild.add_text_channel(f"room {room}")
    async with http.ws_connect(sim.gateway_url) as socket:
        await log_in(sim, socket, 1)
        await read(socket, "GUILD_CREATE", 1000)
    took = time.perf_counter() - began
    return f"{took:.1f} s for 1,000 guilds of 20 channels, made and told", took < 10


MEASURES: dict[str, Callable[[Simulator, aiohttp.ClientSession], Awaitable[tuple[str, bool]]]] = {
    "members": members,
    "dispatches": dispatches,
    "guilds": guilds,
}


async def measure(name: str) -> bool:
    async with Simulator(clock=SystemClock()) as sim, aiohttp.ClientSession() as http:
        words, good = await MEASURES[name](sim, http)
    print(f"{name:<11} {words}: {'good' if good else 'NOT what was promised'}")
    return good


def main() -> int:
    """Run the named measure, or each in a process of its own; 0 when all keep the promise."""
    if len(sys.argv) > 1:
        return 0 if asyncio.run(measure(sys.argv[1])) else 1
    return max(subprocess.call([sys.executable, "-m", "benchmarks.simulator", name]) for name in MEASURES)


if __name__ == "__main__":
    sys.exit(main())
