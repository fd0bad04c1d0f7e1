"""Rendering by real child processes, also failing, slow and hanging ones."""

from __future__ import annotations

import ast
import asyncio
import struct
import subprocess
import sys
import zlib

import psutil
import pytest

from steward.charts.chart import Ranking
from steward.charts.render import ChartFailed, ChartRenderer
from steward.charts.theme import DARK, LIGHT
from tests.charts.samples import empty, members

SIGNATURE = b"\x89PNG\r\n\x1a\n"
ANSWERS = "import sys; sys.stdin.buffer.read(); sys.stdout.buffer.write((1).to_bytes(4, 'big') + b'x')"
NEVER = "import time; time.sleep(600)"


def python(code: str) -> tuple[str, ...]:
    return (sys.executable, "-c", code)


def colours(png: bytes) -> tuple[int, int, set[str], int]:
    """Decode a PNG of 8-bit RGBA: its width, its height, the opaque colours in it, and the first pixel's alpha."""
    assert png.startswith(SIGNATURE)
    wide, tall, depth, kind = struct.unpack(">IIBB", png[16:26])
    assert (depth, kind) == (8, 6)
    data, at = b"", len(SIGNATURE)
    while at < len(png):
        (length,) = struct.unpack(">I", png[at : at + 4])
        if png[at + 4 : at + 8] == b"IDAT":
            data += png[at + 8 : at + 8 + length]
        at += length + 12
    raw, stride = zlib.decompress(data), wide * 4
    above, found, alpha = bytearray(stride), set(), -1
    for row in range(tall):
        start = row * (stride + 1)
        here = _unfiltered(raw[start], bytearray(raw[start + 1 : start + 1 + stride]), above)
        alpha = here[3] if alpha < 0 else alpha
        found |= {here[x : x + 3].hex() for x in range(0, stride, 4) if here[x + 3] == 255}
        above = here
    return wide, tall, {f"#{colour}" for colour in found}, alpha


def _unfiltered(kind: int, row: bytearray, above: bytearray) -> bytearray:
    for x in range(len(row)):
        left, up, corner = (row[x - 4], above[x], above[x - 4]) if x > 3 else (0, above[x], 0)
        nearest = min((left, up, corner), key=lambda value: abs(left + up - corner - value))
        row[x] = (row[x] + (0, left, up, (left + up) // 2, nearest)[kind]) % 256
    return row


async def test_charts_are_rendered_in_order_while_the_clock_stands_still(clock):
    before = clock.monotonic()
    images = await ChartRenderer().render([members(), empty()])
    assert clock.monotonic() == before
    shown = [colours(image) for image in images]
    assert [(wide, tall) for wide, tall, *_ in shown] == [(1000, 560)] * 2
    assert [alpha for *_, alpha in shown] == [0, 0]  # the corners of the card are round
    assert {DARK.card, DARK.text, DARK.series[0]} <= shown[0][2]
    assert {DARK.card, DARK.text} <= shown[1][2]
    assert DARK.series[0] not in shown[1][2]


async def test_the_caller_chooses_the_theme():
    (image,) = await ChartRenderer().render([empty()], LIGHT)
    assert {LIGHT.card, LIGHT.text} <= colours(image)[2]


async def test_names_of_every_script_are_drawn_whether_or_not_the_machine_has_their_letters():
    (image,) = await ChartRenderer().render([Ranking("家族 عربي 👩‍👩‍👧", [("日本語 \U0001f3ae", 3), ("ไทย", 2)])])
    assert image.startswith(SIGNATURE)


async def test_no_chart_needs_no_child():
    assert await ChartRenderer(child=("does-not-exist",)).render([]) == []


async def test_a_failing_child_gives_a_readable_error():
    with pytest.raises(ChartFailed, match=r"^The process that draws charts failed: ValueError: no ink\.$"):
        await ChartRenderer(child=python("raise ValueError('no ink')")).render([empty()])


async def test_a_killed_child_gives_a_readable_error():
    suicide = "import os, signal; os.kill(os.getpid(), signal.SIGKILL)"
    with pytest.raises(ChartFailed, match=r"failed: exit code -9\."):
        await ChartRenderer(child=python(suicide)).render([empty()])


async def test_incomplete_output_is_an_error():
    half = "import sys; sys.stdout.buffer.write((99).to_bytes(4, 'big') + b'x')"
    with pytest.raises(ChartFailed):
        await ChartRenderer(child=python(half)).render([empty()])


async def test_a_child_that_cannot_start_gives_a_readable_error():
    with pytest.raises(ChartFailed, match="could not be started"):
        await ChartRenderer(child=("does-not-exist",)).render([empty()])


async def test_a_hanging_child_is_killed():
    before = psutil.Process().children()  # a browser of the tests of the page, perhaps
    with pytest.raises(ChartFailed, match=r"took longer than 0\.3 seconds"):
        await ChartRenderer(within=0.3, child=python(NEVER)).render([empty()])
    assert psutil.Process().children() == before


@pytest.mark.real_time
async def test_cancelling_kills_the_child_and_allows_the_next():
    before = psutil.Process().children()
    renderer = ChartRenderer(child=python(NEVER))
    call = asyncio.create_task(renderer.render([empty()]))
    while psutil.Process().children() == before:
        await asyncio.sleep(0.01)
    waiting = asyncio.create_task(renderer.render([empty()]))
    await asyncio.sleep(0)
    waiting.cancel()
    call.cancel()
    for task in (call, waiting):
        with pytest.raises(asyncio.CancelledError):
            await task
    assert psutil.Process().children() == before


async def test_one_child_at_a_time(tmp_path):
    """Each child says when it begins and ends; the next begins after."""
    diary = tmp_path / "diary"
    says = f"open({str(diary)!r}, 'a').write"
    child = python(f"{says}('begin '); {ANSWERS}; import time; time.sleep(0.1); {says}('end ')")
    renderer = ChartRenderer(child=child)
    await asyncio.gather(*(renderer.render([empty()]) for _ in range(3)))
    assert diary.read_text() == "begin end " * 3


def test_the_bot_never_loads_the_renderer():
    """After an image was drawn, neither resvg nor its font package is in the process that asked."""
    code = (
        "import asyncio, sys; from steward.charts.render import ChartRenderer\n"
        "from tests.charts.samples import empty\n"
        "assert len(asyncio.run(ChartRenderer().render([empty()]))) == 1\n"
        "print([name for name in sys.modules if name.startswith(('resvg', 'fontpkg'))])"
    )
    done = subprocess.run(python(code), capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.strip() == "[]"


def test_the_child_loads_nothing_else_of_steward():
    code = "import sys, steward.charts.__main__; print(sorted(sys.modules))"
    done = subprocess.run(python(code), capture_output=True, text=True, check=True, timeout=60)
    loaded = [name for name in ast.literal_eval(done.stdout) if name.startswith(("steward", "asyncio", "dataclasses"))]
    assert loaded == ["steward", "steward.charts", "steward.charts.__main__"]


def test_samples_are_written_in_both_themes(tmp_path):
    command = (sys.executable, "-m", "tests.charts.samples", str(tmp_path / "new"))
    subprocess.run(command, check=True, timeout=60)
    names = {path.name for path in (tmp_path / "new").iterdir()}
    assert {"members-dark.png", "members-light.svg"} <= names
