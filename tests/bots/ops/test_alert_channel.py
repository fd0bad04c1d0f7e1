"""The channel of alerts while the database cannot be written."""

import asyncio
from datetime import UTC, datetime

import pytest

from steward.bots.ops.alert_channel import AlertChannel
from steward.errors import NotReady
from steward.runtime.monitor import Alert, AlertRule, Alerts, Severity
from steward.store import open_store

RAISED = Alert("disk", Severity.CRITICAL, "The disk is full.", datetime(2026, 3, 1, tzinfo=UTC))


class FullDisk:
    """Stands before a store, as a disk that is full does."""

    def __init__(self, store):
        self._store = store
        self.full = True

    async def write(self, work):
        if self.full:
            raise NotReady("The disk is full.")
        return await self._store.write(work)


def keys(tx):
    return [row[0].rpartition(":")[2] for row in tx.all("SELECT message_key FROM outbox ORDER BY id")]


async def test_an_alert_raised_while_the_database_cannot_be_written_is_told_when_it_can_be(clock, tmp_path):
    values = iter([1.0, 1.0, 1.0, 0.0, 0.0, 0.0])
    alerts = Alerts([AlertRule("disk", lambda: next(values), {Severity.CRITICAL: 0.9}, "{:.0%} taken")], clock)
    async with open_store(tmp_path / "steward.sqlite3", clock) as store:
        disk = FullDisk(store)
        channel = AlertChannel(disk, 1)
        alerts.add_listener("alert channel", channel.tell)
        running = asyncio.create_task(channel.run())
        for _ in range(3):
            await alerts.check()
        await asyncio.sleep(60)
        disk.full = False
        await asyncio.sleep(16)
        assert await store.read(keys) == ["critical"]
        for _ in range(3):
            await alerts.check()
        running.cancel()
        assert await store.read(keys) == ["critical", "cleared"]


async def test_of_alerts_that_could_not_be_told_the_newest_are_kept(clock, tmp_path):
    async with open_store(tmp_path / "steward.sqlite3", clock) as store:
        disk = FullDisk(store)
        channel = AlertChannel(disk, 1)
        for number in range(200):
            with pytest.raises(NotReady):
                await channel.tell(Alert(f"rule {number}", RAISED.severity, RAISED.sentence, RAISED.since))
        disk.full = False
        await channel.tell(RAISED)
        assert len(await store.read(keys)) == 100
