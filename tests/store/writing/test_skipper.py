"""What cannot be written is skipped alone, whichever engine refuses it (F61)."""

from __future__ import annotations

import asyncio

import pytest
from structlog.testing import capture_logs

from steward.errors import NotReady
from steward.store import open_store
from steward.store.writing.batched import BatchedWriter
from steward.store.writing.skipper import BadRecordSkipper

IDENTIFIES = "INSERT INTO identifies (id, at) VALUES (?, ?)"
KV = 'INSERT INTO kv ("key", value) VALUES (?, ?)'
TOO_LARGE = 2**63

REFUSED = {
    "a number beyond 64 bits": (IDENTIFIES, (7, TOO_LARGE), "every engine"),
    "a lone surrogate": (KV, ("k", "\ud800"), "every engine"),
    "a half of a surrogate pair that is a byte to Python": (KV, ("k", "\udc80"), "every engine"),
    "nothing where something must be": (KV, ("k", None), "every engine"),
    "not a database value": (KV, ("k", {}), "every engine"),
    "a zero byte": (KV, ("k", "a\x00b"), "postgresql"),
    "a text that is too long": (KV, ("k" * 5000, "v"), "servers"),
}


@pytest.mark.parametrize("poison", REFUSED)
async def test_f61_a_value_refused_by_a_driver_is_recognised_as_bad_content(database, clock, poison):
    sql, row, where = REFUSED[poison]
    async with open_store(database, clock) as store:
        takes_it = store.dialect.name not in {
            "every engine": (store.dialect.name,),
            "servers": ("postgresql", "mysql"),
        }.get(where, (where,))
        if takes_it:
            await store.write(lambda tx: tx.execute(sql, row))
            return
        with pytest.raises(Exception) as refused:
            await store.write(lambda tx: tx.execute(sql, row))
        assert store.is_content_error(refused.value), repr(refused.value)


async def test_errors_of_the_database_or_the_sql_are_not_blamed_on_the_content(database, clock):
    async with open_store(database, clock) as store:
        with pytest.raises(Exception) as wrong:
            await store.write(lambda tx: tx.execute("INSERT INTO no_such_table VALUES (1)"))
        assert not store.is_content_error(wrong.value)
        assert not store.is_content_error(NotReady("The disk is full."))


async def test_f61_a_row_that_cannot_be_written_does_not_affect_the_others(database, clock):
    """Bad rows at the beginning, the end and in the middle: the others are written, and no bad row comes back."""
    async with open_store(database, clock) as store:
        writer = store.batched(IDENTIFIES, interval=5, max_rows=50)
        bad = {1, 20, 60}
        with capture_logs() as lines:
            for n in range(1, 61):
                writer.add((n, TOO_LARGE if n in bad else n))
            await asyncio.sleep(10)
            writer.add((61, 61))
            await asyncio.sleep(10)
        assert await _ids(store) == set(range(1, 62)) - bad
        assert (len(writer), writer.dropped) == (0, 0)
        told = [line for line in lines if line["event"] == "set_aside"]
        assert [line["ids"] for line in told] == [[n, TOO_LARGE] for n in sorted(bad)]
        assert store.skipper.counts == {"row of identifies": 3}
    async with open_store(database, clock) as store:
        assert await _ids(store) == set(range(1, 62)) - bad


async def test_f61_the_log_line_about_a_set_aside_row_holds_no_names(database, clock):
    async with open_store(database, clock) as store:
        writer = store.batched(KV)
        writer.add(("Ada Lovelace", None))
        with capture_logs() as lines:
            await writer.flush()
        assert lines
        assert "Ada" not in repr(lines)


async def test_f61_closing_writes_the_sound_rows_beside_a_bad_one(database, clock):
    async with open_store(database, clock) as store:
        first, second = store.batched(IDENTIFIES), store.batched(KV)
        first.add((1, TOO_LARGE))
        first.add((2, 2))
        second.add(("k", "v"))
    async with open_store(database, clock) as store:
        assert await _ids(store) == {2}
        assert await store.read(lambda tx: tx.value("SELECT COUNT(*) FROM kv")) == 1


async def test_f61_if_the_disk_becomes_full_the_other_rows_wait_and_none_is_set_aside():
    written, full = [], True

    async def write(some):
        if "bad" in some:
            raise ValueError("bad")
        if full and "d" in some:
            raise NotReady("The disk is full.")
        written.extend(some)

    skipper, left = BadRecordSkipper(), ["a", "bad", "c", "d"]

    async def try_it():
        async for some in skipper.writing("thing", tuple(left), write, ids=str):
            del left[: len(some)]

    with pytest.raises(NotReady):
        await try_it()
    assert (written, left) == (["a"], ["c", "d"])
    full = False
    await try_it()
    assert (written, left, skipper.counts) == (["a", "c", "d"], [], {"thing": 1})


async def test_f61_a_writer_with_a_bug_keeps_its_rows_until_it_is_fixed(database, clock):
    mistaken = True

    async def write(work):
        if mistaken:
            raise AttributeError("'Row' has no attribute 'tiem'")
        await store.write(work)

    async with open_store(database, clock) as store:
        writer = BatchedWriter(write, IDENTIFIES, interval=5, max_rows=50, bound=50, skipper=store.skipper)
        for n in range(1, 9):
            writer.add((n, n))
        with pytest.raises(AttributeError):
            await writer.flush()
        await asyncio.sleep(60)
        assert (len(writer), store.skipper.total) == (8, 0)
        mistaken = False
        await asyncio.sleep(600)
        assert await _ids(store) == set(range(1, 9))
        await writer.close()


@pytest.mark.parametrize("bad", [{0}, {0, 1, 2, 3}, {6}, {1, 4}, set(range(6))])
async def test_f61_bad_rows_among_good_ones_are_set_aside_in_order_whatever_their_error(bad):
    async def write(some):
        if bad.intersection(some):
            raise KeyError("bad")

    skipper = BadRecordSkipper()
    dealt = [one async for some in skipper.writing("thing", tuple(range(7)), write, ids=str) for one in some]
    assert (dealt, skipper.total) == (list(range(7)), len(bad))


async def test_f61_a_few_things_that_all_cannot_be_read_are_set_aside():
    async def write(some):
        raise KeyError(some)

    skipper = BadRecordSkipper()
    await skipper.write("thing", (1, 2, 3), write, ids=str)
    assert skipper.total == 3
    with pytest.raises(KeyError):
        await skipper.write("thing", (1, 2, 3, 4), write, ids=str)
    assert skipper.total == 3


async def _ids(store):
    return {row[0] for row in await store.read(lambda tx: tx.all("SELECT id FROM identifies"))}
