"""
Detect whether the files of an open database were moved, replaced or changed by anything but SQLite.

SQLite goes on with a file that was deleted, moved or overwritten: it would confirm commits that are lost, or write
into a foreign file.
"""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from dataclasses import dataclass, replace
from enum import Enum, auto
from hashlib import blake2b
from pathlib import Path
from struct import pack

LOG, INDEX = "-wal", "-shm"
"""Suffixes of the write-ahead log, and of its index, which is memory shared by processes."""

_SHARED_LOCK = 0x40000002, 510  # the bytes that readers lock (https://sqlite.org/c3ref/file_control.html, os_unix.c)

_PIECE_BYTES, _PIECES = 4096, 64


class Loss(Enum):
    """What happened to the files of an open database."""

    GONE = auto()
    """There is no file at its path."""
    REPLACED = auto()
    """Another file is at its path."""
    OVERWRITTEN = auto()
    """The file was written or truncated by something other than SQLite."""
    LOG = auto()
    """The log or its index is not the one in use: other processes, and the next start, would not see its content."""


@dataclass(frozen=True, slots=True)
class _Written:
    """The file as SQLite has last written it."""

    record: bytes
    """The index's record of checkpoints."""
    size: int
    mtime_ns: int
    contents: bytes
    """A hash of some pages."""


class OpenFiles:
    """
    The files of a database while it is open.

    A check takes some microseconds: it looks up three files by name and reads a few bytes of shared memory. The
    database file itself changes only at a checkpoint, by whichever program, and a checkpoint is recorded in the index
    before its first page is written (https://sqlite.org/walformat.html). So a file that has changed under an unchanged
    record was written by something else. If only its time has changed (`touch`, some backup programs), a sample of its
    pages is compared.

    Args:
        descriptor: of the file; None where inode numbers mean nothing, as on network file systems.

    """

    def __init__(self, path: Path, descriptor: int | None) -> None:
        self._path = path
        self._descriptor = descriptor
        self._beside: dict[Path, os.stat_result] = {}
        self._index: int | None = None
        self._written: _Written | None = None

    def opened(self) -> None:
        """Remember the state of the files, after the writing connection has read."""
        self.close()
        self._beside = {}
        self._written = None
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
        """Remember the state of the file, if SQLite has written it since the last time."""
        if self._descriptor is None or self._index is None:
            return
        record = _checkpoint_record(self._index)  # before the file, since a change is recorded in this order
        if record is None:
            self._written = None
        elif self._written is None or self._written.record != record:
            there = os.fstat(self._descriptor)
            contents = _contents(self._descriptor, there.st_size)
            self._written = _Written(record, there.st_size, there.st_mtime_ns, contents)

    def loss(self) -> Loss | None:
        """Return what is wrong with the files; None if nothing is. Works in any thread."""
        written = self._written
        try:
            there = self._path.stat()
        except (FileNotFoundError, NotADirectoryError):
            return Loss.GONE
        except OSError:  # it cannot be checked: SQLite will raise an error, or go on
            return None
        if self._descriptor is None:
            return None
        if not os.path.samestat(there, os.fstat(self._descriptor)):
            return Loss.REPLACED
        if written is not None and self._is_overwritten(written, there, self._descriptor):
            return Loss.OVERWRITTEN
        return Loss.LOG if any(map(_is_another, self._beside.items())) else None

    def _is_overwritten(self, written: _Written, there: os.stat_result, descriptor: int) -> bool:
        if (there.st_size, there.st_mtime_ns) == (written.size, written.mtime_ns):
            return False
        if self._is_checkpointed_since(written):
            return False
        if there.st_size == written.size and _contents(descriptor, written.size) == written.contents:
            self._written = replace(written, mtime_ns=there.st_mtime_ns)
            return False
        return not self._is_checkpointed_since(written)  # a checkpoint may have run during the comparison

    def _is_checkpointed_since(self, written: _Written) -> bool:
        return self._index is None or _checkpoint_record(self._index) != written.record

    @property
    def has_own_log(self) -> bool:
        """Whether the log at its path is the one in use, not a foreign one."""
        path = self._path.with_name(self._path.name + LOG)
        return path in self._beside and not _is_another((path, self._beside[path]))

    @property
    def are_local(self) -> bool:
        """Whether a check never waits for other machines."""
        return self._descriptor is not None

    @property
    def deleted(self) -> bool:
        """Whether the file was deleted, so that its content ends with this process."""
        return self._descriptor is not None and os.fstat(self._descriptor).st_nlink == 0

    def prevent_checkpoint(self) -> bool:
        """
        Keep SQLite from checkpointing the log into the file at closing, because the file is not ours any more.

        Returns:
            Whether that succeeded; if not, the connection must stay open as long as the process lives.

        """
        if self._descriptor is None or sys.platform != "linux":
            return False
        import fcntl

        # A lock of this descriptor: SQLite's own locks in this process conflict with it like with another process's.
        reading = pack("hhqqi4x", fcntl.F_RDLCK, os.SEEK_SET, *_SHARED_LOCK, 0)
        try:
            fcntl.fcntl(self._descriptor, fcntl.F_OFD_SETLK, reading)
        except OSError:
            return False
        return True

    def close(self) -> None:
        """
        Close the index.

        The connections must be closed before: closing any file drops SQLite's locks on it (fcntl(2)).
        """
        if self._index is not None:
            os.close(self._index)
            self._index = None


def _checkpoint_record(index: int) -> bytes | None:
    """
    Return the index's record of checkpoints: the log's salts, and how much of it is in the file.

    None if a checkpoint is running or was interrupted: nBackfillAttempted, written before, differs from nBackfill,
    written after.
    """
    head = os.pread(index, 132, 0)
    done, begun = head[96:100], head[128:132]
    return head[32:40] + done if done == begun else None


def _contents(descriptor: int, size: int) -> bytes:
    """Return a hash of the first page and of others spread over the file; of the whole file if it is small."""
    found = blake2b(digest_size=16)
    step = max(1, -(-size // _PIECE_BYTES) // _PIECES) * _PIECE_BYTES
    for offset in range(0, size, step):
        found.update(os.pread(descriptor, _PIECE_BYTES, offset))
    return found.digest()


def _is_another(known: tuple[Path, os.stat_result]) -> bool:
    path, before = known
    try:
        return not os.path.samestat(path.stat(), before)
    except (FileNotFoundError, NotADirectoryError):
        return True
    except OSError:
        return False
