"""Events go to structlog if configured, otherwise to `logging`."""

import logging

import pytest
import structlog

from steward.runtime.logs.loggers import get_logger
from steward.runtime.resilience import Breaker

log = get_logger("steward.example")


@pytest.fixture(autouse=True)
def unconfigured():
    """Leave structlog as a host has it that doesn't know of it; it is configured again after the test, as after any."""
    structlog.reset_defaults()


def test_events_go_to_logging_and_not_to_standard_output(caplog, capsys):
    with caplog.at_level(logging.INFO):
        log.info("circuit_closed", circuit="The scores", failures=5)
    assert caplog.record_tuples == [
        ("steward.example", logging.INFO, "circuit_closed circuit='The scores' failures=5"),
    ]
    assert capsys.readouterr().out == ""


def test_a_record_names_the_line_that_logged(caplog):
    log.warning("here")
    assert caplog.records[0].pathname == __file__


def test_levels_of_the_host_application_apply(caplog):
    with caplog.at_level(logging.ERROR, logger="steward"):
        log.warning("quiet")
    assert caplog.records == []


def test_an_error_being_handled_is_logged_with_its_traceback(caplog):
    try:
        raise ValueError("100 % wrong")
    except ValueError:
        log.exception("it_failed", share="100 %")
    record = caplog.records[0]
    assert record.levelno == logging.ERROR
    assert record.getMessage() == "it_failed share='100 %'"
    assert "ValueError: 100 % wrong" in caplog.text


def test_an_error_given_is_logged_with_its_traceback(caplog):
    log.error("it_failed", exc_info=KeyError("gone"))
    assert "KeyError: 'gone'" in caplog.text


def test_a_host_that_configured_structlog_gets_the_events_there(caplog):
    with structlog.testing.capture_logs() as lines:
        log.warning("circuit_opened", circuit="The scores")
    assert lines == [{"event": "circuit_opened", "circuit": "The scores", "log_level": "warning"}]
    assert caplog.records == []


def test_a_breaker_in_somebody_elses_bot_writes_to_its_log_file(tmp_path, capsys):
    file = logging.FileHandler(tmp_path / "bot.log")
    logging.getLogger().addHandler(file)
    try:
        breaker = Breaker("The scores", failure_threshold=1)
        with pytest.raises(OSError, match="unplugged"), breaker.attempt():
            raise OSError("unplugged")
    finally:
        logging.getLogger().removeHandler(file)
        file.close()
    assert (tmp_path / "bot.log").read_text() == "circuit_opened circuit='The scores' failures=1 error='unplugged'\n"
    assert capsys.readouterr().out == ""
