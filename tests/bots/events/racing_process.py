"""One of two processes whose members race for the seats of an event; tells what each was told."""

# ruff: noqa: T201 - what it prints is how the test knows

from __future__ import annotations

import asyncio
import json
import sys

from steward.bots.events.rsvp.answers import Respondent
from steward.bots.events.rsvp.service import RsvpService
from steward.bots.installed import MIGRATIONS
from steward.runtime.clock import SystemClock
from steward.store import ServerOptions, open_store
from steward.store.server.session import SessionLimits

PATIENT = ServerOptions(processes=2, limits=SessionLimits(lock=60))
"""On a machine under load a process holds its locks for longer than the five seconds that others wait by default."""


async def main(url, occurrence_id, first, members):
    async with open_store(url, SystemClock(), migrations=MIGRATIONS, server=PATIENT, wait=60) as store:
        answering = RsvpService(store)

        async def race(user):
            outcome = await answering.answer(occurrence_id, Respondent(user, f"member {user}"), "yes")
            return user, outcome.now.seated, outcome.line

        print("ready", flush=True)
        await asyncio.get_running_loop().run_in_executor(None, sys.stdin.readline)
        told = await asyncio.gather(*(race(user) for user in range(first, first + members)))
        for user, seated, _ in told[: members // 10]:  # some leave again
            if seated:
                await answering.answer(occurrence_id, Respondent(user, f"member {user}"), "no")
    print(json.dumps(told), flush=True)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], *map(int, sys.argv[2:])))
