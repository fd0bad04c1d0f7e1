"""What is old is deleted in small steps, for each guild apart."""

from datetime import timedelta
from itertools import pairwise

import pytest
from structlog.testing import capture_logs

from steward.bots.installed import MIGRATIONS
from steward.guilds import retention
from steward.guilds.retention import OldRows, Retention
from steward.store import open_store, to_millis
from steward.store.retention import Rows

A_DAY = timedelta(days=1)


async def filled(store, now, *, guilds, days):
    """Have a row a day in each guild."""
    rows = [(guild, day, to_millis(now - day * A_DAY)) for guild in guilds for day in range(days)]
    sql = "INSERT INTO opt_outs (guild_id, user_id, at) VALUES (?, ?, ?)"
    await store.write(lambda tx: tx.executemany(sql, rows))


async def left(store, guild):
    return await store.read(lambda tx: tx.value("SELECT COUNT(*) FROM opt_outs WHERE guild_id = ?", (guild,)))


def of_guild(guild, **more):
    return OldRows(Rows("opt_outs WHERE guild_id = ?", (guild,)), 10 * A_DAY, guild_id=guild, **more)


def broken(*_):
    raise LookupError("nobody foresaw this")


async def test_rows_are_deleted_by_their_age_a_few_at_a_time_the_oldest_first(clock, database, monkeypatch):
    monkeypatch.setattr(retention, "ROWS", 7)
    async with open_store(database, clock, migrations=MIGRATIONS) as store:
        await filled(store, clock.now(), guilds=(1, 2), days=100)
        sizes, write = [100], store.write

        async def watched(work):
            done = await write(work)
            sizes.append(await left(store, 1))
            return done

        monkeypatch.setattr(store, "write", watched)
        await Retention(store, clock, lambda _: [of_guild(1)]).prune(clock.now())
        assert sizes[-1] == 75  # the oldest quarter in one run
        assert max(before - after for before, after in pairwise(sizes)) == 7
        assert await left(store, 2) == 100
        oldest = "SELECT MAX(user_id) FROM opt_outs WHERE guild_id = 1"
        assert await store.read(lambda tx: tx.value(oldest)) == 74


async def test_only_what_is_too_old_by_all_that_is_said_goes(clock, database):
    async with open_store(database, clock, migrations=MIGRATIONS) as store:
        await filled(store, clock.now(), guilds=(1,), days=13)
        old = of_guild(1, too_old=lambda *_: Rows("user_id <> ?", (11,)))
        await Retention(store, clock, lambda _: [old]).prune(clock.now())
        users = await store.read(lambda tx: tx.all("SELECT user_id FROM opt_outs ORDER BY user_id"))
        assert [user for (user,) in users] == [*range(11), 11]


async def test_a_fault_in_one_guild_costs_no_other_and_what_is_of_all_guilds_is_raised(clock, database):
    async with open_store(database, clock, migrations=MIGRATIONS) as store:
        await filled(store, clock.now(), guilds=(1, 2), days=12)
        with capture_logs() as lines:
            await Retention(store, clock, lambda _: [of_guild(1, drop=broken), of_guild(2)]).prune(clock.now())
        assert [(line["event"], line["guild"]) for line in lines] == [("passed_over", 1)]
        assert (await left(store, 1), await left(store, 2)) == (12, 11)
        of_all = OldRows(Rows("opt_outs WHERE 1 = 1"), 10 * A_DAY, drop=broken)
        with pytest.raises(LookupError):
            await Retention(store, clock, lambda _: [of_all]).prune(clock.now())


async def test_what_waits_to_be_written_is_written_before_anything_is_deleted(clock, database):
    async with open_store(database, clock, migrations=MIGRATIONS) as store:

        async def flush():
            await filled(store, clock.now(), guilds=(1,), days=12)

        await Retention(store, clock, lambda _: [of_guild(1)], flush=flush).prune(clock.now())
        assert await left(store, 1) == 11
