"""
Batches lines into messages at a rate that a webhook accepts.

    feed = LineFeed("errors", post)          # post: an async function that takes the text of a message
    tasks.start("send errors", feed.run)
    feed.add("something happened")           # from any thread

Guarantees: no more than 24 messages a minute, of at most 2,000 characters; lines stay in order; unsent lines are
retried, up to the newest thousand, and the number of dropped ones is reported. Lines waiting when the process ends are
lost.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from contextlib import suppress

from steward.errors import NeedsOperator, NotReady
from steward.runtime.backoff import full_jitter
from steward.runtime.logs.loggers import get_logger

log = get_logger(__name__)

SPACING = 2.5  # seconds between messages: Discord takes 30 a minute from a webhook
MAX_LINES = 1000
LONGEST_LINE = 1000
LONGEST_MESSAGE = 1950  # of 2,000: leaves room for the code fence and the note on dropped lines
LONGEST_WAIT = 300.0

Send = Callable[[str], Awaitable[None]]


class NotTaken(NotReady):
    """
    A message could not be sent now.

    Args:
        retry_after: seconds until a retry; 0 if unknown.

    """

    def __init__(self, sentence: str, *, retry_after: float = 0.0) -> None:
        super().__init__(sentence)
        self.retry_after = retry_after


class LineFeed:
    """
    See the module.

    Args:
        send: sends a message; raises NotTaken for a retry, NeedsOperator to give up.

    """

    def __init__(self, name: str, send: Send) -> None:
        self.name = name
        self._send = send
        self._lines: deque[str] = deque()
        self._dropped = 0
        self._closed = False
        self._loop: asyncio.AbstractEventLoop | None = None
        self._news = asyncio.Event()

    def add(self, line: str) -> None:
        """Queue a line; from any thread."""
        if self._closed:
            return
        self._lines.append(line if len(line) <= LONGEST_LINE else line[: LONGEST_LINE - 1] + "…")
        while len(self._lines) > MAX_LINES:
            self._lines.popleft()
            self._dropped += 1
        if self._loop is not None:
            with suppress(RuntimeError):  # the loop is closed
                self._loop.call_soon_threadsafe(self._news.set)

    async def run(self) -> None:
        """Send until `send` raises NeedsOperator."""
        self._loop = asyncio.get_running_loop()
        while not self._closed:
            self._news.clear()
            if not self._lines:
                await self._news.wait()
            await asyncio.sleep(SPACING)
            if self._lines:
                await self._deliver(self._message())

    def _message(self) -> str:
        """Return the next message, with as many lines as fit."""
        taken, length = [], 0
        if self._dropped:
            taken.append(f"… {self._dropped} lines were dropped")
            length, self._dropped = len(taken[0]) + 1, 0
        while self._lines and length + len(self._lines[0]) < LONGEST_MESSAGE:
            line = self._lines.popleft().replace("```", "'''")
            taken.append(line)
            length += len(line) + 1
        return "```\n" + "\n".join(taken) + "\n```"

    async def _deliver(self, message: str) -> None:
        failures = 0
        while True:
            try:
                await self._send(message)
            except NeedsOperator as error:
                log.error("feed_refused", feed=self.name, reason=str(error))
                self._closed = True
                self._lines.clear()
                return
            except NotTaken as error:
                failures += 1
                if failures == 1:
                    log.warning("feed_delayed", feed=self.name, reason=str(error))
                await asyncio.sleep(error.retry_after + max(SPACING, full_jitter(failures, max_delay=LONGEST_WAIT)))
            else:
                return
