"""
A newsletter, sent exactly once each morning across crashes, with at most two letters drawn at a time.

    python newsletter.py

Kill it at any time and start it again: no morning is missed, and none is sent twice.
"""

from __future__ import annotations

import asyncio
from datetime import time
from pathlib import Path
from zoneinfo import ZoneInfo

from steward.runtime.clock import Clock, SystemClock
from steward.runtime.streaming import work_through
from steward.runtime.tasks import Supervisor
from steward.store import DailyAt, JobOccurrence, JobRunner, OutboxMessage, OutboxSender, Store, Work, open_store
from steward.store.outbox import outbox

MORNING = DailyAt(time(9), ZoneInfo("Europe/Berlin"))
READERS = (101, 102, 103)


class Newsletter:
    """
    Sends a letter to each reader.

    Args:
        store: stores due occurrences and letters to be sent.
        clock: the time.
        post: sends a letter; called with the reader, the text and a nonce that identifies a repeated send.

    """

    def __init__(self, store: Store, clock: Clock, post) -> None:
        self._post = post
        self.jobs = JobRunner(store, clock)
        self.jobs.register("newsletter", MORNING, self._edition)
        self.sender = OutboxSender(store, clock, self._send)

    async def _edition(self, occurrence: JobOccurrence) -> Work[object]:
        """Prepare the letters; this may run again after a crash. What it returns is committed once."""
        texts: dict[int, str] = {}

        async def draw(reader: int) -> None:
            texts[reader] = await self._draw(occurrence)

        await work_through(READERS, draw, at_once=2)

        def promise(tx) -> None:
            for reader, text in texts.items():
                key = f"newsletter:{occurrence.key}:{reader}"
                outbox.put(tx, key=key, channel_id=reader, payload={"content": text})

        return promise

    async def _draw(self, occurrence: JobOccurrence) -> str:
        await asyncio.sleep(0.01)
        return f"{'Late, sorry. ' if occurrence.late else ''}The news of {occurrence.key}."

    async def _send(self, message: OutboxMessage) -> int:
        await self._post(message.channel_id, message.payload["content"], message.nonce)
        return message.id


async def run(path: Path, clock: Clock, post) -> None:
    async with open_store(path, clock) as store, Supervisor() as tasks:
        letters = Newsletter(store, clock, post)
        tasks.start("jobs", letters.jobs.run)  # restarted with backoff if it fails
        tasks.start("post", letters.sender.run)
        await asyncio.Event().wait()


async def show(reader: int, text: str, nonce: str) -> None:
    print(f"To {reader}: {text} ({nonce})")


if __name__ == "__main__":
    asyncio.run(run(Path("newsletter.sqlite3"), SystemClock(), show))
