"""
The connection to Redis: one socket for commands and one for messages, connected together.

Concurrent commands go out in one round trip. Callers never wait longer than the timeout, and not at all while Redis is
down: the link reconnects in the background, with backoff.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Hashable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from itertools import islice
from math import inf
from typing import TYPE_CHECKING, Any

from steward.errors import NeedsOperator
from steward.runtime.backoff import full_jitter
from steward.runtime.cache.reasons import CacheRefused, TooSlow, reason
from steward.runtime.logs.loggers import get_logger

if TYPE_CHECKING:
    from valkey.asyncio.connection import AbstractConnection

log = get_logger(__name__)

Command = tuple[str | bytes | int, ...]

CONNECT_WITHIN = 1.0
SILENT_AFTER = 1.0
QUIET = 3.0
SLOW_ROUNDS = 3
AT_ONCE = 500
MAX_WAITING = 10_000
FORGIVEN_AFTER = 60.0

reconnect_delay = partial(full_jitter, base_delay=0.5, max_delay=15.0)


class RedisAway(Exception):
    """Redis is unavailable, or did not reply in time."""


@dataclass(slots=True)
class PendingCommands:
    """Commands to send, and the future for their replies, if wanted."""

    commands: tuple[Command, ...]
    replies: asyncio.Future[list[Any]] | None


@dataclass(slots=True)
class LinkState:
    """
    State of the connection.

    Attributes:
        reason: why not; empty while connected or before the first try.
        since: monotonic time of the last change.
        losses: how often it was lost.

    """

    up: bool = False
    reason: str = ""
    since: float = -inf
    losses: int = 0


class Link:
    """
    Talks to one Redis or Valkey server.

    Guarantee: commands given to `send_reliably` are sent at least once as long as the process lives, and before any
    later `ask`. A loss and a reconnect are logged once each.

    Args:
        timeout: seconds a caller waits at most.
        on_connect: called on each connect, before any command is asked.

    Raises:
        NeedsOperator: the address is invalid, or the library is missing.

    """

    def __init__(
        self,
        url: str,
        *,
        channel: str,
        timeout: float,
        backoff: Callable[[int], float],
        monotonic: Callable[[], float],
        on_message: Callable[[bytes], None],
        on_connect: Callable[[], None],
    ) -> None:
        self._connect, self.server = _connector(url)
        self._channel = channel
        self._timeout = timeout
        self._backoff = backoff
        self._monotonic = monotonic
        self._on_message = on_message
        self._on_connect = on_connect
        self._unsent: dict[Hashable, tuple[Command, ...]] = {}
        self._waiting: deque[PendingCommands] = deque()
        self._wake = asyncio.Event()
        self._tried = asyncio.Event()
        self._sent_at: float | None = None
        self._slow = 0
        self._received_at = -inf
        self._run: asyncio.Task[None] | None = None
        self.state = LinkState()
        self.run_id = ""

    @property
    def unsent(self) -> int:
        """Number of reliable commands still to be sent."""
        return len(self._unsent)

    async def ask(self, *commands: Command, within: float | None = None) -> list[Any]:
        """
        Return the replies; an error reply is returned as an exception object.

        Raises:
            RedisAway: no reply in time.

        """
        if not self._open():
            raise RedisAway
        replies: asyncio.Future[list[Any]] = asyncio.get_running_loop().create_future()
        self._waiting.append(PendingCommands(commands, replies))
        self._wake.set()
        try:
            async with asyncio.timeout(self._timeout if within is None else within):
                return await replies
        except TimeoutError:
            raise RedisAway from None

    def send(self, *commands: Command) -> None:
        """Send commands that may get lost."""
        if self._open():
            self._waiting.append(PendingCommands(commands, None))
            self._wake.set()

    def send_reliably(self, name: Hashable, *commands: Command) -> None:
        """Send commands that must arrive; a newer call with the same name replaces an unsent one."""
        self._unsent.pop(name, None)
        self._unsent[name] = commands
        self._wake.set()

    async def settle(self) -> None:
        """Wait until everything sent so far has arrived, or Redis is unavailable."""
        with suppress(RedisAway):
            await self.ask(("PING",), within=SILENT_AFTER)

    def drop_unsent(self) -> None:
        """Drop unsent reliable commands, to replace them by one that covers them all."""
        self._unsent.clear()

    async def open(self) -> None:
        """Start connecting; wait at most a second for the first try."""
        self._run = asyncio.create_task(self._keep_up(), name=f"redis {self.server}")
        tried = asyncio.create_task(self._tried.wait())
        await asyncio.wait((tried,), timeout=CONNECT_WITHIN)
        tried.cancel()

    async def close(self) -> None:
        """Disconnect; pending requests are refused."""
        while self._run is not None and not self._run.done():
            self._run.cancel()
            await asyncio.wait((self._run,), timeout=0.1)  # a task group that fails at the same time swallows it

    def _open(self) -> bool:
        """Return whether to accept requests: connected, and not late with replies."""
        late = self._sent_at is not None and self._monotonic() - self._sent_at > self._timeout
        return self.state.up and not late and len(self._waiting) < MAX_WAITING

    async def _keep_up(self) -> None:
        failures = 0
        while True:
            began = self._monotonic()
            try:
                await self._session()
            except Exception as error:  # noqa: BLE001 - Redis must never stop the bot
                if self._monotonic() - began > FORGIVEN_AFTER:
                    failures = 0
                failures += 1
                self._note_loss(error.exceptions[0] if isinstance(error, ExceptionGroup) else error)
            self._tried.set()
            await asyncio.sleep(self._backoff(failures))

    async def _session(self) -> None:
        """Connect and serve until it fails."""
        commands, messages = self._connect(), self._connect()
        try:
            async with asyncio.timeout(CONNECT_WITHIN):
                await self._greet(commands, messages)
            while self._unsent:  # before any request, and before `up`
                await self._round(commands)
            self._note_return()
            async with asyncio.TaskGroup() as group:
                group.create_task(self._send_on(commands))
                group.create_task(self._listen(messages))
                group.create_task(self._watch(messages))
        finally:
            self.state.up = False
            self._sent_at, self._slow = None, 0
            while self._waiting:
                self._refuse(self._waiting.popleft())
            for connection in (commands, messages):
                await connection.disconnect(nowait=True)

    async def _greet(self, commands: AbstractConnection, messages: AbstractConnection) -> None:
        """Check that both connections can do what is needed."""
        for connection in (commands, messages):
            await connection.connect()  # type: ignore[no-untyped-call]
        await messages.send_command("SUBSCRIBE", self._channel)
        await messages.read_response()
        info, *_ = await self._exchange(commands, [("INFO", "server")])
        self.run_id = _run_id(info)
        began = self._monotonic()
        probe = f"{self._channel}:probe"
        for reply in await self._exchange(commands, [("SET", probe, 1, "PX", 1000), ("GETRANGE", probe, 0, 1)]):
            if isinstance(reply, Exception):
                raise CacheRefused(str(reply)) from reply
        if self._monotonic() - began > self._timeout:
            raise TooSlow(self._timeout)

    async def _send_on(self, connection: AbstractConnection) -> None:
        while True:
            while self._unsent or self._waiting:
                await self._round(connection)
            await self._wake.wait()
            self._wake.clear()

    async def _round(self, connection: AbstractConnection) -> None:
        """Send one batch, reliable commands first, and distribute the replies."""
        reliable = list(islice(self._unsent.items(), AT_ONCE))
        asked: list[PendingCommands] = []
        while self._waiting and len(reliable) + len(asked) < AT_ONCE:
            one = self._waiting.popleft()
            if one.replies is None or not one.replies.done():
                asked.append(one)
        batches = [commands for _, commands in reliable] + [one.commands for one in asked]
        self._sent_at = self._monotonic()
        try:
            async with asyncio.timeout(SILENT_AFTER):
                replies = iter(await self._exchange(connection, [one for batch in batches for one in batch]))
        except BaseException:
            for one in asked:
                self._refuse(one)
            raise
        duration, self._sent_at = self._monotonic() - self._sent_at, None
        refusals: list[str] = []
        for name, commands in reliable:
            errors = [str(reply) for reply in islice(replies, len(commands)) if isinstance(reply, Exception)]
            refusals += errors
            if not errors and self._unsent.get(name) is commands:
                del self._unsent[name]
        for one in asked:
            answers = list(islice(replies, len(one.commands)))
            if one.replies is None:
                refusals += [str(answer) for answer in answers if isinstance(answer, Exception)]
            elif not one.replies.done():
                one.replies.set_result(answers)
        if refusals:
            raise CacheRefused(refusals[0])
        self._slow = self._slow + 1 if duration > self._timeout else 0
        if self._slow >= SLOW_ROUNDS:
            raise TooSlow(self._timeout)

    @staticmethod
    async def _exchange(connection: AbstractConnection, commands: list[Command]) -> list[Any]:
        from valkey.exceptions import ResponseError

        replies: list[Any] = []
        await connection.send_packed_command(connection.pack_commands(commands), check_health=False)
        for _ in commands:
            try:
                replies.append(await connection.read_response())
            except ResponseError as error:
                replies.append(error)
        return replies

    async def _listen(self, connection: AbstractConnection) -> None:
        while True:
            message = await connection.read_response()
            self._received_at = self._monotonic()
            if isinstance(message, list) and message[0] == b"message":
                self._on_message(message[2])

    async def _watch(self, connection: AbstractConnection) -> None:
        """Detect a dead connection for messages, which would report no error."""
        asked_at = -inf
        while True:
            await asyncio.sleep(QUIET)
            if self._received_at < asked_at:
                raise TimeoutError
            asked_at = self._monotonic()
            await connection.send_command("PING", check_health=False)

    @staticmethod
    def _refuse(asked: PendingCommands) -> None:
        if asked.replies is not None and not asked.replies.done():
            asked.replies.set_exception(RedisAway())

    def _note_return(self) -> None:
        now, away = self._monotonic(), self.state.reason
        if away:
            log.info("redis_back", server=self.server, away_seconds=round(now - self.state.since, 1))
        self.state.up, self.state.reason, self.state.since = True, "", now
        self._tried.set()
        self._on_connect()

    def _note_loss(self, error: Exception) -> None:
        sentence, remedy = reason(error, self.server)
        if not self.state.reason:
            self.state.losses += 1
            self.state.since = self._monotonic()
            log.warning("redis_lost", server=self.server, error=sentence, remedy=remedy)
        self.state.reason = sentence


def _connector(url: str) -> tuple[Callable[[], AbstractConnection], str]:
    """Return a connection factory, and the server's address without its password."""
    try:
        from valkey.asyncio import ConnectionPool
    except ImportError as error:
        raise NeedsOperator(
            "A cache in Redis needs the library valkey, which is not installed.",
            remedy="Install it with pip install 'steward[redis]', or go without Redis.",
        ) from error
    try:
        pool = ConnectionPool.from_url(
            url, socket_timeout=None, lib_name=None, lib_version=None, encoding_errors="surrogatepass"
        )
        make = partial(pool.connection_class, **pool.connection_kwargs)
        make()
    except (ValueError, TypeError) as error:
        raise NeedsOperator(
            "The address of Redis is invalid.", remedy="Write it as redis://:password@host:6379/0."
        ) from error
    where = pool.connection_kwargs
    return make, str(where.get("path") or f"{where.get('host', 'localhost')}:{where.get('port', 6379)}")


def _run_id(info: Any) -> str:
    """Return the server's run id, which changes on restart; empty if unknown."""
    if not isinstance(info, bytes):
        return ""
    lines = (line.partition(b":") for line in info.splitlines())
    return next((value.decode("ascii", "replace") for name, _, value in lines if name == b"run_id"), "")
