"""`steward music`: beside the bot, killed in the middle, and what it says of files that are none."""

import asyncio
import gzip
import json
import os
import pty
import signal
import subprocess
import sys
from functools import partial

import pytest

from steward.bots.installed import MIGRATIONS
from steward.runtime.clock import SystemClock
from steward.store import open_store
from tests.bots.music.catalogue.imports.files import lines, listen, listens
from tests.cli.in_process import command
from tests.cli.test_main import run
from tests.settings.examples import LEAST

pytestmark = [pytest.mark.real_time, pytest.mark.timeout(300)]


def asked(folder, url, *words):
    return command(folder, url, "music", *words)


def many(path, listeners=400, each=40):
    rows = (listen(f"l {who}", f"Band {(who * 7 + number) % 90}") for number in range(each) for who in range(listeners))
    path.write_bytes(lines(*rows))
    return path


def test_what_is_imported_is_told_with_its_progress_and_listed(new_database, tmp_path):
    path = many(tmp_path / "listens.jsonl")
    with path.open("ab") as file:
        file.write(b"{\n[]\n")
    done = asked(tmp_path, new_database, "import", str(path))
    assert done.stdout.splitlines() == [
        "listens.jsonl: 16,002 lines read, 16,000 kept, 2 left out.",
        "- line 16,001: it isn't JSON",
        "- line 16,002: no artist is named",
        "Kept: 400 listeners from outside, 16,000 pairs of listener and artist.",
        "The bot learns from them within some minutes of its start.",
    ], done.stderr
    assert done.returncode == 0
    said = [line for line in done.stderr.splitlines() if line.startswith("listens.jsonl: ")]
    assert said[-1] == "listens.jsonl: 100 %, 16,002 lines"
    assert 2 <= len(said) <= 10
    again = asked(tmp_path, new_database, "import", str(path))
    assert again.stdout.startswith("listens.jsonl was imported already, done 20")
    listed = asked(tmp_path, new_database, "imported")
    assert listed.stdout.startswith("listens.jsonl: 16,002 lines read, 16,000 kept, 2 left out; done 20"), listed.stderr
    told = json.loads(asked(tmp_path, new_database, "imported", "--json").stdout)
    file = {"name": "listens.jsonl", "lines": 16_002, "bad": 2, "kept": 16_000, "finished": True}
    assert told == {"ok": True, "files": [file], "listeners": 400, "pairs": 16_000}
    gone = asked(tmp_path, new_database, "forget")
    assert gone.stdout.startswith("400 listeners from outside forgotten."), gone.stderr
    assert asked(tmp_path, new_database, "imported").stdout == "Nothing was imported.\n"


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (None, "can't be read (No such file or directory). Name a file."),
        (b"", "is empty. Download it again."),
        (b"<!DOCTYPE html><html>", "is a web page, not data. Download the file itself."),
        (b"\x7fELF\0\0\0", "is no text: it is binary."),
        (b"PK\x03\x04abcdef", "is a ZIP archive. Unpack it, and name the files in it."),
        (b"hello\n", "isn't of a format that I know."),
        (gzip.compress(listens())[:-9], "is cut off: its end is missing. Download it again."),
    ],
)
def test_a_file_that_is_none_ends_with_a_sentence_and_78(tmp_path, content, sentence):
    path = tmp_path / "file"
    if content is not None:
        path.write_bytes(content)
    done = asked(tmp_path, "sqlite:///s.sqlite3", "import", str(path))
    assert done.returncode == 78
    assert f"{path} {sentence}" in done.stderr
    assert "Traceback" not in done.stderr


def test_the_last_file_is_looked_at_before_the_first_is_begun(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    done = asked(tmp_path, "sqlite:///s.sqlite3", "import", str(many(tmp_path / "a", 5, 5)), str(tmp_path / "pipe"))
    assert (done.returncode, "is a pipe or a device, not a file" in done.stderr) == (78, True)
    assert not (tmp_path / "s.sqlite3").exists()


def test_without_a_database_or_tables_nothing_is_listed(tmp_path):
    done = asked(tmp_path, "sqlite:///none.sqlite3", "imported")
    assert (done.returncode, "There is no database" in done.stderr) == (78, True)


def words_of(path):
    return [sys.executable, "-m", "steward", "music", "import", str(path)]


def environ(folder, name):
    return {**os.environ, **LEAST, "STEWARD_DATABASE": f"sqlite:///{folder / name}", "PYTHONUNBUFFERED": "1"}


@pytest.mark.parametrize(("sign", "code"), [(signal.SIGKILL, -9), (signal.SIGINT, 130)])
def test_a_process_that_is_ended_in_the_middle_leaves_what_the_next_one_completes(tmp_path, sign, code):
    path = many(tmp_path / "listens.jsonl", 600, 80)
    hears = partial(signal.signal, signal.SIGINT, signal.SIG_DFL)  # who runs the suite in the background ignores it
    given = {"env": environ(tmp_path, "s.sqlite3"), "cwd": tmp_path, "stderr": -1, "preexec_fn": hears}
    with subprocess.Popen(words_of(path), **given) as process:
        assert any(b" %, " in line for line in process.stderr)  # the first one
        process.send_signal(sign)
        assert process.wait() == code
        assert b"Traceback" not in process.stderr.read()
    half = asked(tmp_path, f"sqlite:///{tmp_path / 's.sqlite3'}", "imported")
    assert "not to its end; import it again" in half.stdout, half.stdout + half.stderr
    done = asked(tmp_path, f"sqlite:///{tmp_path / 's.sqlite3'}", "import", str(path))
    assert done.stdout.startswith("listens.jsonl: 48,000 lines read, 48,000 kept.\n"), done.stdout
    whole = asked(tmp_path, f"sqlite:///{tmp_path / 't.sqlite3'}", "import", str(path))
    assert whole.stdout == done.stdout


def test_on_a_terminal_there_is_a_bar(tmp_path):
    path = many(tmp_path / "listens.jsonl")
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        words_of(path), env=environ(tmp_path, "s.sqlite3"), cwd=tmp_path, stderr=theirs, stdout=-1
    ) as process:
        out, _ = process.communicate()
    os.close(theirs)
    shown = b""
    while b"lines" not in shown:
        shown += os.read(ours, 1 << 16)
    os.close(ours)
    assert b"listens.jsonl: " in shown
    assert out.startswith(b"listens.jsonl: 16,000 lines read")


def test_while_the_bot_runs_it_says_to_stop_it(tmp_path):
    path = many(tmp_path / "listens.jsonl", 5, 5)

    async def beside():
        async with open_store(tmp_path / "s.sqlite3", SystemClock(), migrations=MIGRATIONS):
            words = "music", "import", str(path)
            url = f"sqlite:///{tmp_path / 's.sqlite3'}"
            return await asyncio.to_thread(run, *words, cwd=tmp_path, **{**LEAST, "STEWARD_DATABASE": url})

    done = asyncio.run(beside())
    assert (done.returncode, "Stop the bot" in done.stderr) == (75, True), done.stderr
