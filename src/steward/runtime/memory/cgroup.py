"""How much memory the container may take, as the kernel's control groups say: version 1, version 2, nested."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path, PurePosixPath

CGROUPS = "sys/fs/cgroup"
UNLIMITED = 1 << 60  # version 1 writes "no limit" as the largest multiple of a page, near 1 << 63


def container_limit(root: Path = Path("/")) -> int | None:
    """
    Return the bytes that this process's control groups allow it; None where nothing limits it, or nobody tells.

    A group within others is held by each of them, so the least counts. The host's memory is never taken for a limit.

    Args:
        root: where `proc` and `sys` are; another than `/` in tests.

    """
    limits = [limit for file in _files(root) if (limit := _read(file)) is not None]
    return min(limits, default=None)


def _files(root: Path) -> Iterator[Path]:
    """Yield the files that may hold a limit of ours, from the group itself up to the mount."""
    try:
        lines = (root / "proc/self/cgroup").read_text().splitlines()
    except OSError:
        lines = []
    mount = root / CGROUPS
    for line in lines:
        _, controllers, path = line.split(":", 2) if line.count(":") >= 2 else ("", "?", "")  # noqa: PLR2004
        if controllers == "":  # version 2, beside version 1 perhaps
            yield from _upwards(mount, path, "memory.max")
            yield from _upwards(mount / "unified", path, "memory.max")
        elif "memory" in controllers.split(","):
            yield from _upwards(mount / "memory", path, "memory.limit_in_bytes")
    # Within a container its own group is often mounted as the whole tree, whatever path the host knows it by.
    yield mount / "memory.max"
    yield mount / "memory/memory.limit_in_bytes"


def _upwards(mount: Path, path: str, name: str) -> Iterator[Path]:
    group = PurePosixPath(path.lstrip("/"))
    if ".." in group.parts:  # outside of what this namespace shows
        return
    for folder in (group, *group.parents):
        yield mount / folder / name


def _read(file: Path) -> int | None:
    try:
        limit = int(file.read_text())
    except (OSError, ValueError):  # not there, or "max"
        return None
    return limit if 0 < limit < UNLIMITED else None
