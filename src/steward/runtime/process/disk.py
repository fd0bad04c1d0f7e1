"""Disk usage, write errors, and durable writes."""

from __future__ import annotations

import errno
import os
import shutil
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from steward.errors import NeedsOperator, NotReady, StewardError

MEGABYTE = 1_000_000
"""Decimal, as in `df -H`."""

FEW_FILES = 1000
"""With fewer free inodes, the file system is about to run out of them."""

FULL = frozenset({errno.ENOSPC, errno.EDQUOT})
"""No space, no inodes, or the user's quota is used up."""

PASSING = frozenset({errno.EIO, errno.EAGAIN, errno.EINTR, errno.EBUSY, errno.ETIMEDOUT, errno.ENOMEM, errno.ENFILE})
"""Errors that may be transient."""


@dataclass(frozen=True, slots=True)
class DiskUsage:
    """
    Usage of a file system, in bytes.

    Attributes:
        used: by all users.
        free: available to this user; less than the rest if some is reserved for root.
        files: free inodes; None if the file system does not count them.

    """

    used: int
    free: int
    files: int | None = None


def disk_usage(path: Path) -> DiskUsage | None:
    """Return the usage of the file system of an existing path; None if unknown."""
    try:
        if os.name == "nt":
            drive = shutil.disk_usage(path)
            return DiskUsage(drive.used, drive.free)
        found = os.statvfs(path)
    except OSError:
        return None
    block = found.f_frsize
    files = found.f_favail if found.f_files else None  # btrfs and others allocate inodes on demand
    return DiskUsage((found.f_blocks - found.f_bfree) * block, found.f_bavail * block, files)


def free_space(path: Path) -> str:
    """Return a clause on the free space at an existing path, for people."""
    usage = disk_usage(path)
    if usage is None:
        return "its free space is not known"
    if usage.files == 0:
        return f"{usage.free / MEGABYTE:.1f} MB are free, but it has no room for one more file"
    return f"{usage.free / MEGABYTE:.1f} MB are free"


def write_fault(folder: Path) -> OSError | None:
    """
    Write a small file to a folder; return the error, or None.

    SQLite reports a used-up quota, missing inodes and a broken disk all as an I/O error.
    """
    probe = folder / f".steward-probe-{uuid4().hex}"
    try:
        with probe.open("xb", buffering=0) as file:
            file.write(bytes(4096))
            os.fsync(file.fileno())
    except OSError as error:
        return error
    finally:
        with suppress(OSError):
            probe.unlink()
    return None


def unwritable(sentence: str, place: Path, error: OSError, *, remedy: str) -> StewardError:
    """
    Return the error to raise for a failed write: NotReady if the disk is full or the error may be transient.

    Args:
        sentence: what failed, without a full stop.
        place: an existing folder on that disk.
        remedy: for other errors.

    """
    if error.errno in FULL:
        return NotReady(f"{sentence}: the disk is full ({free_space(place)}).", remedy="Free some space.")
    said = f"{sentence}: {error.strerror or error}."
    if error.errno in PASSING:
        return NotReady(said, remedy="Look at the disk if it stays so.")
    return NeedsOperator(said, remedy=remedy)


def make_private(path: Path) -> None:
    """
    Create an empty file that only its owner can read and write, whatever the umask.

    Raises:
        FileExistsError: it exists.
        OSError: it cannot be created.

    """
    os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))


def sync(path: Path) -> None:
    """Flush a file, or the entries of a folder, to disk."""
    if path.is_dir() and os.name == "nt":
        return  # Windows cannot sync folders; its file systems journal renames
    descriptor = os.open(path, os.O_RDWR if path.is_file() else os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def nearest_existing(path: Path) -> Path:
    """Return `path`, or its nearest parent that exists and is accessible."""
    whole = path.absolute()
    # `Path.exists` raises if a parent is not accessible.
    return next((place for place in (whole, *whole.parents) if os.path.exists(place)), whole)  # noqa: PTH110
