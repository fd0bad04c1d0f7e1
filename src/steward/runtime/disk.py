"""How full the disk is, and putting things on it for certain."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class DiskUsage:
    """
    One reading of a file system, in bytes.

    Attributes:
        used: what is taken.
        free: what this user may still take; with `used` less than the whole where some is reserved for root.

    """

    used: int
    free: int


def disk_usage(path: Path) -> DiskUsage | None:
    """Return how full the file system is that holds an existing file or folder; None where it cannot be told."""
    try:
        found = shutil.disk_usage(path)
    except OSError:
        return None
    return DiskUsage(found.used, found.free)


def sync(path: Path) -> None:
    """Have the operating system put a file, or the entries of a folder, on the disk."""
    if path.is_dir() and os.name == "nt":
        return  # Windows cannot open folders for syncing; its file systems log renames themselves
    descriptor = os.open(path, os.O_RDWR if path.is_file() else os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
