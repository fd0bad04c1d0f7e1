from __future__ import annotations

from steward.store import kv, open_store


async def test_values_outlive_the_process(database, clock):
    async with open_store(database, clock) as store:
        await store.write(lambda tx: kv.put(tx, "stats.heartbeat.1", "old"))
        await store.write(lambda tx: kv.put(tx, "stats.heartbeat.1", "new"))
    async with open_store(database, clock) as store:
        assert await store.read(lambda tx: kv.get(tx, "stats.heartbeat.1")) == "new"


async def test_an_unknown_or_forgotten_key_has_no_value(database, clock):
    async with open_store(database, clock) as store:
        await store.write(lambda tx: kv.put(tx, "a", "1"))
        await store.write(lambda tx: kv.forget(tx, "a"))
        await store.write(lambda tx: kv.forget(tx, "never-there"))
        assert await store.read(lambda tx: kv.get(tx, "a")) is None


async def test_a_prefix_finds_its_own_keys_with_no_wildcards(database, clock):
    async with open_store(database, clock) as store:

        def work(tx):
            for key in ("a_1.x", "a_1.y", "ab1.z", "a"):
                kv.put(tx, key, key)
            return kv.under(tx, "a_1.")

        assert await store.write(work) == {"a_1.x": "a_1.x", "a_1.y": "a_1.y"}
