"""Portable backups: whatever happens to the file, it is read as it was written, or refused with a message."""

from __future__ import annotations

import gzip
import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from steward.errors import NeedsOperator, NotReady
from steward.store.backup import portable
from steward.store.backup.portable import LONGEST_LINE, check_portable, write_portable

HEAD = '{"steward_backup":1,"versions":{"core":1}}\n'


def rows_of(table):
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.row_factory = sqlite3.Row
        yield from connection.execute("SELECT 1 AS number, ? AS name, x'00ff' AS content", (table,)).fetchall()


def write(path):
    return write_portable(path, {"core": 1}, ("one", "two"), rows_of)


def test_a_backup_without_space_is_an_error_with_a_message(tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(NotReady, match="could not be written"):
        write(tmp_path / "file" / "saved.jsonl.gz")


def test_a_backups_folder_is_synced_before_success_is_reported(tmp_path, monkeypatch):
    """The copy that a restore makes may be the only one of the former database."""
    synced, fsync = [], os.fsync

    def note(descriptor):
        synced.append((Path(f"/proc/self/fd/{descriptor}").readlink(), [path.name for path in tmp_path.iterdir()]))
        fsync(descriptor)

    monkeypatch.setattr(os, "fsync", note)
    write(tmp_path / "saved.jsonl.gz")
    assert synced[-1] == (tmp_path, ["saved.jsonl.gz"])


def test_a_backup_with_any_flipped_bit_is_the_same_or_refused(tmp_path):
    path = tmp_path / "saved.jsonl.gz"
    written = write(path)
    whole = path.read_bytes()
    refused = 0
    for bit in range(8 * len(whole)):
        damaged = bytearray(whole)
        damaged[bit // 8] ^= 1 << bit % 8
        path.write_bytes(damaged)
        try:
            assert check_portable(path) == written
        except NeedsOperator:
            refused += 1
    assert refused > 7 * len(whole), "hardly anything was noticed: this proves nothing"


@pytest.mark.parametrize(
    "text",
    [
        '{"steward_backup":1}\n{"end":{}}\n',
        '{"steward_backup":1,"versions":3}\n{"end":{}}\n',
        '{"steward_backup":1,"versions":{"core":"new"}}\n{"end":{}}\n',
        f'{HEAD}[1]\n{{"end":{{}}}}\n',
        f'{HEAD}1\n{{"end":{{}}}}\n',
        f'{HEAD}{{"table":[],"columns":[]}}\n{{"end":{{}}}}\n',
        f'{HEAD}{{"end":1}}\n',
        f'{HEAD}{{"end":{{"one":1}}}}\n',
        f"{HEAD}{'[' * 100_000}\n",
        "",
        f'{HEAD}{{"table":"one","columns":["a"]}}\n[1,2]\n{{"end":{{}}}}\n',
        f'{HEAD}{{"table":"one","columns":["a"]}}\n[[1]]\n{{"end":{{}}}}\n',
        f'{HEAD}{{"table":"one","columns":["a"]}}\n[NaN]\n{{"end":{{}}}}\n',
        f'{HEAD}{{"table":"one","columns":["a"]}}\n[{1 << 63}]\n{{"end":{{}}}}\n',
        f'{HEAD}{{"end":{{}}}}\n{{"end":{{}}}}\n',
    ],
)
def test_a_file_that_only_looks_like_a_backup_is_refused(tmp_path, text):
    path = tmp_path / "saved.jsonl.gz"
    path.write_bytes(gzip.compress(text.encode()))
    with pytest.raises(NeedsOperator, match="not a complete backup"):
        check_portable(path)


def unpacking_to(path, lines):
    with gzip.open(path, "wb", compresslevel=9) as file:
        file.writelines(lines)


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        ([b"[", *[b" " * (1 << 20)] * 30], "too long"),
        ([b'["', *[b"x" * (1 << 20)] * 30, b'"]\n'], "too long"),
        ([b"[", *[b"[]," * 50_000] * 10, b"0]\n"], "too long"),
        ([b"[", *[b'"",' * 50_000] * 10, b"0]\n"], "too long"),
    ],
)
def test_f77_a_file_that_unpacks_to_one_huge_line_is_refused_before_it_is_loaded(tmp_path, lines, words):
    path = tmp_path / "bomb.jsonl.gz"
    unpacking_to(path, [HEAD.encode(), b'{"table":"one","columns":["a"]}\n', *lines])
    with pytest.raises(NeedsOperator, match=words):
        check_portable(path)


def test_f77_a_file_that_unpacks_to_many_times_its_size_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr("steward.store.backup.portable.FREELY_UNPACKED", 1 << 16)
    path = tmp_path / "bomb.jsonl.gz"
    unpacking_to(path, [HEAD.encode(), b'{"table":"one","columns":["a"]}\n', *[b"[" + b" " * 1000 + b"0]\n"] * 4000])
    with pytest.raises(NeedsOperator, match="200 times its size"):
        check_portable(path)


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ('"' * 70_000, "has too many quotes"),
        ("x" * (LONGEST_LINE + 1), "is too long"),
        (float("inf"), "has a number"),
        ("Infinity", ""),
        ('[1, "x"]' * 5_000, ""),
    ],
)
def test_f77_a_backup_that_the_reader_would_refuse_is_not_written(tmp_path, value, words):
    def rows(_):
        with closing(sqlite3.connect(":memory:")) as connection:
            connection.row_factory = sqlite3.Row
            yield from connection.execute("SELECT ? AS value", (value,)).fetchall()

    path = tmp_path / "saved.jsonl.gz"
    if words:
        with pytest.raises(NeedsOperator, match=words):
            write_portable(path, {"core": 1}, ["one"], rows)
        assert list(tmp_path.iterdir()) == []
    else:
        written = write_portable(path, {"core": 1}, ["one"], rows)
        assert check_portable(path) == written


def test_f77_rows_that_compress_beyond_the_readers_limit_are_not_written(tmp_path, monkeypatch):
    monkeypatch.setattr(portable, "FREELY_UNPACKED", 1000)
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.row_factory = sqlite3.Row
        rows = connection.execute("SELECT ? AS value", ("x" * 60_000,)).fetchall() * 50
    with pytest.raises(NeedsOperator, match="repeat themselves"):
        write_portable(tmp_path / "saved.jsonl.gz", {"core": 1}, ["one"], lambda _: iter(rows))
    assert list(tmp_path.iterdir()) == []
