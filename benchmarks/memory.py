"""The memory of a process."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from pathlib import Path

import psutil

from benchmarks.cpu import until_still
from benchmarks.figures import MEMORY_MARGIN, Who
from benchmarks.run import Run

MEBIBYTE = 1024 * 1024
SETTLE = 6.0  # seconds after a bot is ready, for its first counters, heartbeat and presence


@dataclass(frozen=True, slots=True)
class Memory:
    """
    One reading, in MiB.

    Attributes:
        resident: all pages in memory, shared libraries included (RSS).
        anonymous: pages without a file, the heap; None if the system does not tell.

    """

    resident: float
    anonymous: float | None


def read_memory(pid: int) -> Memory:
    """
    Read the memory of a process, exactly on Linux, else from psutil.

    Raises:
        psutil.Error: there is no such process, or we may not read it.

    """
    try:
        text = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except OSError:
        return Memory(psutil.Process(pid).memory_info().rss / MEBIBYTE, None)
    return parse_rollup(text)


def parse_rollup(text: str) -> Memory:
    """Parse the text of `smaps_rollup`: a line of addresses, then lines of `Name:   123 kB`."""
    kib = {name: int(rest.split()[0]) for name, _, rest in (line.partition(":") for line in text.splitlines()[1:])}
    return Memory(kib["Rss"] / 1024, kib["Anonymous"] / 1024)


async def settled(pid: int) -> Memory:
    """Read the memory of a bot once its start is complete."""
    await asyncio.sleep(SETTLE)
    await until_still(pid)
    return read_memory(pid)


def report(run: Run, benchmark: str, size: int, who: Who, memory: Memory, *, target: float) -> None:
    """Report a reading; `target` is in MiB resident."""
    run.found(
        f"{benchmark}.resident.{size}",
        memory.resident,
        "MiB",
        better="lower",
        target=target,
        margin=MEMORY_MARGIN,
        who=who,
    )
    if memory.anonymous is not None:
        name = f"{benchmark}.anonymous.{size}"
        run.found(name, memory.anonymous, "MiB", better="lower", margin=MEMORY_MARGIN, who=who)
