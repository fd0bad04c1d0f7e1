"""A simulated server, a real `LeanClient` over real sockets, and the interactions layer between them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from discord.http import Route

from steward.bots.installed import MIGRATIONS
from steward.client.gateway.health import GatewayHealth
from steward.client.gateway.identify_ledger import IdentifyLedger
from steward.client.interactions import Interactions
from steward.client.interactions.rights import Declared
from steward.client.lean import LeanClient
from steward.runtime.clock import Clock
from steward.runtime.limits import Limiter
from steward.runtime.tasks import Supervisor
from steward.sim import Simulator
from steward.sim.channels.channel import Channel
from steward.sim.guilds.guild import Guild
from steward.sim.people.member import Member
from steward.store import Store, open_store


@dataclass
class Reception:
    """What a test holds in its hands."""

    sim: Simulator
    guild: Guild
    chat: Channel
    alice: Member
    client: LeanClient
    store: Store
    interactions: Interactions
    tasks: Supervisor

    async def open(self, *commands: Declared) -> None:
        """Take up these commands and wait until Discord has them."""
        for command in commands:
            self.interactions.add(command)
        await self.interactions.sync()

    def callbacks(self, status: int | None = None) -> list[int]:
        """The types of the callbacks so far, in their order."""
        route = "/interactions/{interaction_id}/{interaction_token}/callback"
        found = self.sim.recorder.requests(method="POST", route=route, status=status)
        return [request.body["type"] for request in found]


@asynccontextmanager
async def connected(sim: Simulator, clock: Clock, database: Path) -> AsyncIterator[tuple[LeanClient, Store]]:
    """Run a client until the block is left, its database at that path."""
    Route.BASE = sim.api_url
    async with AsyncExitStack() as stack:
        store = await stack.enter_async_context(open_store(str(database), clock, migrations=MIGRATIONS))
        health = GatewayHealth(clock)
        ledger = IdentifyLedger(store, clock)
        client = await stack.enter_async_context(
            LeanClient(store=store, ledger=ledger, health=health, members_intent=False, activity_intents=False)
        )
        await client.login(sim.bot.token)
        running = asyncio.create_task(client.connect())
        try:
            async with asyncio.timeout(3600):  # many logins are spaced out
                await health.first_connection.wait()
            yield client, store
        finally:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)


@asynccontextmanager
async def reception(clock: Clock, folder: Path, *, limiter: Limiter | None = None) -> AsyncIterator[Reception]:
    """Set it all up; `limiter` is asked before each command."""
    async with Simulator(clock=clock) as sim:
        guild = sim.add_guild("Penguins", members=500)
        chat = guild.add_text_channel("chat")
        alice = guild.join("alice")
        async with (
            connected(sim, clock, folder / "steward.sqlite3") as (client, store),
            Supervisor() as tasks,
            Interactions(client, store, clock, limiter=limiter) as interactions,
        ):
            yield Reception(sim, guild, chat, alice, client, store, interactions, tasks)
