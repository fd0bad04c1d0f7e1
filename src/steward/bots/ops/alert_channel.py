"""Alerts in a channel of Discord: each raised once and cleared once, whatever happens in between."""

from __future__ import annotations

import asyncio
from collections import deque
from contextlib import suppress
from functools import partial

from steward.bots.ops.views import alert_view
from steward.errors import StewardError
from steward.runtime.monitor import Alert
from steward.store import Store, Transaction
from steward.store.outbox import outbox

MAX_WAITING = 100
AGAIN_AFTER = 15.0


class AlertChannel:
    """
    Puts each alert in the outbox: one raised while Discord is away is told, with its end, when it is back.

    While the database cannot be written, the newest hundred wait in memory.
    """

    def __init__(self, store: Store, channel_id: int) -> None:
        self._store = store
        self._channel_id = channel_id
        self._waiting: deque[Alert] = deque(maxlen=MAX_WAITING)

    async def tell(self, alert: Alert) -> None:
        """
        Promise the message; it is sent once this returns, exactly once.

        Raises:
            StewardError: it cannot be promised now; `run` does so later.

        """
        self._waiting.append(alert)
        await self._promise()

    async def run(self) -> None:
        """Promise what could not be promised before, for ever."""
        while True:
            await asyncio.sleep(AGAIN_AFTER)
            with suppress(StewardError):  # `tell` has told of it
                await self._promise()

    async def _promise(self) -> None:
        alerts = tuple(self._waiting)
        if not alerts:
            return
        await self._store.write(partial(self._put, alerts))
        for alert in alerts:
            with suppress(ValueError):  # who promised it at the same time has taken it out: its key is the same
                self._waiting.remove(alert)

    def _put(self, alerts: tuple[Alert, ...], tx: Transaction) -> None:
        for alert in alerts:
            stage = "cleared" if alert.cleared else alert.severity.name.lower()
            key = f"alert:{alert.name}:{alert.since.isoformat()}:{stage}"
            outbox.put(tx, key=key, channel_id=self._channel_id, payload=alert_view(alert))
