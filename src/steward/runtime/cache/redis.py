"""The second tier: values in Redis or Valkey that several processes share, and deletions that all of them hear of."""

from __future__ import annotations

import asyncio
import hashlib
import json
import secrets
import time
from collections.abc import Callable, Coroutine, Sequence
from typing import TYPE_CHECKING, Any, Self

from steward.errors import NeedsOperator, NotReady
from steward.runtime.cache.link import Link, LinkState, RedisAway, often
from steward.runtime.cache.statistics import CacheStatistics
from steward.runtime.logs.loggers import get_logger

if TYPE_CHECKING:
    from steward.runtime.cache.shared import SharedValues

log = get_logger(__name__)

MOST_UNTOLD = 10_000


class RedisTier:
    """
    Redis or Valkey behind the memory of a `Cache`.

    Guarantee: nobody who asks the cache waits longer for Redis than `timeout`, and while it is away nobody waits for
    it at all. A value that was deleted anywhere is not read from it any more, once it has been told, which is done
    when it is back if it is away. Whoever was cut off from it drops the shared values in its memory on return,
    because deletions may have been missed.

    Args:
        url: `redis://user:password@host:port/db`, `rediss://`, `valkey://`, `valkeys://` or `unix://`.
        namespace: the beginning of all keys and of the channel; what shares it shares values.
        timeout: seconds, at most, for an answer; one that is always late counts as away.
        backoff: seconds before the next try, by the number of those that failed.
        monotonic: seconds that never go back.

    Raises:
        NeedsOperator: the address cannot be understood, or a library is missing.

    """

    def __init__(
        self,
        url: str,
        *,
        namespace: str = "steward",
        timeout: float = 0.1,
        backoff: Callable[[int], float] = often,
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
            heard=self._heard,
            returned=self._forget_all,
        )

    @property
    def state(self) -> LinkState:
        """How it stands with Redis."""
        return self._link.state

    def share(self, name: str, kind: Any, version: int, ttl: float | None, statistics: CacheStatistics) -> SharedValues:
        """
        Return the second tier of a category; for `Cache`.

        Raises:
            ValueError: msgspec cannot read such values back.

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
            told=self._bound,
        )
        return values

    def register_script(self, script: str) -> RedisScript:
        """Return what runs a Lua script over the connection that there is, as `RedisWindows` needs it."""
        return RedisScript(self._link, script)

    async def settle(self) -> None:
        """Wait until Redis has all that was set and deleted so far, or is away."""
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
        """Keep what is to be told from growing while Redis is away: too many single deletions become one of all."""
        if self._link.untold > MOST_UNTOLD:
            self._link.forget_untold()
            for values in self._values.values():
                values.tell("prefix", "")

    def _heard(self, message: bytes) -> None:
        """Forget what another process has deleted."""
        try:
            origin, name, kind, scope = json.loads(message)
            if kind not in ("key", "tag", "prefix") or not isinstance(scope, str):
                raise ValueError(f"it deletes {kind!r}")
            values = self._values.get(name)
            if values is not None and origin != self._origin:
                values.hear(kind, scope)
        except (ValueError, TypeError) as error:
            self._forget_all()  # it may have been about anything
            if not self._complained:
                self._complained = True
                log.warning("cache_message_refused", server=self._link.server, error=str(error))

    def _forget_all(self) -> None:
        for values in self._values.values():
            values.hear("prefix", "")


class RedisScript:
    """
    A Lua script, called with its keys and arguments.

    Raises:
        NotReady: Redis is away, or refuses it, which one line in the log tells.

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
            raise NotReady(f"Redis at {self._link.server} is away.") from None
        if isinstance(reply, Exception):
            if not self._complained:
                self._complained = True
                log.warning("redis_script_refused", server=self._link.server, error=str(reply))
            raise NotReady(f"Redis at {self._link.server} refuses a script: {reply}.") from reply
        return reply
