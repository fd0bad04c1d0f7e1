"""
Events of the time between two processes: read from the old session until the new one has begun.

discord.py cannot start from a stored session: without READY it knows no guild. So the old session is resumed on a
connection of its own, and read until the new session is ready: two sessions at a time are allowed (docs: Gateway >
"Sharding"). RESUME costs no login. Its end leaves the session to expire by itself, so that nothing is lost if this
process dies before it has kept what it read. What is gone is gone: Discord answers INVALID_SESSION, and the counts of
the new session put the sums right.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from typing import Any

import aiohttp
import orjson
import structlog
import yarl

from steward.client.gateway.frames import pass_over, read_frame
from steward.client.gateway.reading_pace import ReadingPace
from steward.runtime.clock import Clock
from steward.store import Store, Transaction, kv

log = structlog.get_logger(__name__)

KEY = "gateway.bookmark"
DISPATCH, RESUME, RECONNECT, INVALID_SESSION, HELLO = 0, 6, 7, 9, 10
CAUGHT_UP_WITHIN = 15.0  # seconds to reach the end of what was missed; the new login does not wait longer
TRIES = 5
PAUSE = 1.0
KEEP_SESSION = 4000


@dataclass(frozen=True, slots=True)
class ResumableSession:
    """
    What RESUME needs, kept durably: how far a session has been read, where the next process takes up reading.

    A session outlives its connection for some minutes unless it was closed with 1000 or 1001 (docs: Gateway >
    "Disconnecting"). Kept in the same transaction as what was made of the events, it never runs ahead of them.

    Attributes:
        sequence: the last event received in it.
        account: whose session it is and at which Discord; the token goes nowhere else.
        read_until: the instant up to which all events have been read; None when kept by an earlier version. It moves
            while nothing happens, and makes no other place of it.

    """

    id: str
    sequence: int
    url: str
    account: str
    read_until: datetime | None = field(default=None, compare=False)

    def keep(self, tx: Transaction) -> None:
        """Write the bookmark, in the transaction that holds what the events up to here have led to."""
        kv.put(tx, KEY, orjson.dumps(asdict(self)).decode())


async def recall(store: Store, account: str) -> ResumableSession | None:
    """Return the bookmark that an earlier process of the same account left, or None."""
    kept = await store.read(lambda tx: kv.get(tx, KEY))
    if kept is None:
        return None
    values = orjson.loads(kept)
    read_until = values.pop("read_until", None)
    session = ResumableSession(**values, read_until=datetime.fromisoformat(read_until) if read_until else None)
    return session if session.account == account else None


Deliver = Callable[[ResumableSession, str, dict[str, Any]], None]


class MissedEvents:
    """
    Reads an old session.

    Args:
        session: where reading stopped.
        deliver: called with the place, name and payload of each event, in order.
        pace: kept while reading up to the present.

    Attributes:
        whole: whether everything up to now has been read.

    """

    def __init__(
        self, session: ResumableSession, token: str, deliver: Deliver, clock: Clock, pace: ReadingPace
    ) -> None:
        self._session = session
        self._token = token
        self._deliver = deliver
        self._clock = clock
        self._pace: ReadingPace | None = pace
        self.whole = False
        self._caught_up = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self.count = 0

    async def begin(self) -> None:
        """Read up to the present, or as far as `CAUGHT_UP_WITHIN` allows; then go on reading until `end`."""
        self._task = asyncio.create_task(self._read(), name="missed events")
        try:
            async with asyncio.timeout(CAUGHT_UP_WITHIN):
                await self._caught_up.wait()
        except TimeoutError:
            log.warning("missed_events_slow", read=self.count)
        self._pace = None  # beside the new session it must not fall behind: what it has not read by the end is lost
        if self.count:
            log.info("missed_events_read", count=self.count)

    @property
    def read_until(self) -> datetime | None:
        """The instant up to which every event has been read; None when nobody has noted it."""
        return self._clock.now() if self.whole else self._session.read_until

    @property
    def over(self) -> bool:
        """Whether nothing more is read."""
        return self._task is None or self._task.done()

    def stop(self) -> None:
        """Have reading end."""
        if self._task is not None:
            self._task.cancel()

    async def ended(self) -> None:
        """Stop, and return when nothing is left of it."""
        self.stop()
        if self._task is not None:
            await asyncio.gather(self._task, return_exceptions=True)

    async def _read(self) -> None:
        try:
            async with aiohttp.ClientSession() as http:
                for _ in range(TRIES):
                    try:
                        if not await self._read_one_connection(http):
                            return
                    except (OSError, aiohttp.ClientError, ValueError, KeyError) as error:
                        log.warning("missed_events_cut", error=f"{type(error).__name__}: {error}", read=self.count)
                    await asyncio.sleep(PAUSE)
        finally:
            self._caught_up.set()

    async def _read_one_connection(self, http: aiohttp.ClientSession) -> bool:
        """Return whether it is worth connecting again."""
        url = yarl.URL(self._session.url).with_query(v="10", encoding="json")
        async with http.ws_connect(url, max_msg_size=0) as socket:
            try:
                async for message in socket:
                    if message.type is not aiohttp.WSMsgType.TEXT:
                        break
                    try:
                        frame = read_frame(message.data)
                    except ValueError:  # told again after each RESUME
                        sequence = pass_over(message.data, self._session.sequence)
                        self._session = replace(self._session, sequence=sequence)
                        continue
                    if frame["op"] == HELLO:
                        await socket.send_str(self._resume())
                    elif frame["op"] == RECONNECT:
                        return True
                    elif frame["op"] == INVALID_SESSION:
                        return bool(frame["d"])
                    elif frame["op"] == DISPATCH:
                        self._take(frame)
                        if self._pace is not None:
                            await self._pace.keep()
            finally:
                if self.whole:
                    self.whole, self._session = False, replace(self._session, read_until=self._clock.now())
                await socket.close(code=KEEP_SESSION)
        return True

    def _take(self, frame: dict[str, Any]) -> None:
        if frame["t"] == "RESUMED":
            self.whole = True
            self._caught_up.set()
            return
        now_read = self._clock.now() if self.whole else self._session.read_until
        self._session = replace(self._session, sequence=frame["s"], read_until=now_read)
        self._deliver(self._session, frame["t"], frame["d"])
        self.count += 1

    def _resume(self) -> str:
        session = self._session
        payload = {"op": RESUME, "d": {"token": self._token, "session_id": session.id, "seq": session.sequence}}
        return orjson.dumps(payload).decode()
