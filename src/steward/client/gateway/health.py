"""What is true of the gateway connection right now: readiness looks here, not at the process."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime

import structlog

from steward.runtime.clock import Clock

log = structlog.get_logger(__name__)

PERIOD = 900.0  # seconds over which the longest pause is looked for, and those before
MIN_PATIENCE = 180.0
TIMES = 3.0  # the longest pause so far, and it is strange
TALKATIVE = 300.0  # where pauses are longer than this, silence says nothing
SILENT_AFTER = 50.0  # a heartbeat is answered every 41 s; 50 s without any frame is a dead link
LOOK_AGAIN_AFTER = 60.0
LOOK_AT_MAX_EVERY = 1.0


class Rhythm:
    """Learns the longest pause between two events of the last quarter to half an hour."""

    __slots__ = ("_before", "_clock", "_last", "_longest", "_since", "_turns_at", "beats")

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.beats = 0
        """How many events there were."""
        self.forget()

    def forget(self) -> None:
        """Learn anew: in a new session Discord tells other things than before."""
        self._last = self._since = self._clock.monotonic()
        self._turns_at = self._last + PERIOD
        self._longest = 0.0
        self._before: float | None = None

    def beat(self, now: float) -> None:
        """Note an event."""
        pause = now - self._since
        self._last = self._since = now
        self.beats += 1
        self._longest = max(self._longest, pause)
        if now >= self._turns_at:
            self._before, self._longest, self._turns_at = self._longest, 0.0, now + PERIOD

    def resume(self) -> None:
        """Note that the connection is up again: what came meanwhile, or did not, tells nothing."""
        self._since = self._clock.monotonic()

    @property
    def patience(self) -> float | None:
        """Seconds of silence that are not strange yet; None while that is not known, or where silence is usual."""
        if self._before is None:
            return None
        longest = max(self._before, self._longest)
        return max(MIN_PATIENCE, TIMES * longest) if longest <= TALKATIVE else None

    @property
    def pause(self) -> float:
        """Seconds of the present connection without an event."""
        return self._clock.monotonic() - self._since

    @property
    def overdue(self) -> float:
        """How many times its patience the silence has lasted, reconnections included; 0 where silence is usual."""
        patience = self.patience
        return 0.0 if patience is None else (self._clock.monotonic() - self._last) / patience


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


Reconnect = Callable[[bool], Awaitable[None]]


class QuietWatch:
    """
    Reconnects when Discord answers heartbeats but no longer tells events: a connection that is half dead.

    discord.py looks for answers only, and such a connection answers. Guarantees: where events usually come with pauses
    of less than a minute, three minutes of silence end in a log line and a reconnection that resumes the session, which
    costs no login; if that brings nothing for as long again, in a new session, once, and then not before events have
    come for a quarter of an hour.

    Args:
        reconnect: ends the connection so that another is made; with True in a new session.

    """

    def __init__(self, health: GatewayHealth, reconnect: Reconnect) -> None:
        self._health = health
        self._reconnect = reconnect
        self._tried_at: int | None = None  # how many events there had been

    async def run(self) -> None:
        while True:
            patience = self._health.rhythm.patience
            if patience is None or not self._health.established:
                await asyncio.sleep(LOOK_AGAIN_AFTER)
                continue
            left = patience - self._health.rhythm.pause
            if left <= 0:
                await self._act()
                left = LOOK_AGAIN_AFTER
            await asyncio.sleep(max(left, LOOK_AT_MAX_EVERY))

    async def _act(self) -> None:
        rhythm = self._health.rhythm
        in_vain = self._tried_at == rhythm.beats
        self._tried_at = rhythm.beats
        log.warning("dispatches_missing", seconds=round(rhythm.pause), new_session=in_vain)
        await self._reconnect(in_vain)
