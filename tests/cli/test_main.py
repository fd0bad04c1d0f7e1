"""The command from outside, as a person or a supervisor sees it."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

import steward
from steward.cli.main import COMMANDS, main
from tests.settings.examples import GUILD, TOKEN


def run(*words: str, cwd, **environ: str) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if name in {"PATH", "HOME", "SYSTEMROOT", "PYTHONPATH"}}
    return subprocess.run(
        [sys.executable, "-m", "steward", *words],
        cwd=cwd,
        env=kept | environ,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_the_version_is_printed(tmp_path):
    assert run("--version", cwd=tmp_path).stdout == f"steward {steward.__version__}\n"


@pytest.mark.parametrize("words", [["--help"], []])
def test_help_lists_every_command_and_so_does_the_bare_word(tmp_path, words):
    done = run(*words, cwd=tmp_path)
    assert done.returncode == 0
    for command in COMMANDS:
        assert f"  {command} " in done.stdout


@pytest.mark.parametrize("words", [["rn"], ["run", "--set", "nonsense"], ["sim", "--port", "99999"]])
def test_wrong_words_are_a_usage_message(tmp_path, words):
    done = run(*words, cwd=tmp_path)
    assert done.returncode == 2
    assert done.stderr.startswith("usage: steward")
    assert "Traceback" not in done.stderr


def test_f60_all_wrong_settings_are_reported_at_once_and_the_exit_code_is_78(tmp_path):
    (tmp_path / ".env").write_text(f"DISCORD_TOKEN=Bot {TOKEN}\nSTEWARD_TIMEZONE=Berln\n")
    done = run("run", cwd=tmp_path, GUILD_ID="my server", STEWARD_REPORT_TIM="1", UPDATE_INTERVAL="0")
    assert done.returncode == 78
    assert done.stdout == ""
    for expected in (
        "5 settings",
        "DISCORD_TOKEN (.env line 1)",
        "STEWARD_TIMEZONE (.env line 2)",
        "Europe/Berlin",
        'GUILD_ID (environment) = "my server"',
        "Did you mean STEWARD_REPORT_TIME?",
        'UPDATE_INTERVAL (environment) = "0"',
    ):
        assert expected in done.stderr
    assert "canary" not in done.stderr
    assert "Traceback" not in done.stderr


def test_nothing_is_created_when_settings_are_wrong(tmp_path):
    run("run", cwd=tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_the_running_bot_loads_neither_rich_nor_the_simulator_nor_without_flags_argparse(tmp_path):
    script = "import sys\nfrom steward.cli.main import main\nmain(['run'])\nimport steward.app\nprint(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert "steward.app" in done.stdout.split()
    unused = ("argparse", "rich", "steward.sim", "steward.cli.demo")
    assert not {name for name in done.stdout.split() if name.startswith(unused)}


def test_a_bug_is_reported_in_a_message_without_secrets(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)

    def broken(*args: object, **options: object) -> None:
        raise ZeroDivisionError(f"with {TOKEN}")

    monkeypatch.setattr("steward.cli.settings_flags.load", broken)
    assert main(["doctor"]) == 70
    err = capsys.readouterr().err
    assert "ran into a bug: ZeroDivisionError" in err
    assert "canary" not in err
    with pytest.raises(ZeroDivisionError):
        main(["doctor", "--log-level", "debug"])


def test_an_interrupt_is_quiet(monkeypatch, capsys):
    def interrupted(*args: object, **options: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("steward.cli.settings_flags.load", interrupted)
    assert main(["doctor"]) == 130
    assert capsys.readouterr().err == ""


def test_output_into_a_closed_pipe_is_quiet(tmp_path):
    words = ["doctor", "--offline", "--set", f"BOT_TOKEN={TOKEN}", "--set", f"GUILD_ID={GUILD}"]
    command = [sys.executable, "-m", "steward", *words]
    with subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 0
