"""A database of the version before is taken over, and loses nothing."""

from datetime import UTC, datetime, timedelta

from steward.bots.events.polls.store import CLOSING
from steward.bots.installed import MIGRATIONS
from steward.store import open_store, to_millis
from steward.store.due import due
from tests.guilds.test_upgrade import folders_before

NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


async def test_what_is_due_is_taken_over_and_what_is_done_is_not(clock, new_database, tmp_path):
    async with open_store(new_database, clock, migrations=tuple(folders_before(tmp_path, {"events": 12}))) as store:
        occurrence = {"id": 7, "event_id": 3, "guild_id": 1, "original_wall": "x", "channel_id": 9, "state": "posted"}
        times = {"starts_at": to_millis(NOON), "ends_at": to_millis(NOON + HOUR)}
        await store.write(lambda tx: tx.insert_new("event_occurrences", occurrence | times))
        moments = (
            ("post", "", NOON - HOUR, 5), ("remind", "60@1", NOON - HOUR, None), ("close", "2", NOON - HOUR / 2, None),
            ("start", "3", NOON, None), ("end", "4", NOON + HOUR, None), ("dance", "", NOON, None),
        )  # fmt: skip
        for kind, name, at, done_at in moments:
            row = {"occurrence_id": 7, "kind": kind, "name": name, "due_at": to_millis(at), "done_at": done_at}
            await store.write(lambda tx, row=row: tx.insert_new("event_moments", row))
        for id_, state in ((20, "open"), (21, "closed")):
            poll = {"id": id_, "guild_id": 1, "channel_id": 9, "organiser_id": 2, "zone": "UTC", "title": "Raid"}
            poll |= {"minutes": 60, "closes_at": to_millis(NOON), "state": state}
            await store.write(lambda tx, poll=poll: tx.insert_new("event_polls", poll))
    async with open_store(new_database, clock, migrations=MIGRATIONS) as store:
        kinds = ("event_post", "event_remind", "event_close", "event_start", "event_end")
        found = {item.kind: (item.name, item.at) for item in await store.read(lambda tx: due.waiting(tx, kinds, 7))}
        assert found == {
            "event_remind": ("60@1", NOON - HOUR),
            "event_close": ("2", NOON - HOUR / 2),
            "event_start": ("3", NOON),
            "event_end": ("4", NOON + HOUR),
        }
        (closing,) = await store.read(lambda tx: due.waiting(tx, [CLOSING], 20))
        assert (closing.at, closing.guild_id) == (NOON, 1)
        assert await store.read(lambda tx: due.waiting(tx, [CLOSING], 21)) == []
