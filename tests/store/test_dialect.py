from __future__ import annotations

import sqlite3
from contextlib import closing

from steward.store.dialect import SqliteDialect


def test_counters_are_added_to_and_other_columns_replaced():
    sql = SqliteDialect().upsert("hits", key=("day", "key"), replace=("name",), add=("count",))
    with closing(sqlite3.connect(":memory:")) as database:
        database.execute('CREATE TABLE hits (day, "key", name, count, PRIMARY KEY (day, "key"))')
        database.execute(sql, (1, "a", "old", 2))
        database.execute(sql, (1, "a", "new", 3))
        assert database.execute("SELECT name, count FROM hits").fetchall() == [("new", 5)]


def test_an_upsert_of_nothing_but_the_key_leaves_the_row_alone():
    sql = SqliteDialect().upsert("seen", key=("id",))
    with closing(sqlite3.connect(":memory:")) as database:
        database.execute("CREATE TABLE seen (id PRIMARY KEY, note DEFAULT 'first')")
        database.execute(sql, (1,))
        database.execute(sql, (1,))
        assert database.execute("SELECT * FROM seen").fetchall() == [(1, "first")]
