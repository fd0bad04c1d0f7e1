"""Scripted faults of REST and the gateway."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf
from typing import TYPE_CHECKING, Any, Self

from steward.sim.gateway.opcodes import Op

if TYPE_CHECKING:
    from steward.sim.gateway.hub import Hub
    from steward.sim.guilds.guild import Guild


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault of a request. Create it with the class methods."""

    kind: str
    code: int = 0
    scope: str = "user"
    seconds: float = 0.0

    @classmethod
    def status(cls, code: int) -> Self:
        """Respond with this HTTP status without executing the request."""
        return cls("status", code)

    @classmethod
    def rate_limited(cls, scope: str = "user", retry_after: float = 5.0) -> Self:
        """Respond with 429; `scope` is `user`, `global` or `shared`."""
        return cls("rate_limited", 429, scope, retry_after)

    @classmethod
    def cloudflare(cls) -> Self:
        """Respond with Cloudflare's page: 429, HTML, no `Via`."""
        return cls("cloudflare", 429)

    @classmethod
    def reset(cls) -> Self:
        """Reset the connection without executing the request."""
        return cls("reset")

    @classmethod
    def drop_response(cls) -> Self:
        """Execute the request, then cut the connection instead of responding."""
        return cls("drop_response")

    @classmethod
    def delay(cls, seconds: float) -> Self:
        """Delay the request by this many seconds before executing it."""
        return cls("delay", seconds=seconds)

    @classmethod
    def malformed_json(cls) -> Self:
        """Execute the request, then respond with truncated JSON."""
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

    `rest(...)` affects requests; the other methods act on all gateway connections at once.
    """

    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        self._gateway = hub.faults
        self._rules: list[_Rule] = []

    # Requests

    def rest(self, *, action: Fault, method: str | None = None, route: str | None = None, times: float = 1) -> None:
        """
        Apply a fault to the next `times` matching requests; `inf` for all.

        Args:
            method: None for any.
            route: a template such as `/channels/{channel_id}`; None for any.

        """
        self._rules.append(_Rule(method, route, action, times))

    def clear(self) -> None:
        """Remove all faults, pending REST faults included."""
        self._rules.clear()
        self._gateway.malformed.clear()
        self._gateway.duplicates = self._gateway.lost = 0
        for event in self._gateway.release():
            self._hub.send(event)
        self._gateway.invalid_identifies = 0
        self.speak()
        self.release_dispatches()

    def take(self, method: str, route: str) -> Fault | None:
        """Return the fault for this request and count it, if one matches."""
        for rule in self._rules:
            if rule.method in (None, method) and rule.route in (None, route):
                rule.times -= 1
                if rule.times <= 0:
                    self._rules.remove(rule)
                return rule.action
        return None

    # Gateway

    def silence(self) -> None:
        """Send no frames, heartbeat acknowledgements included; sockets stay open."""
        self._gateway.silent = True

    def speak(self) -> None:
        """Stop the silence and send what was held back."""
        self._gateway.silent = False
        self._wake()

    def withhold_dispatches(self) -> None:
        """Hold back events; heartbeats are acknowledged."""
        self._gateway.withholding = True

    def release_dispatches(self) -> None:
        """Send the held-back events, then events as usual."""
        self._gateway.withholding = False
        self._wake()

    def disconnect(self, code: int | None = None) -> None:
        """Close all connections with this code; None cuts them without a close frame."""
        for connection in tuple(self._hub.connections):
            if code is None:
                connection.drop()
            else:
                connection.hang_up(code)

    def reconnect(self) -> None:
        """Ask all clients to reconnect and resume (op 7)."""
        for connection in tuple(self._hub.connections):
            connection.send(Op.RECONNECT, None)

    def ask_for_heartbeats(self) -> None:
        """Ask all clients for a heartbeat at once (op 1 from the server)."""
        for connection in tuple(self._hub.connections):
            connection.send(Op.HEARTBEAT, None)

    def invalidate(self, *, resumable: bool = False) -> None:
        """Invalidate all sessions (op 9); `resumable` says whether clients may resume."""
        for connection in tuple(self._hub.connections):
            self._hub.invalidate(connection, resumable=resumable)

    def answer_identify_with_invalid_session(self, times: int | None = 1) -> None:
        """Respond to the next logins with op 9; None for all."""
        self._gateway.invalid_identifies = inf if times is None else times

    def dispatch_raw(self, event: str, data: Any) -> None:
        """Send an arbitrary event to every session."""
        self._hub.dispatch_raw(event, data)

    def malform_next(self, event: str, drop: Sequence[str]) -> None:
        """Omit keys from the next event of this name."""
        self._gateway.malformed.setdefault(event, []).append(tuple(drop))

    def duplicate_next(self, count: int = 1) -> None:
        """Send each of the next events twice."""
        self._gateway.duplicates += count

    def lose_next(self, count: int = 1) -> None:
        """Drop the next events; RESUME does not replay them."""
        self._gateway.lost += count

    def reorder_next(self, count: int = 2) -> None:
        """Hold back the next `count` events, then send them in reverse order."""
        self._gateway.reordered += count

    def outage(self, guild: Guild) -> None:
        """Make a guild unavailable."""
        guild.available = False
        guild.emit("GUILD_DELETE", {"id": str(guild.id), "unavailable": True})

    def end_outage(self, guild: Guild) -> None:
        """Make a guild available again."""
        guild.available = True
        guild.emit("GUILD_CREATE", {})

    def _wake(self) -> None:
        for connection in self._hub.connections:
            connection.wake()
