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


def test_an_upsert_of_the_key_only_does_not_change_the_row():
    sql = SqliteDialect().upsert("seen", key=("id",))
    with closing(sqlite3.connect(":memory:")) as database:
        database.execute("CREATE TABLE seen (id PRIMARY KEY, note DEFAULT 'first')")
        database.execute(sql, (1,))
        database.execute(sql, (1,))
        assert database.execute("SELECT * FROM seen").fetchall() == [(1, "first")]


def test_peaks_keep_the_greater_value_and_unknown_is_less_than_any():
    sql = SqliteDialect().upsert("tide", key=("day",), add=("waves",), peak=("high",))
    with closing(sqlite3.connect(":memory:")) as database:
        database.execute("CREATE TABLE tide (day PRIMARY KEY, waves, high)")
        seen = []
        for waves, high in ((1, None), (1, 4), (1, 3), (1, None), (1, 5)):
            database.execute(sql, (1, waves, high))
            seen.append(database.execute("SELECT high FROM tide").fetchone()[0])
        assert seen == [None, 4, 4, 4, 5]
        database.execute("UPDATE tide SET waves = NULL")
        database.execute(sql, (1, 2, 0))
        assert database.execute("SELECT waves, high FROM tide").fetchall() == [(2, 5)]
