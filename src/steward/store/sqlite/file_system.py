"""The file system of a database, and whether it supports SQLite's write-ahead log."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

# File systems without the locks and shared memory that SQLite's write-ahead log needs (https://sqlite.org/wal.html).
NETWORKED = ("nfs", "cifs", "smb", "virtiofs", "9p", "fuse.", "vboxsf", "prl_fs", "drvfs", "ceph", "glusterfs", "afs")
MOUNTINFO = Path("/proc/self/mountinfo")
_PLACE = 4  # the field of the mount point in a line


class Mount(NamedTuple):
    """A mount point and its file system's type, such as `ext4`."""

    mountpoint: str
    fstype: str


def mounts_in(mountinfo: str) -> list[Mount]:
    """Parse the text of `/proc/self/mountinfo` (proc_pid_mountinfo(5)), ignoring malformed lines."""
    found = []
    for line in mountinfo.splitlines():
        before, separator, after = line.partition(" - ")
        fields, types = before.split(), after.split()
        if separator and len(fields) > _PLACE and types:
            place = re.sub(r"\\([0-7]{3})", lambda match: chr(int(match[1], 8)), fields[_PLACE])  # a space is \040
            found.append(Mount(place, types[0]))
    return found


def mounts_here() -> list[Mount]:
    """Return the mounted file systems; empty if the system does not tell."""
    try:
        return mounts_in(MOUNTINFO.read_text(errors="replace"))
    except OSError:
        return []


def file_system_of(path: Path, mounts: Iterable[Mount]) -> str | None:
    """Return the type of the file system for a path, which need not exist; None if unknown."""
    place = path.resolve()
    holding = [mount for mount in mounts if place.is_relative_to(mount.mountpoint)]
    # Of several at the same mount point, the last one covers the others.
    return max(reversed(holding), key=lambda mount: len(mount.mountpoint)).fstype.lower() if holding else None


def is_networked(fstype: str | None) -> bool:
    """Tell whether other machines may use the same files, so that SQLite cannot share memory about them."""
    return fstype is not None and fstype.startswith(NETWORKED)
