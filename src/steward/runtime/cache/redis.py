"""The second tier: values in Redis or Valkey shared by processes, with deletions broadcast to all."""

from __future__ import annotations

import asyncio
import hashlib
import json
import secrets
import time
from collections.abc import Callable, Coroutine, Sequence
from typing import TYPE_CHECKING, Any, Self

from steward.errors import NeedsOperator, NotReady
from steward.runtime.cache.link import Link, LinkState, RedisAway, reconnect_delay
from steward.runtime.cache.statistics import CacheStatistics
from steward.runtime.logs.loggers import get_logger

if TYPE_CHECKING:
    from steward.runtime.cache.shared import SharedValues

log = get_logger(__name__)

MAX_UNSENT = 10_000


class RedisTier:
    """
    Redis or Valkey behind the memory of a `Cache`.

    Guarantee: no caller waits longer than `timeout` for Redis, nor at all while it is down. A deleted value is not read
    from Redis again once the deletion has been sent; if Redis is down, that happens on reconnect. After a disconnect a
    process drops its shared values from memory, because it may have missed deletions.

    Args:
        url: `redis://user:password@host:port/db`, `rediss://`, `valkey://`, `valkeys://` or `unix://`.
        namespace: prefix of all keys and the channel; processes with the same one share values.
        timeout: seconds; a server that is always slower counts as down.
        backoff: seconds before the next try, by the number of failures.

    Raises:
        NeedsOperator: the address is invalid, or a library is missing.

    """

    def __init__(
        self,
        url: str,
        *,
        namespace: str = "steward",
        timeout: float = 0.1,
        backoff: Callable[[int], float] = reconnect_delay,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        try:
            from steward.runtime.cache import shared
        except ImportError as error:
            raise NeedsOperator(
                "A cache in Redis needs the library msgspec, which is not installed.",
                remedy="Install it with pip install msgspec, or go without Redis.",
            ) from error
        self._make_values = shared.SharedValues
        self._namespace = namespace
        self._origin = secrets.token_hex(8)
        self._monotonic = monotonic
        self._values: dict[str, SharedValues] = {}
        self._writing: set[asyncio.Task[None]] = set()
        self._complained = False
        self._link = Link(
            url,
            channel=shared.channel(namespace),
            timeout=timeout,
            backoff=backoff,
            monotonic=monotonic,
            on_message=self._on_message,
            on_connect=self._forget_all,
        )

    @property
    def state(self) -> LinkState:
        return self._link.state

    def share(self, name: str, kind: Any, version: int, ttl: float | None, statistics: CacheStatistics) -> SharedValues:
        """
        Return the second tier of a category; for `Cache`.

        Raises:
            ValueError: msgspec cannot decode such values.

        """
        values = self._values[name] = self._make_values(
            name,
            kind,
            version,
            ttl,
            link=self._link,
            namespace=self._namespace,
            origin=self._origin,
            statistics=statistics,
            monotonic=self._monotonic,
            write=self._write,
            queued=self._bound,
        )
        return values

    def register_script(self, script: str) -> RedisScript:
        """Return a callable for a Lua script over this connection, as `RedisWindows` needs."""
        return RedisScript(self._link, script)

    async def settle(self) -> None:
        """Wait until Redis has all writes and deletions so far, or is unavailable."""
        if self._writing:
            await asyncio.wait(self._writing)
        await self._link.settle()

    async def __aenter__(self) -> Self:
        await self._link.open()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.settle()
        await self._link.close()

    def _write(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._writing.add(task)
        task.add_done_callback(self._writing.discard)

    def _bound(self) -> None:
        """Bound the queue of deletions while Redis is down: too many single ones become one of everything."""
        if self._link.unsent > MAX_UNSENT:
            self._link.drop_unsent()
            for values in self._values.values():
                values.delete("prefix", "")

    def _on_message(self, message: bytes) -> None:
        """Apply a deletion by another process."""
        try:
            origin, name, kind, scope = json.loads(message)
            if kind not in ("key", "tag", "prefix") or not isinstance(scope, str):
                raise ValueError(f"it deletes {kind!r}")
            values = self._values.get(name)
            if values is not None and origin != self._origin:
                values.on_deletion(kind, scope)
        except (ValueError, TypeError) as error:
            self._forget_all()  # it may have named any value
            if not self._complained:
                self._complained = True
                log.warning("cache_message_refused", server=self._link.server, error=str(error))

    def _forget_all(self) -> None:
        for values in self._values.values():
            values.on_deletion("prefix", "")


class RedisScript:
    """
    A Lua script, called with keys and arguments.

    Raises:
        NotReady: Redis is down or refuses the script; the latter is logged once.

    """

    def __init__(self, link: Link, script: str) -> None:
        self._link = link
        self._script = script
        self._digest = hashlib.sha1(script.encode(), usedforsecurity=False).hexdigest()
        self._complained = False

    async def __call__(self, keys: Sequence[str], args: Sequence[str | int]) -> Any:
        operands = (len(keys), *keys, *args)
        try:
            (reply,) = await self._link.ask(("EVALSHA", self._digest, *operands))
            if isinstance(reply, Exception) and "NOSCRIPT" in f"{type(reply).__name__} {reply}".upper():
                (reply,) = await self._link.ask(("EVAL", self._script, *operands))
        except RedisAway:
            raise NotReady(f"Redis at {self._link.server} is unavailable.") from None
        if isinstance(reply, Exception):
            if not self._complained:
                self._complained = True
                log.warning("redis_script_refused", server=self._link.server, error=str(reply))
            raise NotReady(f"Redis at {self._link.server} refuses a script: {reply}.") from reply
        return reply
