"""
Values of one category in Redis, written and read with their type, and valid only while nothing has deleted them.

Deleting writes a new token for what is deleted: a key, all keys with a prefix, a tag. A value carries the tokens that
stood when its making began, and whoever reads it compares them with those that stand now. So deleting costs the same
however many values it concerns, and a value made from old facts, written after the deletion by whichever process, is
seen for what it is. Tokens outlive the values that they rule out, then expire.
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

FORMAT = 1  # of keys, envelopes and messages; who writes another one is not understood
LONGEST_LIFE = 86400.0
LONGEST_LOAD = 300.0
MOST_BYTES = 1 << 20
MOST_PREFIXES = 5
NEVER_EXPIRES = -1


@dataclass(frozen=True, slots=True)
class CacheStamp:
    """The tokens that stood at an instant, on the monotonic clock."""

    at: float
    run_id: str
    scopes: str
    tags: dict[str, str]


class SharedEntry(NamedTuple):
    """What Redis had: a value for so many seconds more; or none, and the stamp for one that is made now."""

    value: Any = MISSING
    seconds: float = 0.0
    tags: tuple[str, ...] = ()
    stamp: CacheStamp | None = None


@dataclass(frozen=True, eq=False, slots=True)
class Replacing:
    """A value that was set and is about to be written."""

    tags: tuple[str, ...]


class Envelope(msgspec.Struct, array_like=True):
    """A value on its way."""

    run_id: str
    scopes: str
    tags: dict[str, str]
    milliseconds: int
    value: msgspec.Raw


class SharedValues:
    """
    The second tier of one category; nothing here raises for what Redis does.

    Args:
        kind: the type of its values.
        version: of their meaning.
        longest: seconds that a value stays at most; None for values that say so themselves, a day at most.
        namespace: the beginning of all keys.
        origin: what tells this process from all others.
        monotonic: seconds that never go back.
        write: runs what is written in the background.
        told: called when there is something more to be told.

    Raises:
        ValueError: msgspec cannot read such values back.

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
        told: Callable[[], None],
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
        self._told = 0
        self._statistics = statistics
        self._monotonic = monotonic
        self._write = write
        self._note_told = told
        self._replacing: dict[str, Replacing] = {}
        self._complained: set[str] = set()
        self._encoder = msgspec.msgpack.Encoder()
        self._envelopes = msgspec.msgpack.Decoder(Envelope)
        try:
            self._decoder: Any = msgspec.msgpack.Decoder(kind | None)
            msgspec.json.schema(kind)  # notices, unlike the decoder, what nobody would know how to make again
        except TypeError as error:
            raise ValueError(f"Values of {name!r} cannot be shared: msgspec cannot read {kind!r} back.") from error

    async def find(self, key: str, tags: Sequence[str]) -> SharedEntry:
        """Return the value, or the stamp to make it with; neither when Redis is away."""
        began = self._monotonic()
        place = self._values + key
        scopes = self._scopes_of(key)
        try:
            life, packed, tokens = await self._link.ask(
                ("PTTL", place),
                ("GETRANGE", place, 0, MOST_BYTES),
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
        """Write a value that was made since its stamp."""
        if self._monotonic() - stamp.at > LONGEST_LOAD:
            return  # a token may have come and gone meanwhile
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
        if milliseconds > 0 and len(packed) <= MOST_BYTES:
            self._link.send(("SET", self._values + key, packed, "PX", milliseconds))

    def replace(self, key: str, value: Any, seconds: float, tags: Sequence[str]) -> None:
        """Write a value in place of what others have, in the background."""
        self.tell("key", key)
        if self._link.state.up:
            replacing = self._replacing[key] = Replacing(tuple(tags))
            self._write(self._replace(key, value, seconds, replacing))

    async def _replace(self, key: str, value: Any, seconds: float, replacing: Replacing) -> None:
        tags = replacing.tags
        scopes = self._scopes_of(key)
        try:
            (tokens,) = await self._link.ask(("MGET", *scopes, *(self._tag(tag) for tag in tags)))
        except RedisAway:
            tokens = None
        if self._replacing.get(key) is not replacing:
            return  # deleted, or replaced by another
        del self._replacing[key]
        if isinstance(tokens, list):
            self.keep(key, value, seconds, self._stamp(tokens, len(scopes), tags))

    def tell(self, kind: str, name: str) -> None:
        """Tell all other processes that a key, a tag or a prefix is no more: now, or when Redis is back."""
        self._outdate(kind, name)
        self._told += 1
        token = f"{self._origin}.{self._told}"
        scope = self._prefixes(name)[-1] if kind == "prefix" else f"{kind}:{name}"
        message = json.dumps([self._origin, self.name, kind, name])
        commands: list[tuple[str | int, ...]] = [("SET", self._scopes + scope, token, "PX", self._tokens_live)]
        if kind == "key":
            commands.append(("DEL", self._values + name))
        self._link.tell((self.name, kind, name), *commands, ("PUBLISH", self._channel, message))
        self._note_told()

    def hear(self, kind: str, name: str) -> None:
        """Forget what another process has deleted."""
        self._outdate(kind, name)
        self.forget(kind, name)

    def _outdate(self, kind: str, name: str) -> None:
        """Let no value be written any more that was set before this deletion."""
        for key, replacing in tuple(self._replacing.items()):
            if concerns(kind, name, key, replacing.tags):
                del self._replacing[key]

    async def _unpack(self, key: str, packed: Any, life: Any, began: float, stamp: CacheStamp) -> SharedEntry:
        """Return what was read, if it is of this category's type and nothing has deleted it."""
        none = SharedEntry(stamp=stamp)
        try:
            if not isinstance(packed, bytes) or len(packed) > MOST_BYTES:
                raise msgspec.ValidationError("it is no text of a fitting length")
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
        """Return whether a tag has been deleted since; one that the reader did not name must be asked for."""
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
        """Return where the tokens lie that rule out a key: its own, and those of the prefixes that end in a colon."""
        return [f"{self._scopes}key:{key}", *(self._scopes + prefix for prefix in self._prefixes(key))]

    @staticmethod
    def _prefixes(text: str) -> list[str]:
        """Return the prefixes that have tokens: the empty one, then up to each of the first colons."""
        parts = text.split(":")[:-1]
        return ["prefix:" + "".join(f"{part}:" for part in parts[:count]) for count in range(len(parts) + 1)][
            :MOST_PREFIXES
        ]

    def _tag(self, tag: str) -> str:
        return f"{self._scopes}tag:{tag}"

    def _is_first(self, event: str) -> bool:
        """Return whether it has not been logged yet: once says enough."""
        before = len(self._complained)
        self._complained.add(event)
        return len(self._complained) > before


def channel(namespace: str) -> str:
    """Return the channel on which deletions are told."""
    return f"{namespace}:{FORMAT}:deleted"


def _text(token: Any) -> str:
    return token.decode("utf-8", "replace") if isinstance(token, bytes) else "-"
