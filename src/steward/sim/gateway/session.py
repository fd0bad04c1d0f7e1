"""A gateway session: what a bot is owed, whether it is connected or about to come back."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, NamedTuple

from steward.sim.bot import Bot
from steward.sim.guild import Guild
from steward.sim.user import Json

if TYPE_CHECKING:
    from steward.sim.gateway.connection import Connection


class Sent(NamedTuple):
    """An event with its number in the session; `body` is its `d` as JSON."""

    seq: int
    name: str
    body: bytes

    def payload(self) -> bytes:
        """Return the whole gateway payload as JSON."""
        return b'{"op":0,"s":%d,"t":"%s","d":%s}' % (self.seq, self.name.encode(), self.body)


class Session:
    """
    One session of a bot.

    Args:
        session_id: what the client names in RESUME.
        bot: whose it is.
        intents: the bits it asked for.
        shard: its shard and the number of shards.
        large_threshold: up to so many members a guild is told of with all of them.
        keep: how many events it keeps for RESUME.
        keep_bytes: how many bytes of events, at most.

    """

    def __init__(
        self,
        session_id: str,
        bot: Bot,
        intents: int,
        shard: tuple[int, int],
        *,
        large_threshold: int = 50,
        keep: int,
        keep_bytes: int,
    ) -> None:
        self.id = session_id
        self.bot = bot
        self.intents = intents
        self.shard = shard
        self.seq = 0
        self.presence: Json | None = None
        self.connection: Connection | None = None
        self.large_threshold = large_threshold
        self._events: deque[Sent] = deque()
        self._keep = keep
        self._keep_bytes = keep_bytes
        self._kept_bytes = 0

    @property
    def connected(self) -> bool:
        """Whether a websocket carries it now."""
        return self.connection is not None

    def covers(self, guild: Guild) -> bool:
        """Return whether a guild falls to this session's shard."""
        shard, shards = self.shard
        return guild.shard_of(shards) == shard

    def dispatch(self, name: str, body: bytes) -> None:
        """Give an event its number, keep it for RESUME, and send it if there is a connection."""
        self.seq += 1
        sent = Sent(self.seq, name, body)
        self._remember(sent)
        if self.connection is not None:
            self.connection.dispatch(sent)

    def _remember(self, sent: Sent) -> None:
        self._events.append(sent)
        self._kept_bytes += len(sent.body)
        while len(self._events) > self._keep or self._kept_bytes > self._keep_bytes:
            self._kept_bytes -= len(self._events.popleft().body)

    def can_replay_from(self, seq: int) -> bool:
        """Return whether every event after that number is still kept."""
        oldest = self._events[0].seq if self._events else self.seq + 1
        return oldest - 1 <= seq <= self.seq

    def replay_from(self, seq: int) -> list[Sent]:
        """Return the events after that number."""
        return [sent for sent in self._events if sent.seq > seq]
