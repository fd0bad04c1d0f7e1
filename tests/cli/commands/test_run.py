from __future__ import annotations

import json
import signal
import sys
from collections.abc import Callable
from types import ModuleType

import pytest

from steward.cli.main import main
from steward.errors import NeedsOperator
from steward.feeds import FeedLogs
from steward.runtime.process.stop_signals import STOPPING, StopSignals
from steward.settings import Settings
from tests.settings.examples import GUILD, TOKEN

WORDS = ["run", "--set", f"BOT_TOKEN={TOKEN}", "--set", f"GUILD_ID={GUILD}", "--set", "STEWARD_DATA_DIR=kept"]


@pytest.fixture
def start(tmp_path, monkeypatch):
    """Run the command in an empty folder with a fake bot."""
    monkeypatch.chdir(tmp_path)

    def begin(bot) -> int:
        app = ModuleType("steward.process")
        app.run_bot = bot  # type: ignore[attr-defined] # the composition root stands outside of this test
        monkeypatch.setitem(sys.modules, "steward.process", app)
        return main(WORDS)

    before = {number: signal.getsignal(number) for number in STOPPING}
    yield begin
    for number, handler in before.items():
        signal.signal(number, handler)


def test_the_bot_gets_its_settings_and_gives_the_exit_code(start):
    seen: list[Settings] = []

    def bot(
        settings: Settings, stop: StopSignals, *, log_lines: Callable[[], list[str]], feed_logs: FeedLogs, greet: None
    ) -> int:
        seen.append(settings)
        return 3

    assert start(bot) == 3
    assert seen[0].guild_id == int(GUILD)


def test_an_expected_error_is_logged_as_a_sentence_with_its_exit_code(start, tmp_path, capsys):
    def bot(
        settings: Settings, stop: StopSignals, *, log_lines: Callable[[], list[str]], feed_logs: FeedLogs, greet: None
    ) -> int:
        raise NeedsOperator("The intent is missing.", remedy="Switch it on.")

    assert start(bot) == 78
    line = json.loads((tmp_path / "kept" / "logs" / "steward.log").read_text())
    assert (line["error"], line["remedy"], line["exit_code"]) == ("The intent is missing.", "Switch it on.", 78)
    assert "exception" not in line
    assert "The intent is missing." in capsys.readouterr().err


def test_an_unexpected_error_is_logged_with_its_traceback_and_without_secrets(start, tmp_path):
    def bot(
        settings: Settings, stop: StopSignals, *, log_lines: Callable[[], list[str]], feed_logs: FeedLogs, greet: None
    ) -> int:
        raise ZeroDivisionError(settings.token.reveal())

    assert start(bot) == 70
    text = (tmp_path / "kept" / "logs" / "steward.log").read_text()
    assert "Traceback" in text
    assert "canary" not in text
