"""`steward sim` from outside: a process, its output, its API."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

from steward.cli.main import main


@contextmanager
def begin(*words: str, cwd: Path) -> Iterator[subprocess.Popen[str]]:
    """Run a simulator for a `with` block."""
    process = subprocess.Popen(
        [sys.executable, "-m", "steward", "sim", "--port", "0", *words],
        cwd=cwd,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    with process:
        try:
            yield process
        finally:
            process.kill()


def test_it_prints_settings_that_a_bot_can_use_and_ends_on_request(tmp_path):
    with begin("--json", "--log", "--members", "1000000", cwd=tmp_path) as process:
        assert process.stdout is not None
        settings = json.loads(process.stdout.readline())
        request = urllib.request.Request(  # noqa: S310 - loopback
            f"{settings['DISCORD_API_URL']}/guilds/{settings['GUILD_ID']}?with_counts=true",
            headers={"Authorization": f"Bot {settings['BOT_TOKEN']}"},
        )
        with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310 - loopback
            assert json.load(answer)["approximate_member_count"] == 1_000_000
        process.send_signal(signal.SIGTERM)
        out, err = process.communicate(timeout=120)
    assert process.returncode == 0
    assert json.loads(out)["requests"] == 1
    assert "Traceback" not in err


def test_the_log_shows_time_result_bucket_and_refusal_of_each_request_to_the_last(tmp_path):
    with begin("--json", "--log", cwd=tmp_path) as process:
        assert process.stdout is not None
        settings = json.loads(process.stdout.readline())
        for path in (f"/guilds/{settings['GUILD_ID']}?with_counts=true", "/channels/1"):
            request = urllib.request.Request(  # noqa: S310 - loopback
                settings["DISCORD_API_URL"] + path, headers={"Authorization": f"Bot {settings['BOT_TOKEN']}"}
            )
            with suppress(urllib.error.HTTPError), urllib.request.urlopen(request, timeout=10):  # noqa: S310 - loopback
                pass
        process.terminate()
        _, err = process.communicate(timeout=120)
    seen, unknown = (line for line in err.splitlines() if " GET " in line)
    time, bucket = r"\d\d:\d\d:\d\d\.\d{3}", r"bucket=[0-9a-f]{32}"
    assert re.fullmatch(rf"{time} 200 GET    /guilds/\d+\?with_counts=true {bucket}", seen)
    assert re.fullmatch(rf"{time} 404 GET    /channels/1 {bucket} 10003 Unknown Channel", unknown)


def asked(settings: dict[str, str], path: str) -> Any:
    request = urllib.request.Request(  # noqa: S310 - loopback
        settings["DISCORD_API_URL"] + path, headers={"Authorization": f"Bot {settings['BOT_TOKEN']}"}
    )
    with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310 - loopback
        return json.load(answer)


def test_it_has_as_many_servers_as_asked_spread_evenly_over_shards_that_log_in_at_once(tmp_path):
    with begin("--json", "--guilds", "60", "--members", "70", "--max-concurrency", "3", cwd=tmp_path) as process:
        assert process.stdout is not None
        settings = json.loads(process.stdout.readline())
        guilds = asked(settings, "/users/@me/guilds?with_counts=true")
        login = asked(settings, "/gateway/bot")["session_start_limit"]
    assert Counter((int(guild["id"]) >> 22) % 6 for guild in guilds) == dict.fromkeys(range(6), 10)
    assert {guild["approximate_member_count"] for guild in guilds} == {70}
    assert settings["GUILD_ID"] == guilds[0]["id"]
    assert login["max_concurrency"] == 3


def test_above_as_many_servers_as_asked_a_bot_is_a_large_one(tmp_path):
    with begin("--json", "--guilds", "20", "--large-above", "19", cwd=tmp_path) as process:
        assert process.stdout is not None
        found = asked(json.loads(process.stdout.readline()), "/gateway/bot")
    assert (found["shards"], found["session_start_limit"]["total"]) == (16, 2000)


def test_the_page_stays_on_loopback_wherever_the_simulator_listens(tmp_path):
    with begin("--json", "--host", "127.0.0.2", "--page-port", "0", "--no-open", cwd=tmp_path) as process:
        assert process.stdout is not None
        settings = json.loads(process.stdout.readline())
        assert settings["DISCORD_API_URL"].startswith("http://127.0.0.2:")
        assert asked(settings, "/gateway")["url"].startswith("ws://127.0.0.2:")
        process.terminate()
        _, err = process.communicate(timeout=120)
    assert "Open http://127.0.0.1:" in err
    assert "not for this machine only" not in err  # nobody but this machine reaches it


def test_an_address_that_others_can_reach_is_warned_of(capsys):
    main(["sim", "--port", "0", "--host", "192.0.2.1"])
    warned = capsys.readouterr().err
    assert "Listening on 192.0.2.1, not for this machine only: whoever reaches it can use this Discord" in warned
    assert "The page stays on 127.0.0.1." in warned


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["--guilds", "0"], "must be a whole number from 1 to 200,000"),
        (["--members", "x"], "must be a whole number from 2 to 100,000,000"),
        (["--max-concurrency", "0"], "must be a whole number from 1 to 1,000"),
        (["--host", "penguins"], "must be an IP address, such as 127.0.0.1 or 0.0.0.0"),
    ],
)
def test_a_wrong_flag_is_an_error_with_a_message(words, expected, capsys):
    with pytest.raises(SystemExit) as ended:
        main(["sim", *words])
    assert ended.value.code == 2
    assert expected in capsys.readouterr().err


def test_the_settings_it_writes_pass_the_doctor(tmp_path):
    with begin("--env-file", "sim.env", cwd=tmp_path) as process:
        assert process.stdout is not None
        assert process.stdout.readline().startswith("DISCORD_API_URL=")
        doctor = subprocess.run(
            [sys.executable, "-m", "steward", "doctor", "--env-file", "sim.env"],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
        )
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=120)
    assert process.returncode == 0
    assert doctor.returncode == 0, doctor.stdout
    assert "FAIL" not in doctor.stdout
    assert (tmp_path / "sim.env").stat().st_mode & 0o077 == 0


def test_it_replays_the_shipped_day_and_stops_on_its_own(tmp_path):
    with begin("--trace", "--speed", "20000", "--for", "3", "--json", cwd=tmp_path) as process:
        out, err = process.communicate(timeout=120)
    assert process.returncode == 0
    assert "Traceback" not in err
    assert json.loads(out.splitlines()[1])["played"]["message"] > 10


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["--members", "10", "--online", "50"], "Choose other numbers"),
        (["--trace", "no-such-file"], "no-such-file cannot be read"),
        (["--env-file", "/proc/nowhere/x"], "cannot be written"),
        (["--host", "192.0.2.1"], "This machine doesn't have the address 192.0.2.1"),
    ],
)
def test_impossible_numbers_are_an_error_with_a_message(words, expected, capsys):
    assert main(["sim", "--port", "0", "--for", "0.1", *words]) == 78
    assert expected in capsys.readouterr().err


def test_a_port_in_use_is_an_error_with_a_message(tmp_path):
    with begin("--json", cwd=tmp_path) as first:
        assert first.stdout is not None
        port = json.loads(first.stdout.readline())["DISCORD_API_URL"].split(":")[2].partition("/")[0]
        second = subprocess.run(
            [sys.executable, "-m", "steward", "sim", "--port", port, "--for", "1"],
            capture_output=True,
            text=True,
            check=False,
        )
        first.terminate()
        first.communicate(timeout=120)
    assert second.returncode == 78
    assert f"Port {port} cannot be used" in second.stderr
