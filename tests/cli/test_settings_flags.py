from __future__ import annotations

import argparse

import pytest

from steward.bots.stats.settings import StatsSettings
from steward.cli.settings_flags import add_settings_flags, load_settings
from tests.settings.examples import GUILD, TOKEN

NEEDED = ["--set", f"BOT_TOKEN={TOKEN}", "--set", f"GUILD_ID={GUILD}"]


@pytest.fixture
def parse(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    parser = argparse.ArgumentParser()
    add_settings_flags(parser)
    return parser.parse_args


def test_flags_override_the_environment(parse, monkeypatch):
    monkeypatch.setenv("UPDATE_INTERVAL", "20")
    monkeypatch.setenv("LOG_LEVEL", "INFO")
    settings = load_settings(parse([*NEEDED, "--set", "UPDATE_INTERVAL=30", "--log-level", "error", "--database", "x"]))
    assert (settings.of(StatsSettings).update_interval, settings.log_level, settings.database) == (30, "ERROR", "x")


def test_named_files_are_read(parse, tmp_path):
    (tmp_path / "a.env").write_text("UPDATE_INTERVAL=40\n")
    (tmp_path / "b.toml").write_text("presence_interval = 50\n")
    settings = load_settings(parse([*NEEDED, "--env-file", "a.env", "--config", "b.toml"]))
    assert (settings.of(StatsSettings).update_interval, settings.of(StatsSettings).presence_interval) == (40, 50)


def test_a_value_may_hold_an_equals_sign(parse):
    assert load_settings(parse([*NEEDED, "--set", "STEWARD_DATA_DIR=a=b"])).data_dir.name == "a=b"


@pytest.mark.parametrize("word", ["NAME", "=value", ""])
def test_an_assignment_needs_a_name_and_an_equals_sign(parse, word, capsys):
    with pytest.raises(SystemExit):
        parse(["--set", word])
    assert "write NAME=VALUE" in capsys.readouterr().err
