"""
Typed values of one category in Redis, invalidated by tokens.

A deletion writes a new token for its key, prefix or tag. A value carries the tokens that were current when its load
began; readers compare them with the current ones. So a deletion costs the same for any number of values, and a value
loaded before the deletion but written after it, by any process, is not read. Tokens outlive the values they invalidate,
then expire.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import msgspec

from steward.runtime.cache.category import concerns
from steward.runtime.cache.entries import MISSING
from steward.runtime.cache.link import Link, RedisAway
from steward.runtime.cache.statistics import CacheStatistics
from steward.runtime.logs.loggers import get_logger

log = get_logger(__name__)

FORMAT = 1  # of keys, envelopes and messages; processes with another one do not share
LONGEST_LIFE = 86400.0
LONGEST_LOAD = 300.0
MAX_BYTES = 1 << 20
MAX_PREFIXES = 5
NEVER_EXPIRES = -1


@dataclass(frozen=True, slots=True)
class CacheStamp:
    """The tokens at a monotonic time."""

    at: float
    run_id: str
    scopes: str
    tags: dict[str, str]


class SharedEntry(NamedTuple):
    """A value read from Redis with its remaining seconds; or no value, and the stamp for loading it."""

    value: Any = MISSING
    seconds: float = 0.0
    tags: tuple[str, ...] = ()
    stamp: CacheStamp | None = None


@dataclass(frozen=True, eq=False, slots=True)
class PendingWrite:
    """A value about to be written."""

    tags: tuple[str, ...]


class Envelope(msgspec.Struct, array_like=True):
    """A value as stored in Redis."""

    run_id: str
    scopes: str
    tags: dict[str, str]
    milliseconds: int
    value: msgspec.Raw


class SharedValues:
    """
    The second tier of one category; errors of Redis are never raised.

    Args:
        kind: the type of its values.
        version: of their meaning.
        longest: longest time to live in seconds; None for a day.
        namespace: prefix of all keys.
        origin: unique to this process.
        write: runs a coroutine in the background.
        queued: called after a deletion is queued.

    Raises:
        ValueError: msgspec cannot decode such values.

    """

    def __init__(
        self,
        name: str,
        kind: Any,
        version: int,
        longest: float | None,
        *,
        link: Link,
        namespace: str,
        origin: str,
        statistics: CacheStatistics,
        monotonic: Callable[[], float],
        write: Callable[[Coroutine[Any, Any, None]], None],
        queued: Callable[[], None],
    ) -> None:
        self.name = name
        self.forget: Callable[[str, str], int] = lambda _, __: 0
        self._link = link
        self._longest = LONGEST_LIFE if longest is None else min(longest, LONGEST_LIFE)
        self._tokens_live = int((self._longest + 2 * LONGEST_LOAD) * 1000)
        self._values = f"{namespace}:{FORMAT}:value:{name}:{version}:"
        self._scopes = f"{namespace}:{FORMAT}:token:{name}:"
        self._channel = channel(namespace)
        self._origin = origin
        self._deletions = 0
        self._statistics = statistics
        self._monotonic = monotonic
        self._write = write
        self._on_queued = queued
        self._pending: dict[str, PendingWrite] = {}
        self._complained: set[str] = set()
        self._encoder = msgspec.msgpack.Encoder()
        self._envelopes = msgspec.msgpack.Decoder(Envelope)
        try:
            self._decoder: Any = msgspec.msgpack.Decoder(kind | None)
            msgspec.json.schema(kind)  # unlike the decoder, rejects types it cannot build
        except TypeError as error:
            raise ValueError(f"Values of {name!r} cannot be shared: msgspec cannot read {kind!r} back.") from error

    async def find(self, key: str, tags: Sequence[str]) -> SharedEntry:
        """Return the value, or the stamp for loading it; neither when Redis is down."""
        began = self._monotonic()
        place = self._values + key
        scopes = self._scopes_of(key)
        try:
            life, packed, tokens = await self._link.ask(
                ("PTTL", place),
                ("GETRANGE", place, 0, MAX_BYTES),
                ("MGET", *scopes, *(self._tag(tag) for tag in tags)),
            )
            if not isinstance(tokens, list):
                return SharedEntry()
            stamp = self._stamp(tokens, len(scopes), tags)
            if packed == b"":
                return SharedEntry(stamp=stamp)
            return await self._unpack(key, packed, life, began, stamp)
        except RedisAway:
            return SharedEntry()

    def keep(self, key: str, value: Any, seconds: float, stamp: CacheStamp) -> None:
        """Write a value loaded since its stamp."""
        if self._monotonic() - stamp.at > LONGEST_LOAD:
            return  # a token may have been written and expired meanwhile
        milliseconds = int(min(seconds, self._longest) * 1000)
        try:
            packed = self._encoder.encode(value)
            packed = self._encoder.encode(
                Envelope(stamp.run_id, stamp.scopes, stamp.tags, milliseconds, msgspec.Raw(packed))
            )
        except (TypeError, ValueError, OverflowError, RecursionError, msgspec.MsgspecError) as error:
            if self._is_first("cache_value_not_shared"):
                log.warning("cache_value_not_shared", category=self.name, error=str(error))
            return
        if milliseconds > 0 and len(packed) <= MAX_BYTES:
            self._link.send(("SET", self._values + key, packed, "PX", milliseconds))

    def replace(self, key: str, value: Any, seconds: float, tags: Sequence[str]) -> None:
        """Overwrite a value, in the background."""
        self.delete("key", key)
        if self._link.state.up:
            pending = self._pending[key] = PendingWrite(tuple(tags))
            self._write(self._replace(key, value, seconds, pending))

    async def _replace(self, key: str, value: Any, seconds: float, pending: PendingWrite) -> None:
        tags = pending.tags
        scopes = self._scopes_of(key)
        try:
            (tokens,) = await self._link.ask(("MGET", *scopes, *(self._tag(tag) for tag in tags)))
        except RedisAway:
            tokens = None
        if self._pending.get(key) is not pending:
            return  # deleted, or replaced by another
        del self._pending[key]
        if isinstance(tokens, list):
            self.keep(key, value, seconds, self._stamp(tokens, len(scopes), tags))

    def delete(self, kind: str, name: str) -> None:
        """Delete a key, tag or prefix for all processes, now or on reconnect."""
        self._drop_pending(kind, name)
        self._deletions += 1
        token = f"{self._origin}.{self._deletions}"
        scope = self._prefix_scopes(name)[-1] if kind == "prefix" else f"{kind}:{name}"
        message = json.dumps([self._origin, self.name, kind, name])
        commands: list[tuple[str | int, ...]] = [("SET", self._scopes + scope, token, "PX", self._tokens_live)]
        if kind == "key":
            commands.append(("DEL", self._values + name))
        self._link.send_reliably((self.name, kind, name), *commands, ("PUBLISH", self._channel, message))
        self._on_queued()

    def on_deletion(self, kind: str, name: str) -> None:
        """Apply a deletion by another process."""
        self._drop_pending(kind, name)
        self.forget(kind, name)

    def _drop_pending(self, kind: str, name: str) -> None:
        """Cancel pending writes of values that this deletion concerns."""
        for key, pending in tuple(self._pending.items()):
            if concerns(kind, name, key, pending.tags):
                del self._pending[key]

    async def _unpack(self, key: str, packed: Any, life: Any, began: float, stamp: CacheStamp) -> SharedEntry:
        """Return the value read, if it has the right type and was not deleted."""
        none = SharedEntry(stamp=stamp)
        try:
            if not isinstance(packed, bytes) or len(packed) > MAX_BYTES:
                raise msgspec.ValidationError("it is no string, or too long")
            envelope = self._envelopes.decode(packed)
            if (envelope.run_id, envelope.scopes) != (stamp.run_id, stamp.scopes):
                return none
            if any([await self._deleted(tag, token, stamp) for tag, token in envelope.tags.items()]):
                return none
            value = self._decoder.decode(envelope.value)
        except (msgspec.MsgspecError, UnicodeError, RecursionError) as error:
            self._statistics.refused += 1
            if self._is_first("cache_value_refused"):
                log.warning("cache_value_refused", category=self.name, error=str(error))
            self._link.send(("DEL", self._values + key))
            return none
        if not isinstance(life, int) or life == NEVER_EXPIRES:
            life = envelope.milliseconds
        seconds = min(life, envelope.milliseconds) / 1000 - (self._monotonic() - began)
        return SharedEntry(value, seconds, tuple(envelope.tags)) if seconds > 0 else none

    async def _deleted(self, tag: str, token: str, stamp: CacheStamp) -> bool:
        """Return whether a tag was deleted since; asks Redis for a tag not in the stamp."""
        if tag in stamp.tags:
            return stamp.tags[tag] != token
        (now,) = await self._link.ask(("GETRANGE", self._tag(tag), 0, -1))
        return _text(now or None) != token

    def _stamp(self, tokens: list[bytes | None], scopes: int, tags: Sequence[str]) -> CacheStamp:
        return CacheStamp(
            self._monotonic(),
            self._link.run_id,
            " ".join(map(_text, tokens[:scopes])),
            dict(zip(tags, map(_text, tokens[scopes:]), strict=True)),
        )

    def _scopes_of(self, key: str) -> list[str]:
        """Return the Redis keys of the tokens that apply to a key: its own, and those of its prefixes up to a colon."""
        return [f"{self._scopes}key:{key}", *(self._scopes + prefix for prefix in self._prefix_scopes(key))]

    @staticmethod
    def _prefix_scopes(text: str) -> list[str]:
        """Return the prefixes that have tokens: the empty one, then up to each of the first colons."""
        parts = text.split(":")[:-1]
        return ["prefix:" + "".join(f"{part}:" for part in parts[:count]) for count in range(len(parts) + 1)][
            :MAX_PREFIXES
        ]

    def _tag(self, tag: str) -> str:
        return f"{self._scopes}tag:{tag}"

    def _is_first(self, event: str) -> bool:
        """Return whether this event was not logged before."""
        before = len(self._complained)
        self._complained.add(event)
        return len(self._complained) > before


def channel(namespace: str) -> str:
    """Return the channel for deletions."""
    return f"{namespace}:{FORMAT}:deleted"


def _text(token: Any) -> str:
    return token.decode("utf-8", "replace") if isinstance(token, bytes) else "-"
