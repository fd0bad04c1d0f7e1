"""What can go wrong with Discord, by script."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf
from typing import TYPE_CHECKING, Any, Self

from steward.sim.events import Event
from steward.sim.gateway.faults import GatewayFaults
from steward.sim.gateway.opcodes import Op

if TYPE_CHECKING:
    from steward.sim.gateway.hub import Hub
    from steward.sim.guilds.guild import Guild


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that goes wrong with a request. Make it with the class methods."""

    kind: str
    code: int = 0
    scope: str = "user"
    seconds: float = 0.0

    @classmethod
    def status(cls, code: int) -> Self:
        """Answer with that HTTP status, without doing what was asked."""
        return cls("status", code)

    @classmethod
    def rate_limited(cls, scope: str = "user", retry_after: float = 5.0) -> Self:
        """Answer 429; `scope` is `user`, `global` or `shared`."""
        return cls("rate_limited", 429, scope, retry_after)

    @classmethod
    def cloudflare(cls) -> Self:
        """Answer with Cloudflare's page: 429, HTML, no `Via`."""
        return cls("cloudflare", 429)

    @classmethod
    def reset(cls) -> Self:
        """Reset the connection, without doing what was asked."""
        return cls("reset")

    @classmethod
    def drop_response(cls) -> Self:
        """Do what was asked, then cut the connection instead of answering."""
        return cls("drop_response")

    @classmethod
    def delay(cls, seconds: float) -> Self:
        """Wait so long before doing what was asked."""
        return cls("delay", seconds=seconds)

    @classmethod
    def malformed_json(cls) -> Self:
        """Do what was asked, then answer with half of the JSON."""
        return cls("malformed_json")


@dataclass(slots=True)
class _Rule:
    method: str | None
    route: str | None
    action: Fault
    times: float


class Faults:
    """
    The script of faults of one simulator.

    Requests: `rest(...)`. Gateway: the other methods; each acts at once on all connections.
    """

    def __init__(self, gateway: GatewayFaults) -> None:
        self._gateway = gateway
        self._rules: list[_Rule] = []
        self._hub: Hub | None = None

    def attach(self, hub: Hub) -> None:
        """Name the hub whose connections the faults act on."""
        self._hub = hub

    # Requests

    def rest(self, *, action: Fault, method: str | None = None, route: str | None = None, times: float = 1) -> None:
        """
        Let the next `times` requests that match go wrong; `inf` for all to come.

        Args:
            action: what happens.
            method: of the request; None for any.
            route: its template, such as `/channels/{channel_id}`; None for any.
            times: how many.

        """
        self._rules.append(_Rule(method, route, action, times))

    def clear(self) -> None:
        """End every fault: those of requests that have not happened, and those of the gateway."""
        self._rules.clear()
        self._gateway.malformed.clear()
        self._gateway.duplicates = self._gateway.lost = 0
        for event in self._gateway.release():
            self._need_hub().send(event)
        self._gateway.invalid_identifies = 0
        self.speak()
        self.release_dispatches()

    def take(self, method: str, route: str) -> Fault | None:
        """Return the fault of a request, which counts it."""
        for rule in self._rules:
            if rule.method in (None, method) and rule.route in (None, route):
                rule.times -= 1
                if rule.times <= 0:
                    self._rules.remove(rule)
                return rule.action
        return None

    # Gateway

    def silence(self) -> None:
        """Send no frame any more, not even answers to heartbeats; sockets stay open."""
        self._gateway.silent = True

    def speak(self) -> None:
        """End the silence: what was held back goes out."""
        self._gateway.silent = False
        self._wake()

    def withhold_dispatches(self) -> None:
        """Send no events any more; heartbeats are answered."""
        self._gateway.withholding = True

    def release_dispatches(self) -> None:
        """Send events again, first those held back."""
        self._gateway.withholding = False
        self._wake()

    def disconnect(self, code: int | None = None) -> None:
        """Close all connections with a code; without one, cut them."""
        for connection in tuple(self._need_hub().connections):
            if code is None:
                connection.drop()
            else:
                connection.hang_up(code)

    def reconnect(self) -> None:
        """Ask all clients to reconnect and resume (op 7)."""
        for connection in tuple(self._need_hub().connections):
            connection.send(Op.RECONNECT, None)

    def ask_for_heartbeats(self) -> None:
        """Ask all clients for a heartbeat at once (op 1 from the server)."""
        for connection in tuple(self._need_hub().connections):
            connection.send(Op.HEARTBEAT, None)

    def invalidate(self, *, resumable: bool = False) -> None:
        """Tell all clients that their session is invalid (op 9): to be resumed if `resumable`, else gone."""
        hub = self._need_hub()
        for connection in tuple(hub.connections):
            hub.invalidate(connection, resumable=resumable)

    def answer_identify_with_invalid_session(self, times: int | None = 1) -> None:
        """Answer the next logins with op 9; None for all to come."""
        self._gateway.invalid_identifies = inf if times is None else times

    def dispatch_raw(self, event: str, data: Any) -> None:
        """Send an event of any name and content to every session."""
        self._need_hub().dispatch_raw(event, data)

    def malform_next(self, event: str, drop: Sequence[str]) -> None:
        """Leave keys out of the next event of that name."""
        self._gateway.malformed.setdefault(event, []).append(tuple(drop))

    def duplicate_next(self, count: int = 1) -> None:
        """Send each of the next events twice."""
        self._gateway.duplicates += count

    def lose_next(self, count: int = 1) -> None:
        """Send the next events to nobody: RESUME does not bring them either."""
        self._gateway.lost += count

    def reorder_next(self, count: int = 2) -> None:
        """Hold the next so many events back until the last of them has happened, then send the last first."""
        self._gateway.reordered += count

    def outage(self, guild: Guild) -> None:
        """Let a guild become unavailable."""
        guild.available = False
        data = {"id": str(guild.id), "unavailable": True}
        guild.emit(Event("GUILD_DELETE", data, guild=guild))

    def end_outage(self, guild: Guild) -> None:
        """Let a guild be available again."""
        guild.available = True
        guild.emit(Event("GUILD_CREATE", {}, guild=guild))

    def _wake(self) -> None:
        for connection in tuple(self._hub.connections) if self._hub else ():
            connection.wake()

    def _need_hub(self) -> Hub:
        if self._hub is None:
            raise RuntimeError("The simulator is not running; enter its `async with` first.")
        return self._hub
