"""A process that is killed between any two statements leaves all of a page of a history or nothing of it."""

import asyncio
from datetime import timedelta
from functools import partial

import pytest

from steward.bots.installed import MIGRATIONS
from steward.bots.music.catalogue.heard import NamedArtist
from steward.bots.music.taste.links import HeardPage, link_account, link_of, take_page, unlink_account
from steward.bots.music.taste.members import IMPORT, forget_taste, listener_of
from steward.runtime.clock import SystemClock
from steward.store import open_store
from steward.store.due import due
from tests.processes.forked import preload
from tests.processes.killed import all_or_nothing, killed_before

pytestmark = [pytest.mark.real_time, pytest.mark.timeout(300)]
preload(__name__)
ADA, GUILD, KEEP = 11, 1, timedelta(days=400)
NOW = int(SystemClock().now().timestamp()) // 86_400 * 86_400 - 86_400
TABLES = ("music_members", "music_links", "music_listens", "music_listening", "music_artists", "due")


def heard(*hours):
    return [(NOW - 3600 * hour, NamedArtist(f"Band {hour % 3}"), f"Song {hour}") for hour in hours]


def page(tx, listens, cursor):
    take_page(tx, link_of(tx, listener_of(tx, ADA)), HeardPage(listens, cursor), KEEP)


STEPS = {
    "Ada links": partial(link_account, user_id=ADA, guild_id=GUILD, service="lastfm", name="ada"),
    "the first page": partial(page, listens=heard(1, 2, 3), cursor="2"),
    "the second page, of which one was on the first": partial(page, listens=heard(3, 4, 5), cursor="3"),
    "the last page": partial(page, listens=heard(6), cursor=""),
    "the next import": partial(page, listens=heard(0, 1), cursor=""),
    "another account": partial(link_account, user_id=ADA, guild_id=GUILD, service="lastfm", name="ben"),
    "its only page": partial(page, listens=heard(1, 9), cursor=""),
    "Ada unlinks": partial(unlink_account, user_id=ADA),
    "Ada is forgotten": partial(forget_taste, user_id=ADA),
}


def opened(path):
    return open_store(path, SystemClock(), migrations=MIGRATIONS)


async def do(path, name, statement):
    async with opened(path) as store:
        with killed_before(statement):
            await store.write(STEPS[name])


async def state(path):
    async with opened(path) as store:
        return await store.read(
            lambda tx: {table: sorted(repr(tuple(row)) for row in tx.all(f"SELECT * FROM {table}")) for table in TABLES}
        )


def test_what_is_killed_before_any_statement_is_as_if_it_had_not_begun(tmp_path):
    path = tmp_path / "s.sqlite3"
    assert all_or_nothing(STEPS, partial(do, path), partial(state, path)) > 60
    left = asyncio.run(state(path))
    assert all("music_learn" in row for row in left.pop("due")), "the others are learnt anew"
    assert {table: rows for table, rows in left.items() if rows and table != "music_artists"} == {}


async def test_a_page_is_read_next_until_there_is_none_and_then_in_six_hours(tmp_path):
    async with opened(tmp_path / "s.sqlite3") as store:
        waits = []
        for name in [*STEPS][:4]:
            await store.write(STEPS[name])
            ((waiting,),) = [await store.read(lambda tx: due.waiting(tx, (IMPORT,), listener_of(tx, ADA)))]
            waits.append(round((waiting.at - SystemClock().now()).total_seconds() / 3600))
        link = await store.read(lambda tx: link_of(tx, listener_of(tx, ADA)))
        assert waits == [0, 0, 0, 6]
        assert (link.listens, link.pages, link.known_until) == (6, 3, NOW - 3600)


async def test_a_page_that_comes_after_the_account_was_linked_anew_or_forgotten_is_not_kept(tmp_path):
    async with opened(tmp_path / "s.sqlite3") as store:
        asked = await store.write(STEPS["Ada links"])
        await store.write(STEPS["another account"])
        late = partial(take_page, asked=asked, page=HeardPage(heard(1, 2), ""), keep=KEEP)
        await store.write(late)
        assert await store.read(lambda tx: tx.value("SELECT COUNT(*) FROM music_listens")) == 0
        await store.write(STEPS["Ada is forgotten"])
        await store.write(late)
        counts = [await store.read(lambda tx, t=t: tx.value(f"SELECT COUNT(*) FROM {t}")) for t in TABLES]
        assert counts == [0] * len(TABLES)
