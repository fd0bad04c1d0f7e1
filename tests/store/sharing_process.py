"""One of several processes on one database: runs jobs, sends messages, and prints each confirmed write."""

# ruff: noqa: T201 - what it prints is how the test knows

from __future__ import annotations

import asyncio
import json
import random
import sys
from datetime import UTC, datetime, timedelta
from functools import partial

from steward.runtime.clock import SystemClock
from steward.store import JobRunner, OutboxSender, ServerOptions, kv, open_store
from steward.store.jobs.schedule import Due
from steward.store.outbox import outbox
from steward.store.server.session import SessionLimits

PROCESSES = 3
JOBS = [f"job {number}" for number in range(20)]
LEASE = timedelta(seconds=2)
LIMIT = timedelta(seconds=30)
PATIENCE = 360.0


class Ended:
    """A schedule whose occurrences are all in the database."""

    def after(self, _instant):
        return Due("end", datetime(2100, 1, 1, tzinfo=UTC))

    def __repr__(self):
        return "Ended()"


async def main(url, owner, port, slowest):
    clock = SystemClock()
    # A process that is stopped, or waits for the processor, may hold its locks longer than the default wait.
    options = ServerOptions(processes=PROCESSES, lock_wait=PATIENCE, limits=SessionLimits(lock=60))
    async with open_store(url, clock, wait=PATIENCE, server=options) as store:

        async def deliver(message):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(json.dumps([message.nonce, message.key]).encode() + b"\n")
            answer = int(await reader.readline())
            writer.close()
            return answer

        async def handle(occurrence):
            await asyncio.sleep(random.uniform(0.0, slowest))

            def effect(tx):
                done = (occurrence.job, occurrence.key, owner)
                tx.execute("INSERT INTO effects (job, occurrence, owner) VALUES (?, ?, ?)", done)
                outbox.put(tx, key=f"{occurrence.job}:{occurrence.key}", channel_id=len(occurrence.key), payload={})

            return effect

        async def promise():
            number = 0
            while True:
                key = f"{owner}.{number}"
                await store.write(partial(kv.put, key=key, value="kept"))
                print("kept", key, flush=True)
                number += 1
                await asyncio.sleep(0.01)

        # The lease ends before the limit: only the fence keeps a stopped process from acting late.
        terms = {"limit": LIMIT, "margin": LEASE - LIMIT}
        runner = JobRunner(store, clock, owner=owner, watch=LEASE / 2, backoff=lambda _: 0.2, **terms)
        for job in JOBS:
            runner.register(job, Ended(), handle)
        sender = OutboxSender(store, clock, deliver, **terms)
        print("ready", flush=True)
        await asyncio.gather(runner.run(), sender.run(), promise())


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2], int(sys.argv[3]), float(sys.argv[4])))
