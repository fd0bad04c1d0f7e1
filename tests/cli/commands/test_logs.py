"""`steward logs`: the newest lines, across rotated files, and new lines."""

from __future__ import annotations

import asyncio
import io
import json
import logging

import pytest
import structlog

from steward.cli.commands.logs import LogFileReader
from steward.runtime.logs.logs import configure_logs
from tests.cli.test_main import run
from tests.settings.examples import LEAST


def line(number, level="info"):
    stamp = f"2026-03-01T12:00:{number % 60:02}+00:00"
    return json.dumps({"timestamp": stamp, "level": level, "event": f"happened_{number}", "of": number}) + "\n"


@pytest.fixture
def written(tmp_path):
    """Write a log of 30 lines in three files."""
    folder = tmp_path / "data" / "logs"
    folder.mkdir(parents=True)
    for name, numbers in (
        ("steward.log.2", range(10)),
        ("steward.log.1", range(10, 20)),
        ("steward.log", range(20, 30)),
    ):
        (folder / name).write_text("".join(line(n, "error" if n % 10 == 3 else "info") for n in numbers))
    return folder / "steward.log"


def numbers(path, count, **how):
    with LogFileReader(path, **how) as file:
        return [line.text if line.fields is None else line.fields["of"] for line in file.last(count)]


def test_the_newest_lines_include_those_of_rotated_files(written):
    assert numbers(written, 15) == list(range(15, 30))
    assert numbers(written, 1000) == list(range(30))
    assert numbers(written, 0) == []


def test_only_lines_of_the_level_count_and_unparsable_lines_are_shown(written):
    written.write_text(written.read_text() + '{"cut short')
    assert numbers(written, 3, least=logging.ERROR) == [13, 23, '{"cut short']


async def test_new_lines_are_followed_across_a_rotation(clock, tmp_path):
    seen = []
    heard = seen.append

    async def follow(file):
        async for one in file.added():
            heard(one.fields["n"])

    with configure_logs(folder=tmp_path, rotate_bytes=2000, keep=3, stream=io.StringIO()) as logs:
        log = structlog.get_logger("steward")
        log.warning("first")
        assert logs.flush()
        with LogFileReader(tmp_path / "steward.log") as file:
            assert len(file.last(10)) == 1
            following = asyncio.create_task(follow(file))
            for number in range(60):
                log.warning("again", n=number)
                assert logs.flush()
                await asyncio.sleep(0.2)
            await asyncio.sleep(2)
            following.cancel()
            await asyncio.gather(following, return_exceptions=True)
    assert seen == list(range(60))
    assert (tmp_path / "steward.log.1").exists()


@pytest.mark.real_time
def test_the_command_prints_dated_lines_or_the_unchanged_json(written, tmp_path):
    plain = run("logs", "-n", "2", cwd=tmp_path, **LEAST)
    assert plain.stdout.splitlines()[-1] == "2026-03-01 12:00:29 INFO happened_29 of=29"
    assert len(plain.stdout.splitlines()) == 2
    as_json = run("logs", "--lines", "2", "--level", "error", "--json", cwd=tmp_path, **LEAST)
    assert [json.loads(text)["of"] for text in as_json.stdout.splitlines()] == [13, 23]
    nothing = run("logs", "--level", "critical", cwd=tmp_path, **LEAST)
    assert (nothing.returncode, nothing.stdout, "no line" in nothing.stderr) == (0, "", True)


@pytest.mark.real_time
def test_wrong_settings_fall_back_to_the_usual_file_and_a_missing_file_is_an_error(written, tmp_path):
    shown = run("logs", "-n", "1", cwd=tmp_path, BOT_TOKEN="nonsense")
    assert shown.returncode == 0
    assert "steward doctor" in shown.stderr
    assert shown.stdout.count("\n") == 1
    missing = run("logs", "--file", "none.log", cwd=tmp_path)
    assert (missing.returncode, "no log file none.log" in missing.stderr) == (78, True)
