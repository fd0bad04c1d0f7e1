from __future__ import annotations

from pathlib import Path

import pytest

import steward
from steward.store import kv, open_store
from steward.store.queries.changes import Changes, may_read, written


@pytest.mark.parametrize(
    ("sql", "tables"),
    [
        ("SELECT * FROM a", set()),
        ("VALUES (1)", set()),
        ('INSERT INTO a ("key") VALUES (?)', {"a"}),
        ("insert into A values (1)", {"a"}),
        ("INSERT OR IGNORE INTO a VALUES (1)", {"a"}),
        ("INSERT IGNORE INTO `a` VALUES (1)", {"a"}),
        ('INSERT INTO "a"("x") SELECT x FROM b', {"a"}),
        ("INSERT INTO main.a VALUES (1)", {"a"}),
        ('INSERT INTO "public"."a" VALUES (1)', {"a"}),
        ("REPLACE INTO a VALUES (1)", {"a"}),
        ("INSERT INTO a (x) VALUES (?) ON CONFLICT (x) DO UPDATE SET y = 1", {"a"}),
        ("UPDATE a SET x = (SELECT MAX(x) FROM b)", {"a"}),
        (" \n DELETE FROM a WHERE x IN (SELECT x FROM b)", {"a"}),
        ("DELETE FROM a", {"a"}),
        ("DELETE FROM a;", {"a"}),
    ],
)
def test_the_tables_that_a_statement_writes_are_found_in_its_sql(sql, tables):
    assert written(sql) == tables


@pytest.mark.parametrize(
    "sql",
    [
        "CREATE TABLE a (x)",
        "ALTER TABLE a ADD y",
        "DROP TABLE a",
        "TRUNCATE TABLE a",
        "PRAGMA user_version = 3",
        "WITH gone AS (DELETE FROM a RETURNING *) SELECT * FROM gone",
        "SELECT * INTO b FROM a",
        "UPDATE ONLY a SET x = 1",
        "UPDATE IGNORE a SET x = 1",
        "UPDATE a, b SET a.x = b.x",
        "UPDATE a JOIN b ON a.x = b.x SET a.x = 1",
        "DELETE a FROM a JOIN b",
        "DELETE FROM ONLY a WHERE x = 1",
        "DELETE FROM a, b USING a JOIN b",
        "INSERT INTO x.y.z VALUES (1)",
        "INSERT INTO a VALUES (1); DELETE FROM b",
        "-- note\nDELETE FROM a",
        "",
    ],
)
def test_an_unknown_statement_may_write_any_table(sql):
    assert written(sql) is None


def test_every_table_that_a_statement_reads_is_among_those_that_it_may_read():
    sql = 'SELECT a.x, (SELECT MAX(y) FROM "B") FROM a, main.c AS one JOIN `d` USING (x) WHERE x IN (SELECT x FROM E)'
    assert {"a", "b", "c", "d", "e"} <= may_read(sql)


def test_only_tables_written_since_a_commit_count():
    changes = Changes()
    changes.note(["INSERT INTO a VALUES (1)"])
    before = changes.number
    changes.note(["SELECT 1", "UPDATE b SET x = 1"])
    assert changes.since(before, {"b", "c"})
    assert not changes.since(before, {"a", "c"})
    assert changes.since(before - 1, {"a"})
    changes.note(["DROP TABLE z"])
    assert changes.since(before + 1, {"a"})


def test_a_commit_that_only_read_is_no_change():
    changes = Changes()
    told = []
    changes.watch(told.append)
    changes.note(["SELECT * FROM a"])
    assert (changes.number, told) == (0, [])


async def test_commits_are_noted_on_every_engine_and_rollbacks_are_not(database, clock):
    async with open_store(database, clock) as store:
        told = []
        store.changes.watch(told.append)

        def undone(tx):
            kv.put(tx, "a", "1")
            raise LookupError

        with pytest.raises(LookupError):
            await store.write(undone)
        assert told == []
        await store.write(lambda tx: kv.put(tx, "a", "1"))
        await store.write(lambda tx: kv.forget(tx, "a"))
        assert told == [{"kv"}, {"kv"}]


def test_no_migration_has_triggers_views_or_cascades():
    files = list(Path(steward.__file__).parent.rglob("migrations/*.sql"))
    assert files
    for file in files:
        text = file.read_text().upper().split()
        assert not {"TRIGGER", "VIEW", "CASCADE", "PARTITION", "INHERITS"} & set(text), file
