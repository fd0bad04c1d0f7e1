"""Files in the database: on each engine, each line once, whatever is killed, and nobody's name kept."""

import asyncio
import gzip
import shutil
import sys
from functools import partial

import pytest

from steward.bots.installed import MIGRATIONS
from steward.bots.music.catalogue.imports import importing, taking
from steward.bots.music.catalogue.imports.importing import find_file, import_file
from steward.bots.music.catalogue.imports.taking import (
    drop_listeners,
    forget_imports,
    have_fewer,
    imported_files,
    outside_counts,
)
from steward.bots.music.catalogue.invented import HOSTILE
from steward.bots.music.catalogue.keeping import ToldArtist, keep_artists
from steward.bots.music.catalogue.names import folded_name
from steward.bots.music.recommend.learning.rebuild import Learning
from steward.bots.music.recommend.learning.relearning import LEARN
from steward.bots.music.recommend.recommending import Wanted, recommend
from steward.errors import NeedsOperator, NotReady
from steward.runtime.clock import SystemClock
from steward.store import kv, open_store
from steward.store.due import due
from tests.bots.music.catalogue.imports.files import (
    MBIDS,
    lines,
    listen,
    listens,
    mb_alias,
    mb_artist,
    mb_artist_tag,
    mb_tag,
    tar,
)
from tests.bots.music.kept import music_store
from tests.processes.forked import PROCESSES, preload
from tests.processes.killed import killed_before

pytestmark = [pytest.mark.real_time, pytest.mark.timeout(600)]
preload(__name__)
SALT = "5a" * 32
FEW_AT_ONCE = "import steward.bots.music.catalogue.imports.__main__ as m; m.LINES_AT_ONCE = 5; m.main()"
SLOW = (sys.executable, "-c", FEW_AT_ONCE)


def saved(tmp_path, content, name="file"):
    path = tmp_path / name
    path.write_bytes(content)
    return path


def heard(tx):
    sql = (
        "SELECT l.listener, a.name, l.plays FROM music_listening l JOIN music_artists a ON a.id = l.artist"
        " ORDER BY l.listener, a.name"
    )
    return [tuple(row) for row in tx.all(sql)]


def tagged(tx):
    sql = (
        "SELECT a.name, g.name, t.weight, g.artists FROM music_artist_tags t JOIN music_artists a ON a.id = t.artist"
        " JOIN music_tags g ON g.id = t.tag ORDER BY 1, 2"
    )
    return [tuple(row) for row in tx.all(sql)]


async def test_listens_become_listeners_from_outside_each_line_once(clock, database, tmp_path):
    path = saved(tmp_path, gzip.compress(listens() + b"nonsense\n" + lines(listen("listener 1", "Band 0"))))
    async with music_store(clock, database) as store:
        seen = []
        done = await import_file(store, path, seen.append, child=SLOW)
        assert (done.file.lines, done.file.kept, done.file.bad) == (44, 43, 1)
        assert done.bad == ["line 43: it isn't JSON"]
        assert seen[-1] == (1.0, 44)
        assert len(seen) == 9
        assert [one.lines for one in seen] == sorted(one.lines for one in seen)
        rows = await store.read(heard)
        assert len({listener for listener, _, _ in rows}) == 6
        assert all(listener < 0 for listener, _, _ in rows)
        assert sum(plays for _, _, plays in rows) == 43
        assert await store.read(lambda tx: tx.value("SELECT COUNT(*) FROM music_members")) == 0
        again = await import_file(store, saved(tmp_path, path.read_bytes(), "other"), child=SLOW)
        assert again.was_done
        assert await store.read(heard) == rows
        more = saved(tmp_path, lines(listen("listener 1", "Band 0")), "more")
        assert (await import_file(store, more)).file.kept == 1
        assert sum(plays for _, _, plays in await store.read(heard)) == 44, "the same name is the same listener"


async def test_after_an_import_it_is_learnt_once_and_strangers_make_the_picks(clock, database, tmp_path):
    path = saved(tmp_path, listens(60, 30, 12))
    async with music_store(clock, database) as store:
        await import_file(store, path)
        ((waiting,),) = [await store.read(lambda tx: due.waiting(tx, (LEARN,), 0))]
        assert 0 < (waiting.at - clock.now()).total_seconds() <= 120
        assert (await Learning(store).run()).listeners == 60
        (band,) = await store.read(lambda tx: tx.one("SELECT id FROM music_artists WHERE name = 'Band 4'"))
        picks = await store.read(lambda tx: recommend(tx, Wanted({band: 1.0}), 5))
        assert len(picks) == 5
        known = await store.read(lambda tx: tx.value("SELECT listeners FROM music_artists WHERE id = ?", (band,)))
        assert known == 20, "how many hear it is known from them as well"


async def test_no_name_of_a_listener_is_kept(tmp_path):
    async with music_store(SystemClock(), tmp_path / "s.sqlite3") as store:
        await import_file(store, saved(tmp_path, listens()))
    assert b"Band 0" in (tmp_path / "s.sqlite3").read_bytes()
    assert b"listener 1" not in (tmp_path / "s.sqlite3").read_bytes()


async def test_the_tables_of_musicbrainz_name_and_tag_whom_somebody_hears(clock, database, tmp_path):
    core = tar(
        "w:bz2",
        mbdump__artist=lines(
            mb_artist(1, "Low"),
            mb_artist(2, "The Band"),
            mb_artist(3, "Nirvana"),
            mb_artist(4, "Nirvana"),
            mb_artist(5, "Nobody Here"),
        ),
        mbdump__artist_alias=lines(mb_alias(1, 1, "LOW"), mb_alias(2, 2, "The Hawks"), mb_alias(3, 5, "Nobody")),
        mbdump__label=lines(mb_artist(6, "A Label")),
        COPYING=b"CC0\n",
    )
    derived = tar(
        mbdump__artist_tag=lines(
            mb_artist_tag(1, 8, 5), mb_artist_tag(2, 9, 2), mb_artist_tag(2, 8, -1), mb_artist_tag(5, 8, 3)
        ),
        mbdump__tag=lines(mb_tag(8, "slowcore"), mb_tag(9, "Folk-Rock"), mb_tag(10, "unused")),
    )
    async with music_store(clock, database) as store:
        with pytest.raises(NeedsOperator, match="MusicBrainz's numbers"):
            await import_file(store, saved(tmp_path, derived, "derived"))
        assert await store.read(imported_files) == []
        told = [ToldArtist("low live", MBIDS[1]), ToldArtist("the band"), ToldArtist("Nirvana"), ToldArtist("Someone")]
        await store.write(lambda tx: keep_artists(tx, told))
        done = await import_file(store, saved(tmp_path, core, "core"), child=SLOW)
        assert (done.file.lines, done.file.bad) == (8, 0)
        sql = "SELECT name, mbid FROM music_artists ORDER BY id"
        known = [tuple(row) for row in await store.read(lambda tx: tx.all(sql))]
        assert known == [("Low", MBIDS[1]), ("the band", MBIDS[2]), ("Nirvana", None), ("Someone", None)]
        sql = "SELECT folded FROM music_artist_names WHERE is_alias = 1 ORDER BY folded"
        assert [name for (name,) in await store.read(lambda tx: tx.all(sql))] == ["low live", "the hawks"]
        done = await import_file(store, saved(tmp_path, derived, "derived"))
        assert done.waiting_tags == 0
        assert await store.read(tagged) == [("Low", "slowcore", 5, 1), ("the band", "folk rock", 2, 1)]


async def test_tags_of_artists_wait_for_their_names_whatever_comes_first(clock, tmp_path):
    artist = saved(tmp_path, lines(mb_artist(1, "Low")), "artist")
    tags = saved(tmp_path, lines(mb_tag(8, "slowcore")), "tag")
    artist_tags = saved(tmp_path, lines(mb_artist_tag(1, 8, 5)), "artist_tag")
    for number, order in enumerate(((artist, artist_tags, tags), (tags, artist, artist_tags))):
        async with music_store(clock, tmp_path / f"{number}.sqlite3") as store:
            await store.write(lambda tx: keep_artists(tx, [ToldArtist("Low")]))
            waits = [(await import_file(store, path)).waiting_tags for path in order]
            assert waits == ([0, 1, 0] if number == 0 else [0, 0, 0])
            assert await store.read(tagged) == [("Low", "slowcore", 5, 1)]


async def test_tags_of_a_csv_file_are_added_to_those_that_an_artist_has(clock, database, tmp_path):
    async with music_store(clock, database) as store:
        await store.write(lambda tx: keep_artists(tx, [ToldArtist("Low", tags={"sad": 9, "slow": 1})]))
        path = saved(tmp_path, lines("artist,tag,count", "low,Slow,4", "low,sad,2", "New,sad,1", "New,sad,3"))
        done = await import_file(store, path)
        assert (done.file.lines, done.file.bad) == (4, 0)
        assert await store.read(tagged) == [("Low", "sad", 9, 2), ("Low", "slow", 4, 1), ("New", "sad", 3, 2)]


async def test_hostile_names_are_kept_as_the_catalogue_keeps_names(clock, database, tmp_path):
    names = [*HOSTILE, "\ud800 lone", "a" * 5000, "'\"; DROP TABLE music_artists", "\x1b[31mred"]
    path = saved(tmp_path, lines(*(listen(f"@everyone {number}\x00", name) for number, name in enumerate(names))))
    async with music_store(clock, database) as store:
        done = await import_file(store, path)
        assert (done.file.bad, done.file.kept) == (0, len(names))
        shown = [name for (name,) in await store.read(lambda tx: tx.all("SELECT name FROM music_artists"))]
        assert len(shown) == len({folded_name(name) for name in names})
        assert all(name.isprintable() or "\u200d" in name or "\u200c" in name for name in shown)


async def test_of_too_many_listeners_some_stay_by_chance_and_the_others_never_come_in_again(clock, database, tmp_path):
    first = saved(tmp_path, listens(80, 30, 12), "first")
    second = saved(tmp_path, listens(80, 40, 12), "second")
    async with music_store(clock, database) as store:
        await import_file(store, first, most_pairs=10_000)
        everybody, pairs = await store.read(outside_counts)
        assert (everybody, pairs > 300) == (80, True)
        while await store.write(partial(have_fewer, most=300)):
            pass
        fewer, left = await store.read(outside_counts)
        assert 0 < fewer < 80
        assert left <= 300
        stayed = {listener for listener, _, _ in await store.read(heard)}
        await import_file(store, second, most_pairs=100_000)
        assert {listener for listener, _, _ in await store.read(heard)} == stayed


async def test_what_was_imported_of_listeners_is_forgotten_and_members_stay(clock, database, tmp_path):
    path = saved(tmp_path, listens())
    async with music_store(clock, database) as store:
        await store.write(lambda tx: keep_artists(tx, [ToldArtist("Low")]))
        mine = "INSERT INTO music_listening (listener, artist, plays) SELECT 7, id, 1 FROM music_artists"
        await store.write(lambda tx: tx.execute(mine))
        await import_file(store, path)
        while await store.write(forget_imports):
            pass
        assert await store.read(heard) == [(7, "Low", 1)]
        assert await store.read(imported_files) == []
        assert (await import_file(store, path)).file.kept == 42, "it is as new"


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"<html>", "is a web page"),
        (b"a\0b", "is binary"),
        (b"\n\n", "is empty"),
        (gzip.compress(listens())[:-30], "is cut off"),
        (b"listener,artist,plays\nada,Low,none\n", "No line of .* can be read: line 2: plays is no whole number"),
        (tar(README=b"hello"), "has no file in it that I know"),
    ],
)
async def test_a_file_that_is_none_says_so_and_leaves_nothing(clock, tmp_path, content, sentence):
    async with music_store(clock, tmp_path / "s.sqlite3") as store:
        with pytest.raises(NeedsOperator, match=sentence):
            await import_file(store, saved(tmp_path, content))
        assert [one.kept for one in await store.read(imported_files) if not one.kept] == []
        assert await store.read(lambda tx: due.waiting(tx, (LEARN,), 0)) == []


def test_a_path_that_is_no_file_says_so(tmp_path):
    import os

    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "nothing").touch()
    for name, sentence in (("", "is a folder"), ("pipe", "is a pipe"), ("nothing", "is empty"), ("x", "can't be read")):
        with pytest.raises(NeedsOperator, match=sentence):
            find_file(tmp_path / name)


def everything(tx):
    tables = (
        "music_artists",
        "music_artist_names",
        "music_listening",
        "music_imports",
        "music_artist_tags",
        "due",
        "kv",
    )
    hidden = {"begun_at", "finished_at", "at", "try_at"}
    return {
        table: sorted(
            repr([row[name] for name in row.keys() if name not in hidden])  # noqa: SIM118 - a row
            for row in tx.all(f"SELECT * FROM {table}")
        )
        for table in tables
    }


async def imported(path, file, statement=None, *, child=SLOW):
    async with open_store(path, SystemClock(), migrations=MIGRATIONS) as store:
        with killed_before(statement):
            await import_file(store, file, child=child)
        return await store.read(everything)


def import_until(path, file, statement):
    asyncio.run(imported(path, file, statement))


async def salted(path):
    async with open_store(path, SystemClock(), migrations=MIGRATIONS) as store:
        await store.write(lambda tx: kv.put(tx, taking._SALT, SALT))


def test_an_import_that_is_killed_before_any_statement_ends_as_if_it_had_not_been(tmp_path):
    file = saved(tmp_path, gzip.compress(listens(4, 7, 4) + b"bad\n"))
    empty, whole = tmp_path / "empty.sqlite3", tmp_path / "whole.sqlite3"
    asyncio.run(salted(empty))
    shutil.copy(empty, whole)
    expected = asyncio.run(imported(whole, file))
    assert sum(map(len, expected.values())) > 25
    statements, path = 0, tmp_path / "killed.sqlite3"
    for statement in range(0, 200, 5):
        shutil.copy(empty, path)
        done = PROCESSES.Process(target=import_until, args=(path, file, statement))
        done.start()
        done.join()
        if done.exitcode == 0:
            break
        statements = statement
        assert asyncio.run(imported(path, file)) == expected, f"killed before statement {statement}"
    assert statements > 40


def test_a_reading_process_that_is_killed_is_said_and_the_next_goes_on(tmp_path):
    file = saved(tmp_path, listens(4, 7, 5))
    whole, path = tmp_path / "whole.sqlite3", tmp_path / "killed.sqlite3"
    asyncio.run(salted(whole))
    shutil.copy(whole, path)
    expected = asyncio.run(imported(whole, file))
    dies = FEW_AT_ONCE.replace(
        "m.main()",
        "b = m.batches_of\n"
        "def some(**asked):\n"
        "    for number, batch in enumerate(b(**asked)):\n"
        "        if number == 2: __import__('os').kill(__import__('os').getpid(), 9)\n"
        "        yield batch\n"
        "m.batches_of = some; m.main()",
    ).replace("; ", "\n", 1)
    with pytest.raises(NotReady, match="ended early: exit code -9"):
        asyncio.run(imported(path, file, child=(sys.executable, "-c", dies)))
    with pytest.raises(NotReady, match="it goes on where it was"):
        asyncio.run(imported(path, file, child=(sys.executable, "-c", dies)))
    assert asyncio.run(imported(path, file)) == expected


def test_the_child_is_ended_with_whoever_waits_for_it(tmp_path):
    file = saved(tmp_path, listens())

    async def cancelled():
        async with open_store(tmp_path / "s.sqlite3", SystemClock(), migrations=MIGRATIONS) as store:
            asleep = (sys.executable, "-c", "import time; time.sleep(600)")
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(1):
                    await import_file(store, file, child=asleep)

    asyncio.run(cancelled())
    assert importing.CHILD[0] == sys.executable


def test_dropping_goes_by_pieces(monkeypatch, tmp_path):
    monkeypatch.setattr(taking, "AT_ONCE", 4)

    async def drop():
        async with open_store(tmp_path / "s.sqlite3", SystemClock(), migrations=MIGRATIONS) as store:
            await import_file(store, saved(tmp_path, listens()))
            return [await store.write(lambda tx: drop_listeners(tx, -1)) for _ in range(3)]

    assert asyncio.run(drop()) == [4, 2, 0]
