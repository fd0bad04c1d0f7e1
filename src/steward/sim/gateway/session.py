"""A gateway session: what a bot is owed, whether it is connected or about to come back."""

from __future__ import annotations

from collections import deque
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from steward.runtime.clock import Clock
from steward.sim.guilds.guild import Guild
from steward.sim.limits import Limits
from steward.sim.people.bot import BotAccount
from steward.sim.people.user import Json

if TYPE_CHECKING:
    from steward.sim.gateway.connection import GatewayConnection


class Sent(NamedTuple):
    """An event with its number in the session; `body` is its `d` as JSON, `at` when it was, in the clock's seconds."""

    seq: int
    name: str
    body: bytes
    at: float

    def payload(self) -> bytes:
        """Return the whole gateway payload as JSON."""
        return b'{"op":0,"s":%d,"t":"%s","d":%s}' % (self.seq, self.name.encode(), self.body)


class GatewaySession:
    """
    One session of a bot.

    It keeps for RESUME what its client may have missed: what waits to be sent, what no heartbeat has acknowledged, and
    everything of the last minutes; not more than `Limits.replay_events` and `replay_bytes` beyond what waits.

    Args:
        session_id: what the client names in RESUME.
        bot: whose it is.
        intents: the bits it asked for.
        shard: its shard and the number of shards.
        large_threshold: up to so many members a guild is told of with all of them.
        limits: how much it keeps for RESUME, and for how long.
        clock: measures that.

    """

    def __init__(
        self,
        session_id: str,
        bot: BotAccount,
        intents: int,
        shard: tuple[int, int],
        *,
        large_threshold: int = 50,
        limits: Limits,
        clock: Clock,
    ) -> None:
        self.id = session_id
        self.bot = bot
        self.intents = intents
        self.shard = shard
        self.seq = 0
        self.presence: Json | None = None
        self.connection: GatewayConnection | None = None
        self.large_threshold = large_threshold
        self._events: deque[Sent] = deque()
        self._limits = limits
        self._clock = clock
        self._kept_bytes = 0
        self._acknowledged = 0

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
        sent = Sent(self.seq, name, body, self._clock.monotonic())
        self._events.append(sent)
        self._kept_bytes += len(body)
        if self.connection is not None:
            self.connection.dispatch(sent)
        self._forget()

    def acknowledge(self, seq: int) -> None:
        """Note that the client has received everything up to that number, as its heartbeat says."""
        self._acknowledged = min(max(self._acknowledged, seq), self.seq)

    def _forget(self) -> None:
        """Drop what its client can no longer ask for, and the oldest of what is too much to keep."""
        events, limits = self._events, self._limits
        waiting = self.connection.backlog if self.connection is not None else 0
        long_ago = self._clock.monotonic() - limits.session_seconds
        while len(events) > waiting:
            oldest = events[0]
            too_much = len(events) - waiting > limits.replay_events or self._kept_bytes > limits.replay_bytes
            if not too_much and (oldest.at > long_ago or oldest.seq > self._acknowledged):
                break
            self._kept_bytes -= len(events.popleft().body)

    def can_replay_from(self, seq: int) -> bool:
        """Return whether every event after that number is still kept."""
        oldest = self._events[0].seq if self._events else self.seq + 1
        return oldest - 1 <= seq <= self.seq

    def replay_from(self, seq: int) -> list[Sent]:
        """Return the events after that number, all of which must still be kept."""
        return list(islice(self._events, len(self._events) - (self.seq - seq), None))
