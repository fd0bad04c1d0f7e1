"""What is true of the gateway connection right now: readiness looks here, not at the process."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import datetime

import structlog

from steward.client.gateway.rhythm import Rhythm
from steward.runtime.clock import Clock

log = structlog.get_logger(__name__)

SILENT_AFTER = 50.0  # a heartbeat is answered every 41 s; 50 s without any frame is a dead link


@dataclass(slots=True)
class GatewayHealth:
    """
    The state of one gateway connection, written by `Gateway`, read by health pages and the heartbeat message.

    Attributes:
        established: whether Discord has answered with READY or RESUMED on this connection.
        situation: one sentence for the operator about what it is doing.
        connections: how often READY or RESUMED has been received.
        first_connection: set from the first READY on.
        unreadable: dispatches that could not be read and were passed over.
        read_until: the instant up to which every event has been read; None before the first connection.
        rhythm: how often events come, to tell whether their absence is strange.
        degraded: a sentence on what Discord withholds; None when it gives all that was asked for.

    """

    clock: Clock
    established: bool = False
    situation: str = "Not connected yet."
    connections: int = 0
    unreadable: int = 0
    first_connection: asyncio.Event = field(default_factory=asyncio.Event)
    read_until: datetime | None = None
    degraded: str | None = None
    rhythm: Rhythm = field(init=False)
    _heard_at: float | None = field(default=None)
    _dispatched_at: float | None = field(default=None)

    def __post_init__(self) -> None:
        self.rhythm = Rhythm(self.clock)

    def heard(self) -> None:
        """Note that a frame of any kind has arrived."""
        self._heard_at = self.clock.monotonic()
        if self.established:  # before RESUMED there is more to come of what was missed
            self.read_until = self.clock.now()

    def dispatched(self) -> None:
        """Note that an event has arrived."""
        self._dispatched_at = now = self.clock.monotonic()
        if self.established:
            self.rhythm.beat(now)

    def connected(self, *, new_session: bool = False) -> None:
        """Note READY, which begins a new session, or RESUMED."""
        if new_session:
            self.rhythm.forget()
        self.rhythm.resume()
        log.info("gateway_connected", connection=self.connections + 1)
        self.established = True
        self.connections += 1
        self.situation = "Connected."
        self.first_connection.set()
        self.heard()

    def lost(self, situation: str) -> None:
        """Note that the connection is gone, and what is being done about it."""
        self.established = False
        self.situation = situation

    @property
    def silence(self) -> float | None:
        """Seconds since the last frame; None before the first."""
        return None if self._heard_at is None else self.clock.monotonic() - self._heard_at

    @property
    def last_dispatch_age(self) -> float | None:
        """Seconds since the last event; None before the first. It grows while nothing comes."""
        return None if self._dispatched_at is None else self.clock.monotonic() - self._dispatched_at

    @property
    def ready(self) -> bool:
        """Whether events are arriving: established, and heard from within the last heartbeat."""
        silence = self.silence
        return self.established and silence is not None and silence <= SILENT_AFTER

    @property
    def sentence(self) -> str:
        """What to tell the operator."""
        if self.established and not self.ready:
            return f"Connected, but Discord has sent nothing for {self.silence:.0f} s; reconnecting soon."
        return self.situation
