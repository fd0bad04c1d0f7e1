"""A gateway session: numbers a bot's events and stores them for RESUME."""

from __future__ import annotations

from collections import deque
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from steward.runtime.clock import Clock
from steward.sim.events import Event
from steward.sim.gateway.intents import needed_for
from steward.sim.guilds.guild import Guild
from steward.sim.limits import Limits
from steward.sim.people.bot import BotAccount
from steward.sim.people.user import Json

if TYPE_CHECKING:
    from steward.sim.gateway.connection import GatewayConnection


class Sent(NamedTuple):
    """A sent event: sequence number, name, `d` as JSON, and the clock's monotonic time."""

    seq: int
    name: str
    body: bytes
    at: float

    def payload(self) -> bytes:
        """Return the gateway payload as JSON."""
        return b'{"op":0,"s":%d,"t":"%s","d":%s}' % (self.seq, self.name.encode(), self.body)


class GatewaySession:
    """
    One session of a bot.

    It stores for RESUME the events that are unsent, not yet acknowledged by a heartbeat, or younger than
    `Limits.session_seconds`; besides unsent ones, at most `Limits.replay_events` and `replay_bytes`. `shard` is the
    index and the number of shards; GUILD_CREATE lists all members up to `large_threshold`.
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
        """Whether it has a websocket."""
        return self.connection is not None

    def covers(self, guild: Guild) -> bool:
        """Return whether a guild belongs to this session's shard."""
        shard, shards = self.shard
        return guild.shard_of(shards) == shard

    def receives(self, event: Event) -> bool:
        """Return whether it receives an event: by intent, shard, membership and permission."""
        bot, guild = self.bot, event.guild
        if event.only is not None and event.only is not bot:
            return False
        needed = needed_for(event.name, direct=guild is None)
        if needed and not self.intents & needed and event.about != bot.id:
            return False
        if guild is None:
            return self.shard[0] == 0
        if bot.id not in guild.bots or not self.covers(guild) or not (guild.available or event.name == "GUILD_DELETE"):
            return False
        allowed = not event.needs or guild.roles.permissions_of(bot.id) & event.needs
        return bool(allowed) and (event.channel is None or event.channel.visible_to(bot))

    def dispatch(self, name: str, body: bytes) -> None:
        """Assign an event its number, store it for RESUME, and send it if connected."""
        self.seq += 1
        sent = Sent(self.seq, name, body, self._clock.monotonic())
        self._events.append(sent)
        self._kept_bytes += len(body)
        if self.connection is not None:
            self.connection.dispatch(sent)
        self._forget()

    def acknowledge(self, seq: int) -> None:
        """Record the sequence number that the client's heartbeat acknowledges."""
        self._acknowledged = min(max(self._acknowledged, seq), self.seq)

    def _forget(self) -> None:
        """Drop events that are no longer needed for RESUME, and the oldest above the limits."""
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
        """Return whether every event after this number is still stored."""
        oldest = self._events[0].seq if self._events else self.seq + 1
        return oldest - 1 <= seq <= self.seq

    def replay_from(self, seq: int) -> list[Sent]:
        """Return the events after this number, all of which must still be stored."""
        return list(islice(self._events, len(self._events) - (self.seq - seq), None))
