"""What a process takes of memory."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import psutil

MEBIBYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Memory:
    """
    One reading, in MiB.

    Attributes:
        resident: all pages in memory, those of shared libraries included (RSS).
        anonymous: those that belong to no file: the heap; None where the system does not tell.

    """

    resident: float
    anonymous: float | None


def read_memory(pid: int) -> Memory:
    """
    Read the memory of a process: exactly where Linux tells, else what psutil knows.

    Raises:
        psutil.Error: there is no such process, or it is not ours to look at.

    """
    try:
        text = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except OSError:
        return Memory(psutil.Process(pid).memory_info().rss / MEBIBYTE, None)
    return parse_rollup(text)


def parse_rollup(text: str) -> Memory:
    """Read the text of `smaps_rollup`: a line of addresses, then `Name:   123 kB` a line."""
    kib = {name: int(rest.split()[0]) for name, _, rest in (line.partition(":") for line in text.splitlines()[1:])}
    return Memory(kib["Rss"] / 1024, kib["Anonymous"] / 1024)
