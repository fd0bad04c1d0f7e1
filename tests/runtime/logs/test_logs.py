from __future__ import annotations

import base64
import io
import json
import logging
import subprocess
import sys

import pytest
import structlog

from steward.errors import Broken, NeedsOperator, NotReady
from steward.runtime.logs.logs import FILE_NAME, configure_logs
from tests.runtime.logs.test_masking import TOKEN


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


class FullDisk(io.StringIO):
    def write(self, text: str) -> int:
        raise OSError(28, "No space left on device")


def lines_of(stream: io.StringIO) -> list[dict[str, object]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_json_lines_carry_event_fields_and_context():
    console = io.StringIO()
    with configure_logs(stream=console), structlog.contextvars.bound_contextvars(guild=5):
        structlog.get_logger("steward.stats").info("renamed", channel=7)
    (line,) = lines_of(console)
    assert line.pop("timestamp")
    assert line == {"level": "info", "logger": "steward.stats", "event": "renamed", "channel": 7, "guild": 5}


def test_log_lines_of_libraries_are_handled_alike():
    console = io.StringIO()
    with configure_logs(stream=console), structlog.contextvars.bound_contextvars(guild=5):
        logging.getLogger("some.library").warning("odd %s", "thing")
    (line,) = lines_of(console)
    assert (line["event"], line["level"], line["guild"]) == ("odd thing", "warning", 5)


async def test_lines_carry_the_time_of_the_clock(clock):
    console = io.StringIO()
    with configure_logs(stream=console, clock=clock):
        structlog.get_logger().info("now")
    assert lines_of(console)[0]["timestamp"] == clock.now().isoformat(timespec="milliseconds").replace("+00:00", "Z")


def test_a_terminal_gets_a_tree_and_a_pipe_gets_json():
    terminal = Terminal()
    with configure_logs(stream=terminal):
        structlog.get_logger().info("renamed", channel=7)
    assert "└─ " in terminal.getvalue()
    with configure_logs(stream=(pipe := io.StringIO()), format="tree"):
        structlog.get_logger().info("renamed", channel=7)
    assert "└─ channel=7" in pipe.getvalue()


def test_lower_levels_are_not_logged():
    console = io.StringIO()
    with configure_logs(stream=console, level="WARNING"):
        structlog.get_logger().info("quiet")
        structlog.get_logger().warning("loud")
    assert [line["event"] for line in lines_of(console)] == ["loud"]


@pytest.mark.parametrize(("level", "expected"), [("INFO", ["warned"]), ("DEBUG", ["told", "warned"])])
def test_discord_py_is_quiet_unless_at_debug(level, expected):
    console = io.StringIO()
    with configure_logs(stream=console, level=level):
        logging.getLogger("discord.gateway").info("told")
        logging.getLogger("discord.gateway").warning("warned")
    assert [line["event"] for line in lines_of(console)] == expected


def test_a_lost_connection_of_discord_py_is_one_warning():
    console = io.StringIO()
    with configure_logs(stream=console):
        try:
            raise ConnectionResetError("gone")
        except ConnectionResetError:
            logging.getLogger("discord.client").exception("Attempting a reconnect in %.2fs", 3.2)
    (line,) = lines_of(console)
    del line["timestamp"], line["logger"]
    assert line == {
        "level": "warning",
        "event": "discord_reconnects",
        "in_seconds": 3.2,
        "because": "ConnectionResetError: gone",
    }


def test_a_stack_in_a_message_of_discord_py_gets_its_own_field():
    console = Terminal()
    with configure_logs(stream=console):
        logging.getLogger("discord.gateway").warning("Heartbeat blocked.\nLoop thread traceback:\n%s", "File x")
    assert "Heartbeat blocked." in console.getvalue()
    assert "File x" not in console.getvalue()


def test_expected_errors_are_logged_without_traceback(tmp_path):
    with configure_logs(stream=io.StringIO(), folder=tmp_path):
        structlog.get_logger().error("stopped", exc_info=NotReady("Discord is away.", remedy="Wait."))
    line = json.loads((tmp_path / FILE_NAME).read_text())
    assert (line["error"], line["remedy"]) == ("Discord is away.", "Wait.")
    assert "exception" not in line


def test_bugs_have_a_traceback_in_the_file_but_not_on_the_terminal(tmp_path):
    terminal = Terminal()
    with configure_logs(stream=terminal, folder=tmp_path):
        for error in (ZeroDivisionError("x"), Broken("It broke.")):
            try:
                raise error
            except type(error):
                structlog.get_logger().exception("failed")
    lines = [json.loads(line) for line in (tmp_path / FILE_NAME).read_text().splitlines()]
    assert all("Traceback" in line["exception"] for line in lines)
    assert "ZeroDivisionError: x" in terminal.getvalue()
    assert "Traceback" not in terminal.getvalue()


def test_at_debug_the_terminal_shows_the_traceback():
    terminal = Terminal()
    with configure_logs(stream=terminal, level="DEBUG"):
        structlog.get_logger().error("failed", exc_info=ValueError("x"))
    assert "ValueError: x" in terminal.getvalue()


def test_the_file_is_rotated_at_its_size(tmp_path):
    with configure_logs(stream=io.StringIO(), folder=tmp_path / "deep" / "logs", rotate_bytes=2000, keep=2):
        for number in range(100):
            structlog.get_logger().info("line", number=number, filling="x" * 50)
    files = sorted((tmp_path / "deep" / "logs").iterdir())
    assert [file.name for file in files] == [FILE_NAME, f"{FILE_NAME}.1", f"{FILE_NAME}.2"]
    assert all(file.stat().st_size <= 2000 for file in files)
    assert '"number": 99' in files[0].read_text()


def test_the_last_lines_are_kept_in_memory():
    with configure_logs(stream=io.StringIO(), level="DEBUG", recent=3) as logs:
        for number in range(5):
            structlog.get_logger().info("line", number=number)
            structlog.get_logger().debug("detail")
        assert [line.partition(" ")[2] for line in logs.recent(2)] == ["INFO line number=3", "INFO line number=4"]
        assert len(logs.recent(99)) == 3
        assert logs.recent(0) == []


def test_an_unwritable_folder_gives_a_readable_error(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(NeedsOperator, match="cannot be written") as caught:
        configure_logs(stream=io.StringIO(), folder=tmp_path / "file" / "logs")
    assert "STEWARD_LOG_DIR" in caught.value.remedy


def test_a_full_disk_loses_lines_quietly_and_counts_them(capsys):
    with configure_logs(stream=FullDisk()) as logs:
        structlog.get_logger().info("line")
        assert logs.flush()
        assert logs.lost == 1
    assert capsys.readouterr().err == ""


def test_a_wrongly_formatted_line_prints_no_arguments():
    """In a process of its own: pytest's own handler would raise."""
    script = f"""
import logging
from steward.runtime.logs.logs import configure_logs
with configure_logs(secrets=["{TOKEN}"]) as logs:
    logging.getLogger("library").warning("%d", "{TOKEN}")
    assert logs.lost == 2  # for the console and for the last lines
    logging.getLogger("library").warning("next")
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert "next" in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_values_without_a_json_type_are_logged():
    console = io.StringIO()
    loop: dict[str, object] = {}
    loop["loop"] = loop
    with configure_logs(stream=console):
        structlog.get_logger().info("odd", when=object, keys={(1, 2): 3}, loop=loop, big=1 << 80, bad="\ud800")
    assert lines_of(console)[0]["event"] in {"odd", "'odd'"}


def test_logging_is_as_before_when_closed():
    before = (logging.getLogger().level, list(logging.getLogger().handlers), logging.getLogger("discord").level)
    configure_logs(stream=io.StringIO(), level="DEBUG").close()
    assert before == (logging.getLogger().level, logging.getLogger().handlers, logging.getLogger("discord").level)


@pytest.mark.parametrize("shape", ["json", "tree"])
def test_f55_a_secret_appears_nowhere_in_any_form(tmp_path, shape, capsys):
    """F55: bare, `Bot ...`, dict repr, URL, base64, tracebacks, libraries, at DEBUG."""
    webhook = "https://discord.com/api/webhooks/613425648685547541/canary_webhook_token"
    console = io.StringIO()
    with configure_logs(level="DEBUG", format=shape, stream=console, folder=tmp_path, secrets=[TOKEN]) as logs:
        log = structlog.get_logger("steward")
        library = logging.getLogger("discord.http")
        with structlog.contextvars.bound_contextvars(token=TOKEN):
            log.debug("bound")
        log.info(TOKEN, header=f"Bot {TOKEN}", headers={"Authorization": TOKEN}, raw=TOKEN.encode(), url=webhook)
        log.info("encoded", basic=base64.b64encode(f"me:{TOKEN}".encode()).decode(), nested=[{TOKEN: (TOKEN,)}])
        library.debug("GET %s with %s", webhook, {"Authorization": f"Bot {TOKEN}"})
        try:
            try:
                raise KeyError(TOKEN)
            except KeyError as inner:
                raise RuntimeError(f"cannot open {webhook}") from inner
        except RuntimeError:
            log.exception("crashed")
            library.exception("Ignoring exception in %s", TOKEN)
            logging.getLogger("discord.client").exception("Attempting a reconnect in %.2fs", 1.0)
        log.error("stopped", exc_info=NotReady(f"refused {TOKEN}", remedy=webhook))
        assert logs.flush()
        everything = console.getvalue() + "\n".join(logs.recent(50)) + (tmp_path / FILE_NAME).read_text()
    everything += "".join(capsys.readouterr())
    assert everything.count("********") > 20
    head = base64.b64encode(f"me:{TOKEN}".encode()).decode()[20:60]
    for form in ("canary", "Y2FuYXJ5", head):
        assert form not in everything


def test_loggers_can_have_own_levels_which_are_restored():
    console = io.StringIO()
    with configure_logs(stream=console, level="INFO", levels=[("steward.store", "DEBUG"), ("aiohttp", "ERROR")]):
        structlog.get_logger("steward.store.jobs.runner").debug("shown")
        structlog.get_logger("steward.client").debug("hidden")
        logging.getLogger("aiohttp.server").warning("hidden")
        structlog.get_logger("steward.client").info("shown too")
    assert [line["event"] for line in lines_of(console)] == ["shown", "shown too"]
    assert logging.getLogger("steward.store").level == logging.NOTSET
