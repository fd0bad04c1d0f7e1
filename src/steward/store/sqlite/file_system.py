"""Which file system a database lies on, and whether it keeps SQLite's write-ahead log."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

# File systems without the locks and shared memory that SQLite's write-ahead log needs (https://sqlite.org/wal.html).
NETWORKED = ("nfs", "cifs", "smb", "virtiofs", "9p", "fuse.", "vboxsf", "prl_fs", "drvfs", "ceph", "glusterfs", "afs")
MOUNTINFO = Path("/proc/self/mountinfo")
_PLACE = 4  # of the mount point among the fields of a line


class Mount(NamedTuple):
    """Where a file system begins, and its type, such as `ext4`."""

    mountpoint: str
    fstype: str


def mounts_in(mountinfo: str) -> list[Mount]:
    """Read the text of `/proc/self/mountinfo` (proc_pid_mountinfo(5)); a line that is none is passed over."""
    found = []
    for line in mountinfo.splitlines():
        before, separator, after = line.partition(" - ")
        fields, types = before.split(), after.split()
        if separator and len(fields) > _PLACE and types:
            place = re.sub(r"\\([0-7]{3})", lambda match: chr(int(match[1], 8)), fields[_PLACE])  # a space is \040
            found.append(Mount(place, types[0]))
    return found


def mounts_here() -> list[Mount]:
    """Return what is mounted; nothing where the system does not tell."""
    try:
        return mounts_in(MOUNTINFO.read_text(errors="replace"))
    except OSError:
        return []


def file_system_of(path: Path, mounts: Iterable[Mount]) -> str | None:
    """Return the type of the file system that holds a path, which need not exist; None where nothing tells."""
    place = path.resolve()
    holding = [mount for mount in mounts if place.is_relative_to(mount.mountpoint)]
    # Of several at the same place, the last one covers those before.
    return max(reversed(holding), key=lambda mount: len(mount.mountpoint)).fstype.lower() if holding else None


def is_networked(fstype: str | None) -> bool:
    """Tell whether others may have the same files, so that SQLite cannot share memory about them."""
    return fstype is not None and fstype.startswith(NETWORKED)
