"""One websocket of a client: HELLO, heartbeats, sending and receiving."""

from __future__ import annotations

import asyncio
from collections import deque
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import orjson
from aiohttp import WSMsgType, web

from steward.sim.gateway.compression import Framing, PayloadZlib, Plain
from steward.sim.gateway.opcodes import ENDS_SESSION, GOODBYES, REASONS, Close, Op
from steward.sim.gateway.replay import Sent
from steward.sim.gateway.session import GatewaySession
from steward.sim.limits import RateWindow
from steward.sim.world import World

if TYPE_CHECKING:
    from steward.sim.gateway.hub import Hub


SLICE = 1 << 16  # bytes of events that are built, or sent to one client, before others have their turn


class Hangup(Exception):
    """Closes the connection with a code."""

    def __init__(self, code: int, reason: str | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.reason = reason if reason is not None else REASONS.get(Close(code), "")


class GatewayConnection:
    """
    One open websocket.

    `transport` is the TCP connection below it, `hub` handles the client's payloads, `url` is where to resume.
    """

    def __init__(
        self,
        hub: Hub,
        world: World,
        socket: web.WebSocketResponse,
        transport: asyncio.Transport | None,
        framing: Framing,
        url: str,
    ) -> None:
        self.session: GatewaySession | None = None
        self._hub = hub
        self._socket = socket
        self._transport = transport
        self.framing = framing
        self.url = url
        self._limits = world.limits
        self._clock = world.clock
        self._sends = RateWindow(self._limits.sends)
        self._presences = RateWindow(self._limits.presence_updates)
        self._control: deque[bytes] = deque()
        self._events: deque[Sent] = deque()
        self._most_unread = self._limits.queued_events
        self._wake = asyncio.Event()
        self._hangup: Hangup | None = None
        self._cut_off = False
        self._deadline: asyncio.TimerHandle | None = None

    async def run(self) -> None:
        """Serve the client until one side closes."""
        self.send(Op.HELLO, {"heartbeat_interval": int(self._limits.heartbeat_interval * 1000), "_trace": ["sim"]})
        self._expect_heartbeat()
        writer = asyncio.create_task(self._write())
        try:
            await self._read()
        finally:
            if self._deadline is not None:
                self._deadline.cancel()
            if self._hangup is None:
                writer.cancel()
            with suppress(asyncio.CancelledError, ConnectionError):
                await writer
            if self._hangup is not None:
                ends_session = self._hangup.code in ENDS_SESSION
            else:
                ends_session = self._socket.close_code in GOODBYES
            self._hub.disconnected(self, ends_session=ends_session)

    def send(self, op: Op, data: object) -> None:
        """Send a payload other than a dispatch."""
        self._control.append(orjson.dumps({"op": op, "d": data, "s": None, "t": None}))
        self._wake.set()

    def dispatch(self, sent: Sent) -> None:
        """Send an event; a client with too many unread events is disconnected, and may resume."""
        if len(self._events) >= self._most_unread:
            self._events.clear()
            self._cut_off = True
            self.drop()
        if not self._cut_off:
            self._events.append(sent)
            self._wake.set()

    def replay(self, missed: list[Sent]) -> None:
        """Send the events that a resumed session missed; they do not count towards the limit of unread ones."""
        self._events.extend(missed)
        self._most_unread += len(missed)
        self._wake.set()

    def invalidate(self, resumable: bool) -> None:
        """Detach the session and send op 9; a RESUME replays the events still queued here."""
        self.session = None
        self._events.clear()
        self.send(Op.INVALID_SESSION, resumable)

    @property
    def backlog(self) -> int:
        """The number of events not yet sent."""
        return len(self._events)

    def hang_up(self, code: int, reason: str | None = None) -> None:
        """Close with a code, after the queued payloads."""
        if self._hangup is None:
            self._hangup = Hangup(code, reason if reason is not None or code in REASONS else "")
            self._wake.set()

    def drop(self) -> None:
        """Abort the TCP connection without a close frame."""
        if self._transport is not None:
            self._transport.abort()

    def wake(self) -> None:
        """Check again what may be sent, after a fault ended."""
        self._wake.set()

    def compress_payloads(self) -> None:
        """Compress each payload from now on, unless the transport is compressed."""
        if isinstance(self.framing, Plain):
            self.framing = PayloadZlib()

    def may_update_presence(self) -> bool:
        """Count a presence update and return whether the limit allows it."""
        return self._presences.take(self._clock.monotonic())

    async def _write(self) -> None:
        written = 0
        while True:
            await self._wake.wait()
            self._wake.clear()
            while (payload := self._next()) is not None:
                frame = self.framing.frame(payload)
                if isinstance(frame, str):
                    await self._socket.send_str(frame)
                else:
                    await self._socket.send_bytes(frame)
                written += len(payload)
                if written > SLICE:
                    written = 0
                    await asyncio.sleep(0)  # sending alone yields only to a client that reads slowly
            if self._hangup is not None:
                await self._socket.close(code=self._hangup.code, message=self._hangup.reason.encode())
                return

    def _next(self) -> bytes | None:
        if self._hub.faults.silent:
            return None
        if self._control:
            return self._control.popleft()
        if self._events and not self._hub.faults.withholding:
            return self._events.popleft().payload()
        return None

    async def _read(self) -> None:
        async for message in self._socket:
            if message.type not in (WSMsgType.TEXT, WSMsgType.BINARY) or self._hangup is not None:
                continue
            try:
                self._receive(message.data)
            except Hangup as hangup:
                self.hang_up(hangup.code, hangup.reason)

    def _receive(self, raw: str | bytes) -> None:
        if not self._sends.take(self._clock.monotonic()):
            raise Hangup(Close.RATE_LIMITED)
        if len(raw.encode() if isinstance(raw, str) else raw) > self._limits.payload_bytes:
            raise Hangup(Close.DECODE_ERROR)
        try:
            payload: Any = orjson.loads(raw)
        except orjson.JSONDecodeError:
            raise Hangup(Close.DECODE_ERROR) from None
        if not isinstance(payload, dict) or not isinstance(payload.get("op"), int):
            raise Hangup(Close.DECODE_ERROR)
        try:
            op = Op(payload["op"])
        except ValueError:
            raise Hangup(Close.UNKNOWN_OPCODE) from None
        if op is Op.HEARTBEAT:
            self._expect_heartbeat()
            loop = asyncio.get_running_loop()
            loop.call_later(self._limits.heartbeat_latency, self.send, Op.HEARTBEAT_ACK, None)
        self._hub.received(self, op, payload.get("d"))

    def _expect_heartbeat(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
        patience = self._limits.heartbeat_interval * 1.5
        loop = asyncio.get_running_loop()
        self._deadline = loop.call_later(patience, self.hang_up, Close.UNKNOWN_ERROR, "Heartbeat missed.")
