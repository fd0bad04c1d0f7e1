"""A Discord channel as far as sending needs it: it honours nonces for a while, and keeps its history."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from steward.runtime.clock import Clock
from steward.store import OutboxMessage

NONCE_WINDOW = timedelta(minutes=3)


class FakeChannel:
    """The world outside the process that crashes: its state lives as long as the test."""

    def __init__(self) -> None:
        self.history: list[tuple[str, dict[str, Any]]] = []
        self.calls = 0
        self._nonces: dict[str, tuple[int, datetime]] = {}

    def send(self, message: OutboxMessage, now: datetime) -> int:
        """Do what the client's deliverer does: search the history if the nonce may have expired, then send."""
        self.calls += 1
        if message.attempted_at is not None and now - message.attempted_at > NONCE_WINDOW:
            for message_id, (nonce, _) in enumerate(self.history, start=1):
                if nonce == message.nonce:
                    return message_id
        known = self._nonces.get(message.nonce)
        if known is not None and now - known[1] <= NONCE_WINDOW:
            return known[0]
        self.history.append((message.nonce, message.payload))
        self._nonces[message.nonce] = (len(self.history), now)
        return len(self.history)

    def deliverer(self, clock: Clock):
        async def deliver(message: OutboxMessage) -> int:
            return self.send(message, clock.now())

        return deliver

    @property
    def texts(self) -> list[str]:
        return [payload["content"] for _, payload in self.history]
