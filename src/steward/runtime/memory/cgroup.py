"""The container's memory limit from cgroups: version 1, version 2, nested."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path, PurePosixPath

CGROUPS = "sys/fs/cgroup"
UNLIMITED = 1 << 60  # version 1 encodes "no limit" as the largest multiple of a page, near 1 << 63


def container_limit(root: Path = Path("/")) -> int | None:
    """
    Return this process's memory limit in bytes; None if there is none or it is unknown.

    Of nested groups, the lowest limit counts. The host's memory is no limit.

    Args:
        root: parent of `proc` and `sys`; differs in tests.

    """
    limits = [limit for file in _files(root) if (limit := _read(file)) is not None]
    return min(limits, default=None)


def _files(root: Path) -> Iterator[Path]:
    """Yield the files that may hold our limit, from the group up to the mount."""
    try:
        lines = (root / "proc/self/cgroup").read_text().splitlines()
    except OSError:
        lines = []
    mount = root / CGROUPS
    for line in lines:
        _, controllers, path = line.split(":", 2) if line.count(":") >= 2 else ("", "?", "")  # noqa: PLR2004
        if controllers == "":  # version 2, possibly beside version 1
            yield from _upwards(mount, path, "memory.max")
            yield from _upwards(mount / "unified", path, "memory.max")
        elif "memory" in controllers.split(","):
            yield from _upwards(mount / "memory", path, "memory.limit_in_bytes")
    # In a container its own group is often mounted as the root, whatever its path on the host.
    yield mount / "memory.max"
    yield mount / "memory/memory.limit_in_bytes"


def _upwards(mount: Path, path: str, name: str) -> Iterator[Path]:
    group = PurePosixPath(path.lstrip("/"))
    if ".." in group.parts:  # outside this namespace
        return
    for folder in (group, *group.parents):
        yield mount / folder / name


def _read(file: Path) -> int | None:
    try:
        limit = int(file.read_text())
    except (OSError, ValueError):  # missing, or "max"
        return None
    return limit if 0 < limit < UNLIMITED else None
