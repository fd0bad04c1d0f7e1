"""How full the disk is, why it takes nothing more, and putting things on it for certain."""

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
"""As disks are sold and as `df -H` counts."""

FEW_FILES = 1000
"""With room for fewer new files, a file system without free inodes is near."""

FULL = frozenset({errno.ENOSPC, errno.EDQUOT})
"""No space, no room for one more file, or this user's quota used up."""

PASSING = frozenset({errno.EIO, errno.EAGAIN, errno.EINTR, errno.EBUSY, errno.ETIMEDOUT, errno.ENOMEM, errno.ENFILE})
"""What a disk or a system in trouble says, and may say no longer in a moment."""


@dataclass(frozen=True, slots=True)
class DiskUsage:
    """
    One reading of a file system, in bytes.

    Attributes:
        used: what is taken.
        free: what this user may still take; with `used` less than the whole where some is reserved for root.
        files: how many more files this user may make; None where the file system does not count them.

    """

    used: int
    free: int
    files: int | None = None


def disk_usage(path: Path) -> DiskUsage | None:
    """Return how full the file system is that holds an existing file or folder; None where it cannot be told."""
    try:
        if os.name == "nt":
            drive = shutil.disk_usage(path)
            return DiskUsage(drive.used, drive.free)
        found = os.statvfs(path)
    except OSError:
        return None
    block = found.f_frsize
    files = found.f_favail if found.f_files else None  # btrfs and others make room for files as they are made
    return DiskUsage((found.f_blocks - found.f_bfree) * block, found.f_bavail * block, files)


def free_space(path: Path) -> str:
    """Return, for people, what is free on the file system of an existing file or folder."""
    usage = disk_usage(path)
    if usage is None:
        return "its free space is not known"
    if usage.files == 0:
        return f"{usage.free / MEGABYTE:.1f} MB are free, but it has no room for one more file"
    return f"{usage.free / MEGABYTE:.1f} MB are free"


def write_fault(folder: Path) -> OSError | None:
    """
    Return what the system says to a new file of a few bytes in an existing folder; None where it takes it.

    SQLite tells a spent quota, a file system without room for one more file and a broken disk all as an I/O error.
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
    Return what to say of a place that cannot be written: a full disk is called one, what may pass may be tried again.

    Args:
        sentence: what cannot be done, without a full stop.
        place: an existing folder where it cannot be done, or near it.
        remedy: what helps where it is neither.

    """
    if error.errno in FULL:
        return NotReady(f"{sentence}: the disk is full ({free_space(place)}).", remedy="Free some space.")
    said = f"{sentence}: {error.strerror or error}."
    if error.errno in PASSING:
        return NotReady(said, remedy="Look at the disk if it stays so.")
    return NeedsOperator(said, remedy=remedy)


def make_private(path: Path) -> None:
    """
    Make an empty file that only its owner reads and writes, whatever the process's umask.

    Raises:
        FileExistsError: there is one.
        OSError: it cannot be made.

    """
    os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))


def sync(path: Path) -> None:
    """Have the operating system put a file, or the entries of a folder, on the disk."""
    if path.is_dir() and os.name == "nt":
        return  # Windows cannot open folders for syncing; its file systems log renames themselves
    descriptor = os.open(path, os.O_RDWR if path.is_file() else os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def nearest_existing(path: Path) -> Path:
    """Return `path`, or the nearest folder above that exists and may be looked into."""
    whole = path.absolute()
    # `Path.exists` raises where a folder above may not be entered.
    return next((place for place in (whole, *whole.parents) if os.path.exists(place)), whole)  # noqa: PTH110
