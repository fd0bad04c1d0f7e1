"""Alerts in a channel of Discord: each raised once and cleared once, whatever happens in between."""

from __future__ import annotations

from functools import partial

from steward.bots.ops.views import alert_view
from steward.runtime.monitor import Alert
from steward.store import Store, Transaction, outbox


class AlertChannel:
    """
    Puts each alert in the outbox: one raised while Discord is away is told, with its end, when it is back.

    Args:
        store: holds the outbox.
        channel_id: where the alerts go.

    """

    def __init__(self, store: Store, channel_id: int) -> None:
        self._store = store
        self._channel_id = channel_id

    async def tell(self, alert: Alert) -> None:
        """Promise the message; it is sent once this returns, exactly once."""
        await self._store.write(partial(self._put, alert))

    def _put(self, alert: Alert, tx: Transaction) -> None:
        stage = "cleared" if alert.cleared else alert.severity.name.lower()
        key = f"alert:{alert.name}:{alert.since.isoformat()}:{stage}"
        outbox.put(tx, key=key, channel_id=self._channel_id, payload=alert_view(alert))
