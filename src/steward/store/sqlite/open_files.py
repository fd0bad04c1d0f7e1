"""
Whether the files of an open database are still those that were opened, with nobody's writing in them but SQLite's.

SQLite goes on with a file that was deleted, moved or overwritten: it would confirm into nothing, or write into what
somebody else has put there.
"""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from enum import Enum, auto
from pathlib import Path
from struct import pack

LOG, INDEX = "-wal", "-shm"
"""Beside the file: the write-ahead log, and its index, which is memory that processes share."""

_SHARED_LOCK = 0x40000002, 510  # the bytes that readers lock (https://sqlite.org/c3ref/file_control.html, os_unix.c)


class Loss(Enum):
    """What became of the files of an open database."""

    GONE = auto()
    """There is no file at its place."""
    REPLACED = auto()
    """Another file is at its place."""
    OVERWRITTEN = auto()
    """The file was written, or cut short, by something else than SQLite."""
    LOG = auto()
    """The log or its index is not the one in use: another process, or the next start, would not see what is in it."""


class OpenFiles:
    """
    The files of a database while it is open.

    Looking takes some microseconds: three files are looked up by name, none is read but for a few bytes in memory. The
    file itself changes only when SQLite folds the log into it, which it notes in the index first
    (https://sqlite.org/walformat.html); so a file that has changed while its index has not was written by others.

    Args:
        path: the file.
        descriptor: of the file; None where inode numbers mean nothing, as on file systems of a network.

    """

    def __init__(self, path: Path, descriptor: int | None) -> None:
        self._path = path
        self._descriptor = descriptor
        self._beside: dict[Path, os.stat_result] = {}
        self._index: int | None = None
        self._written: tuple[bytes, int, int] | None = None

    def opened(self) -> None:
        """Remember the files as they are, once the connection that writes has read."""
        self.close()
        self._beside = {}
        if self._descriptor is None:
            return
        for suffix in (LOG, INDEX):
            path = self._path.with_name(self._path.name + suffix)
            with suppress(FileNotFoundError):
                self._beside[path] = path.stat()
                if suffix == INDEX:
                    self._index = os.open(path, os.O_RDONLY)
        self.committed()

    def committed(self) -> None:
        """Remember the file as our own commit has left it."""
        if self._descriptor is not None and self._index is not None:
            noted = self._noted(self._index)  # before the file is looked at: whatever changes it notes so first
            there = os.fstat(self._descriptor)
            self._written = noted, there.st_size, there.st_mtime_ns

    def loss(self) -> Loss | None:
        """Return what is wrong with the files; None when all is well. In any thread."""
        written = self._written
        try:
            there = self._path.stat()
        except (FileNotFoundError, NotADirectoryError):
            return Loss.GONE
        except OSError:  # it cannot be looked at: SQLite will say why, or go on
            return None
        if self._descriptor is None:
            return None
        if not os.path.samestat(there, os.fstat(self._descriptor)):
            return Loss.REPLACED
        if (
            written is not None
            and self._index is not None
            and written[1:] != (there.st_size, there.st_mtime_ns)
            and written[0] == self._noted(self._index)
        ):
            return Loss.OVERWRITTEN
        return Loss.LOG if any(map(_is_another, self._beside.items())) else None

    @property
    def deleted(self) -> bool:
        """Whether the file has no name any more, so that it is gone with this process."""
        return self._descriptor is not None and os.fstat(self._descriptor).st_nlink == 0

    def keep_from_folding(self) -> None:
        """Keep SQLite from writing the log into the file when it is closed: it is not ours any more."""
        if self._descriptor is None or sys.platform != "linux":
            return
        import fcntl

        # A lock of this descriptor, which SQLite's own locks of this process meet like that of another one.
        reading = pack("hhqqi4x", fcntl.F_RDLCK, os.SEEK_SET, *_SHARED_LOCK, 0)
        with suppress(OSError):
            fcntl.fcntl(self._descriptor, fcntl.F_OFD_SETLK, reading)

    def close(self) -> None:
        """
        Let go of the index.

        The connections must be closed: closing any file drops what SQLite has locked in it (fcntl(2)).
        """
        if self._index is not None:
            os.close(self._index)
            self._index = None

    @staticmethod
    def _noted(index: int) -> bytes:
        """Return what the index says of commits and of folding, without the marks of readers that stand between."""
        head = os.pread(index, 132, 0)
        return head[:100] + head[128:]


def _is_another(known: tuple[Path, os.stat_result]) -> bool:
    path, before = known
    try:
        return not os.path.samestat(path.stat(), before)
    except (FileNotFoundError, NotADirectoryError):
        return True
    except OSError:
        return False
