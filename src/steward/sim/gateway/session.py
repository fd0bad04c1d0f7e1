"""A gateway session: which events a bot receives, and what it keeps for RESUME."""

from __future__ import annotations

from typing import TYPE_CHECKING

from steward.sim.events import Event
from steward.sim.gateway.intents import needed_for
from steward.sim.gateway.replay import ReplayLog
from steward.sim.guilds.guild import Guild
from steward.sim.people.bot import BotAccount
from steward.sim.people.user import Json

if TYPE_CHECKING:
    from steward.sim.gateway.connection import GatewayConnection


class GatewaySession:
    """
    One session of a bot.

    `shard` is the index and the number of shards; GUILD_CREATE lists all members up to `large_threshold`; `log` stores
    what a RESUME may ask for. `pending` are the guilds of which it has not yet received GUILD_CREATE: no events of
    theirs come before, as on Discord, except interactions.
    """

    def __init__(
        self,
        session_id: str,
        bot: BotAccount,
        intents: int,
        shard: tuple[int, int],
        *,
        large_threshold: int = 50,
        log: ReplayLog,
    ) -> None:
        self.id = session_id
        self.bot = bot
        self.intents = intents
        self.shard = shard
        self.ended = False
        self.pending: dict[int, Guild] = {}
        self.log = log
        self.presence: Json | None = None
        self.connection: GatewayConnection | None = None
        self.large_threshold = large_threshold

    @property
    def connected(self) -> bool:
        """Whether it has a websocket."""
        return self.connection is not None

    @property
    def seq(self) -> int:
        """The number of the last event."""
        return self.log.seq

    @property
    def unsent(self) -> int:
        """The number of events that wait to be sent on its websocket."""
        return self.connection.backlog if self.connection is not None else 0

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
        if guild.id in self.pending and event.name != "INTERACTION_CREATE":
            return False
        allowed = not event.needs or guild.roles.permissions_of(bot.id) & event.needs
        return bool(allowed) and (event.channel is None or event.channel.visible_to(bot))

    def dispatch(self, name: str, body: bytes) -> None:
        """Store an event for RESUME under the next number, and send it if connected; does nothing once ended."""
        if self.ended:
            return
        sent = self.log.add(name, body)
        if self.connection is not None:
            self.connection.dispatch(sent)
        self.log.forget(self.unsent)

    def acknowledge(self, seq: int) -> None:
        """Record the number that the client's heartbeat acknowledges."""
        self.log.acknowledge(seq)
        self.log.forget(self.unsent)

    def end(self) -> None:
        """End the session: it sends and keeps nothing more."""
        self.ended = True
        self.pending.clear()
        self.log.clear()
