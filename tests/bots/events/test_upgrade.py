"""A database of the version before is taken over, and loses nothing."""

from datetime import UTC, datetime, timedelta

from steward.bots.events.polls.store import CLOSING
from steward.bots.installed import MIGRATIONS
from steward.store import open_store, to_millis
from steward.store.desired import desired
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


async def test_what_discord_shows_and_should_is_taken_over(clock, new_database, tmp_path):
    occurrence = {
        "event_id": 3,
        "guild_id": 1,
        "channel_id": 9,
        "starts_at": to_millis(NOON),
        "ends_at": to_millis(NOON),
    }
    occurrences = (  # id, state, message_id, revision, shown, reposts
        (1, "planned", None, 4, -1, 0), (2, "posted", 52, 4, 4, 0), (3, "posted", 53, 4, 3, 2),
        (4, "posted", None, 1, 1, 1), (5, "over", None, 4, 4, 0), (6, "cancelled", None, 4, -1, 0),
    )  # fmt: skip
    poll = {"guild_id": 1, "channel_id": 9, "organiser_id": 2, "zone": "UTC", "title": "Raid", "minutes": 60}
    mirrors = ((2, "thread", 52, 3, 3), (2, "native", 77, 5, 4), (3, "thread", None, 1, 0), (99, "native", 78, 2, 1))
    grants = ((2, 10, 500, 1, 0), (2, 11, 500, 1, 1), (2, 12, 501, 1, 1), (2, 13, 502, 0, 1))
    async with open_store(new_database, clock, migrations=tuple(folders_before(tmp_path, {"events": 13}))) as store:

        def work(tx):
            for id_, state, message_id, revision, shown, reposts in occurrences:
                row = {"id": id_, "original_wall": str(id_), "state": state, "message_id": message_id}
                row |= {"revision": revision, "shown": shown, "reposts": reposts}
                tx.insert_new("event_occurrences", occurrence | row)
            for id_, message_id, shown in ((20, 61, 7), (21, 62, 6)):
                row = {"id": id_, "closes_at": to_millis(NOON), "state": "open", "message_id": message_id}
                tx.insert_new("event_polls", poll | row | {"revision": 7, "shown": shown})
            for names in mirrors:
                columns = ("occurrence_id", "kind", "discord_id", "wanted", "shown")
                tx.insert_new("event_mirrors", dict(zip(columns, names, strict=True)))
            tx.insert_new("event_left_posts", {"message_id": 2**60, "channel_id": 8, "occurrence_id": 3})
            for names in grants:
                columns = ("occurrence_id", "user_id", "role_id", "wanted", "has")
                tx.insert_new("event_role_grants", dict(zip(columns, names, strict=True)) | {"guild_id": 1})

        await store.write(work)
    async with open_store(new_database, clock, migrations=MIGRATIONS) as store:
        sql = "SELECT kind, number, name, lane, revision, shown, ref, dirty FROM desired ORDER BY kind, number"
        assert [tuple(row) for row in await store.read(lambda tx: tx.all(sql))] == [
            ("event_left", 3, str(2**60), 8, 1, 0, None, 1),
            ("event_native", 2, "", 1, 5, 4, 77, 1),
            ("event_poll", 20, "", 9, 7, 7, 61, 0),
            ("event_poll", 21, "", 9, 7, 6, 62, 1),
            ("event_post", 2, "", 9, 4, 4, 52, 0),
            ("event_post", 3, "", 9, 4, 3, 53, 1),
            ("event_post", 4, "", 9, 1, 1, None, 1),
            ("event_post", 5, "", 9, 4, 4, None, 0),
            ("event_role", 500, "", 1, 1, 0, None, 1),
            ("event_role", 502, "", 1, 1, 0, None, 1),
            ("event_thread", 2, "", 1, 3, 3, 52, 0),
            ("event_thread", 3, "", 1, 1, 0, None, 1),
        ]
        posts = await store.read(lambda tx: tx.all("SELECT id, posts FROM event_occurrences ORDER BY id"))
        assert [tuple(row) for row in posts] == [(1, 0), (2, 1), (3, 3), (4, 2), (5, 1), (6, 0)]
        assert await store.read(lambda tx: desired.lanes(tx, "event_left")) == ([(8, 1)], None)
