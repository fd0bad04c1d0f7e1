"""
Whether the files of an open database are still those that were opened, with nobody's writing in them but SQLite's.

SQLite goes on with a file that was deleted, moved or overwritten: it would confirm into nothing, or write into what
somebody else has put there.
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
"""Beside the file: the write-ahead log, and its index, which is memory that processes share."""

_SHARED_LOCK = 0x40000002, 510  # the bytes that readers lock (https://sqlite.org/c3ref/file_control.html, os_unix.c)

_PIECE_BYTES, _PIECES = 4096, 64


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


@dataclass(frozen=True, slots=True)
class _Written:
    """The file as SQLite has left it."""

    folded: bytes
    """What the index says of folding."""
    size: int
    mtime_ns: int
    contents: bytes
    """A hash of some of it."""


class OpenFiles:
    """
    The files of a database while it is open.

    Looking takes some microseconds: three files are looked up by name, none is read but for a few bytes in memory. The
    file itself changes only when SQLite folds the log into it (a checkpoint), whichever program does it, which is noted
    in the index before the first page is written (https://sqlite.org/walformat.html). So a file that has changed while
    the index says the same of folding was written by others. If only its time has changed (`touch`, some backup
    programs), its first page and some more are compared with what they were.

    Args:
        descriptor: of the file; None where inode numbers mean nothing, as on file systems of a network.

    """

    def __init__(self, path: Path, descriptor: int | None) -> None:
        self._path = path
        self._descriptor = descriptor
        self._beside: dict[Path, os.stat_result] = {}
        self._index: int | None = None
        self._written: _Written | None = None

    def opened(self) -> None:
        """Remember the files as they are, once the connection that writes has read."""
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
        """Remember the file as it is, if SQLite has written it since it was last remembered."""
        if self._descriptor is None or self._index is None:
            return
        folded = _folded(self._index)  # before the file is looked at: whoever changes it notes so first
        if folded is None:
            self._written = None
        elif self._written is None or self._written.folded != folded:
            there = os.fstat(self._descriptor)
            contents = _contents(self._descriptor, there.st_size)
            self._written = _Written(folded, there.st_size, there.st_mtime_ns, contents)

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
        if written is not None and self._is_overwritten(written, there, self._descriptor):
            return Loss.OVERWRITTEN
        return Loss.LOG if any(map(_is_another, self._beside.items())) else None

    def _is_overwritten(self, written: _Written, there: os.stat_result, descriptor: int) -> bool:
        if (there.st_size, there.st_mtime_ns) == (written.size, written.mtime_ns):
            return False
        if self._is_folded_since(written):
            return False
        if there.st_size == written.size and _contents(descriptor, written.size) == written.contents:
            self._written = replace(written, mtime_ns=there.st_mtime_ns)
            return False
        return not self._is_folded_since(written)  # while it was being compared

    def _is_folded_since(self, written: _Written) -> bool:
        return self._index is None or _folded(self._index) != written.folded

    @property
    def has_own_log(self) -> bool:
        """Whether the log at its place is the one in use, and not one that somebody has put there."""
        path = self._path.with_name(self._path.name + LOG)
        return path in self._beside and not _is_another((path, self._beside[path]))

    @property
    def are_local(self) -> bool:
        """Whether looking is sure not to wait for other machines."""
        return self._descriptor is not None

    @property
    def deleted(self) -> bool:
        """Whether the file has no name any more, so that it is gone with this process."""
        return self._descriptor is not None and os.fstat(self._descriptor).st_nlink == 0

    def keep_from_folding(self) -> bool:
        """
        Keep SQLite from writing the log into the file when it is closed: it is not ours any more.

        Returns:
            Whether that was possible; if not, the connection must stay open as long as the process lives.

        """
        if self._descriptor is None or sys.platform != "linux":
            return False
        import fcntl

        # A lock of this descriptor, which SQLite's own locks of this process meet like that of another one.
        reading = pack("hhqqi4x", fcntl.F_RDLCK, os.SEEK_SET, *_SHARED_LOCK, 0)
        try:
            fcntl.fcntl(self._descriptor, fcntl.F_OFD_SETLK, reading)
        except OSError:
            return False
        return True

    def close(self) -> None:
        """
        Let go of the index.

        The connections must be closed: closing any file drops what SQLite has locked in it (fcntl(2)).
        """
        if self._index is not None:
            os.close(self._index)
            self._index = None


def _folded(index: int) -> bytes | None:
    """
    Return what the index says of folding: the log's salts, and how much of it is in the file.

    None while folding is under way, or was cut short: nBackfillAttempted, noted before, is not nBackfill, noted after.
    """
    head = os.pread(index, 132, 0)
    done, begun = head[96:100], head[128:132]
    return head[32:40] + done if done == begun else None


def _contents(descriptor: int, size: int) -> bytes:
    """Return a hash of the first page and of others all over the file; of all of it where it is small."""
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
