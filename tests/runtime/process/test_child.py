"""Short-lived children; failures, timeouts and cancellation are in tests/charts/test_render.py."""

from __future__ import annotations

import sys
import threading

import pytest

from steward.runtime.process.child import ChildFailed, ShortLivedChild

ECHO = (sys.executable, "-c", "import sys; sys.stdout.buffer.write(sys.stdin.buffer.read()[::-1])")


async def test_bytes_go_in_and_come_out():
    assert await ShortLivedChild("The echo", ECHO, within=20).run(lambda: b"abc") == b"cba"


async def test_the_input_is_built_outside_the_loop():
    threads = []

    def asked():
        threads.append(threading.current_thread())
        return b""

    await ShortLivedChild("The echo", ECHO, within=20).run(asked)
    assert threads != [threading.current_thread()]


async def test_an_error_names_the_process_and_its_last_line():
    child = ShortLivedChild("The echo", (sys.executable, "-c", "raise ValueError('no voice')"), within=20)
    with pytest.raises(ChildFailed, match=r"^The echo failed: ValueError: no voice\.$"):
        await child.run(lambda: b"")


async def test_no_child_is_started_without_memory_for_it():
    child = ShortLivedChild("The echo", ("does-not-exist",), within=20, has_headroom=lambda: False)
    with pytest.raises(ChildFailed, match="short of memory"):
        await child.run(lambda: b"")
