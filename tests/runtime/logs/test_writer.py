from __future__ import annotations

import json
import os
import select
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import structlog

from steward.runtime.logs.logs import configure_logs
from steward.runtime.logs.writer import MAX_LINES, LogWriter, line_writer
from tests.full_pipe import full_pipe


@contextmanager
def full_console():
    """Give both ends of a pipe that takes nothing more, the end to write as text."""
    with (
        full_pipe() as (reading, writing),
        os.fdopen(reading, "rb", closefd=False) as output,
        os.fdopen(writing, "w", closefd=False) as text,
    ):
        yield output, text


class Gate:
    """Writes into a list, while it is open."""

    def __init__(self):
        self.lines = []
        self.opened = threading.Event()

    def __call__(self, line):
        self.opened.wait()
        self.lines.append(line)


def test_lines_are_written_in_their_order():
    lines = []
    writer = LogWriter("test", lines.append, "{} dropped".format)
    for number in range(1000):
        writer.put(str(number))
    assert writer.flush(60)
    assert writer.close()
    assert lines == [str(number) for number in range(1000)]


def test_excess_lines_are_dropped_and_their_number_is_logged():
    gate = Gate()
    writer = LogWriter("test", gate, "{} dropped".format)
    for number in range(MAX_LINES + 101):
        writer.put(str(number))
    kept = MAX_LINES + 101 - writer.lost  # the first may be on its way already
    assert kept in {MAX_LINES, MAX_LINES + 1}
    gate.opened.set()
    assert writer.flush(60)
    writer.put("after")
    assert writer.flush(60)
    assert gate.lines == [*map(str, range(kept)), f"{MAX_LINES + 101 - kept} dropped", "after"]
    assert writer.close()


def test_the_queue_is_bounded_by_characters():
    gate = Gate()
    writer = LogWriter("test", gate, "{} dropped".format)
    for _ in range(20):
        writer.put("x" * 100_000)
    assert 9 <= writer.lost <= 10
    gate.opened.set()
    assert writer.flush(60)
    assert writer.close()


def test_a_line_that_cannot_be_written_is_counted_and_the_next_is_written():
    lines = []

    def write(line):
        if line == "bad":
            raise OSError(28, "No space left on device")
        lines.append(line)

    writer = LogWriter("test", write, "{} dropped".format)
    writer.put("bad")
    writer.put("good")
    assert writer.flush(60)
    assert (lines, writer.lost) == (["good"], 1)
    assert writer.close()


def test_closing_abandons_a_blocked_thread():
    gate = Gate()
    writer = LogWriter("test", gate, "{} dropped".format)
    writer.put("hangs")
    assert not writer.flush(0.05)
    assert not writer.close()
    writer.put("too late")
    gate.opened.set()
    assert gate.lines in ([], ["hangs"])


def test_a_non_blocking_pipe_gets_whole_lines():
    with full_console() as (output, text):
        os.set_blocking(text.fileno(), False)
        writer = LogWriter("test", line_writer(text), "{} dropped".format)
        writer.put("ö" * 100_000)
        read = b""
        while not read.endswith(b"\n"):
            read += os.read(output.fileno(), 1 << 16)
        assert read.lstrip(b"x").decode() == "ö" * 100_000 + "\n"
        assert writer.flush(60)
        assert writer.close()


def test_f63_a_blocked_console_delays_neither_logging_nor_the_log_file(tmp_path):
    with full_console() as (output, text):
        with configure_logs(stream=text, folder=tmp_path) as logs:
            for number in range(3 * MAX_LINES):
                structlog.get_logger().info("line", number=number)
            assert logs.lost >= 2 * MAX_LINES - 1
            with ThreadPoolExecutor(1) as pool:
                flushed = pool.submit(logs.flush, 60)
                read = b""
                while (ready := select.select([output], [], [], 0.1)[0]) or not flushed.done():
                    read += os.read(output.fileno(), 1 << 16) if ready else b""
            assert flushed.result()
        told = [json.loads(line) for line in read.lstrip(b"x").decode().splitlines() if "dropped" in line]
        written = [json.loads(line) for line in (tmp_path / "steward.log").read_text().splitlines()]
        lost_of_file = sum(row.get("lines", 0) for row in written)  # its thread, too, may be slow on a busy machine
        assert sum(row["lines"] for row in told) + lost_of_file == logs.lost
        assert told[0]["level"] == "warning"
    assert max(row.get("number", 0) for row in written) > 0


def test_f63_a_process_with_a_blocked_console_still_exits(tmp_path):
    script = """
import sys, structlog
from steward.runtime.logs.logs import configure_logs
with configure_logs(folder=__import__("pathlib").Path("."), format="json"):
    for number in range(5000):
        structlog.get_logger().info("line", number=number, text="x" * 100)
sys.exit(7)
"""
    with subprocess.Popen([sys.executable, "-c", script], stderr=subprocess.PIPE, cwd=tmp_path) as child:
        assert child.wait(60) == 7
