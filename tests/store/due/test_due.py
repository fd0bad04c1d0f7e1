"""What is due, in SQL, on each engine."""

from datetime import timedelta

from steward.store import from_millis, open_store, to_millis
from steward.store.due import due

MINUTE = timedelta(minutes=1)


async def test_what_is_put_is_due_moved_forgotten_and_found_by_its_guild(clock, database):
    async with open_store(database, clock) as store:
        now = clock.now()

        def work(tx):
            due.put(tx, "end", 7, now + MINUTE, guild_id=1)
            due.put(tx, "remind", 7, now - MINUTE, guild_id=1, name="60")
            due.put(tx, "remind", 7, now - 2 * MINUTE, guild_id=1, name="30")
            due.put(tx, "remind", 8, now - 3 * MINUTE, guild_id=2)
            due.put(tx, "dance", 9, now - 4 * MINUTE, guild_id=3)

        await store.write(work)
        kinds = ("end", "remind")
        assert await store.read(lambda tx: due.guilds(tx, kinds)) == ([2, 1], to_millis(now + MINUTE))
        first = await store.read(lambda tx: due.first(tx, kinds, 1))
        assert (first.kind, first.number, first.name, first.guild_id) == ("remind", 7, "30", 1)
        assert first.at == from_millis(to_millis(now - 2 * MINUTE))

        await store.write(lambda tx: due.put(tx, "remind", 7, now + MINUTE, guild_id=1, name="30"))
        assert not await store.write(lambda tx: due.drop(tx, first)), "it was moved meanwhile"
        assert (await store.read(lambda tx: due.first(tx, kinds, 1))).name == "60"
        assert [item.name for item in await store.read(lambda tx: due.waiting(tx, kinds, 7))] == ["", "30", "60"]

        failed = await store.read(lambda tx: due.first(tx, kinds, 1))
        await store.write(lambda tx: due.put_off(tx, failed, now + 5 * MINUTE, "It failed."))
        assert await store.read(lambda tx: due.guilds(tx, kinds)) == ([2], to_millis(now + MINUTE))
        ((item, problem),) = await store.read(lambda tx: due.problems(tx, kinds))
        assert (item.name, item.attempts, problem) == ("60", 1, "It failed.")
        await store.write(lambda tx: due.put(tx, "remind", 7, item.at, guild_id=1, name="60"))
        assert await store.read(lambda tx: due.problems(tx, kinds)), "put for the same time it rests on"

        await store.write(lambda tx: due.put_off(tx, item, now + timedelta(days=900), None))
        await store.write(due.end_rests)
        assert (await store.read(lambda tx: due.first(tx, kinds, 1))).attempts == 2

        assert await store.write(lambda tx: due.forget(tx, kinds, 7)) == 3
        assert not await store.write(lambda tx: due.drop(tx, item))
        assert await store.read(lambda tx: due.guilds(tx, kinds)) == ([2], None)
