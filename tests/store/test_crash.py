"""F45: killed at any moment, the database is sound and holds every write that was acknowledged."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from random import Random

KILLS = int(os.environ.get("STEWARD_TEST_KILLS", "12"))

WRITE_AND_TELL = """
import asyncio, sys
from steward.runtime.clock import SystemClock
from steward.store import open_store

async def main(path, turn):
    async with open_store(path, SystemClock()) as store:
        print("open", flush=True)

        async def write(writer):
            number = 0
            while True:
                key = f"{turn}.{writer}.{number}"
                await store.write(lambda tx: tx.executemany(
                    'INSERT INTO kv ("key", value) VALUES (?, ?)', [(key + ".left", "v"), (key + ".right", "v")]
                ))
                print(key, flush=True)
                number += 1

        await asyncio.gather(*(write(writer) for writer in range(8)))

asyncio.run(main(sys.argv[1], sys.argv[2]))
"""


def write_until_killed(url, folder, turn, writes, seconds):
    """Return the writes that the child reported; it is killed so many seconds after so many writes."""
    said = folder / f"said-{turn}"
    arguments = [sys.executable, "-c", WRITE_AND_TELL, str(url), str(turn)]
    with said.open("w") as output, subprocess.Popen(arguments, stdout=output) as child:
        while said.read_text().count("\n") <= writes:
            assert child.poll() is None, said.read_text()
            time.sleep(0.005)  # the other process runs in real time
        time.sleep(seconds)
        child.send_signal(signal.SIGKILL)
    lines = said.read_text().split("open\n")[1].split("\n")
    return set(lines[:-1])  # the last one may have been cut short


def test_f45_every_acknowledged_write_survives_kills_at_random_moments(tmp_path):
    random = Random(45)
    total = 0
    for turn in range(KILLS):
        if turn % 50 == 0:  # each check reads the whole database, so start a new one occasionally
            path, acknowledged = tmp_path / f"{turn}.db", set()
        told = write_until_killed(path, tmp_path, turn, random.randrange(40), random.uniform(0, 0.02))
        acknowledged |= told
        total += len(told)
        with closing(sqlite3.connect(path)) as database:
            assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            keys = {row[0] for row in database.execute('SELECT "key" FROM kv')}
        left = {key.removesuffix(".left") for key in keys if key.endswith(".left")}
        right = {key.removesuffix(".right") for key in keys if key.endswith(".right")}
        assert left == right, "a unit of work was committed by halves"
        assert acknowledged <= left
    assert total > 10 * KILLS, "hardly anything was written: this proves nothing"
