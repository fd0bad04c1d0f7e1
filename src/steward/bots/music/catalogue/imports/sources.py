"""Lines of a file, packed or not, and of each file in an archive; never more than a piece of it in memory."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import IO, BinaryIO, NamedTuple, cast

from steward.bots.music.catalogue.imports.problems import UnreadableFile

HEAD = 1 << 16
"""Bytes at the beginning of a file by which it is recognised."""
LONGEST_LINE = 1 << 20
"""Bytes; a longer line is none of these formats."""
AT_ONCE = 1 << 16
_TAR_MARK = slice(257, 262)


class SourceLine(NamedTuple):
    """
    A line.

    Attributes:
        number: of the line, from 1.
        end: how many bytes of the file, unpacked, are done with it.
        content: None for one that is too long.

    """

    number: int
    end: int
    content: bytes | None


class SourceFile:
    """
    A file, or one in an archive: its beginning, then its lines.

    Attributes:
        index: its place in the archive.
        head: its first bytes; the lines begin with them.

    """

    def __init__(self, index: int, name: str, stream: IO[bytes]) -> None:
        self.index = index
        self.name = name
        self.head = stream.read(HEAD)
        self._stream = io.BufferedReader(_HeadFirst(self.head, stream), AT_ONCE)

    def lines(self, place: int = 0, number: int = 0) -> Iterator[SourceLine]:
        """
        Yield the lines.

        Args:
            place: bytes that are passed over, which end with a line.
            number: of the last line in them.

        """
        stream, left = self._stream, place
        while left > 0 and (passed := len(stream.read(min(left, AT_ONCE)))):
            left -= passed
        while line := stream.readline(LONGEST_LINE):
            place += len(line)
            number += 1
            content: bytes | None = line
            while not line.endswith(b"\n") and len(line) == LONGEST_LINE:
                content = None
                line = stream.readline(LONGEST_LINE)
                place += len(line)
            yield SourceLine(number, place, content)


class _HeadFirst(io.RawIOBase):
    """A stream whose beginning was read already: some can't go back."""

    def __init__(self, head: bytes, stream: IO[bytes]) -> None:
        self._head = memoryview(head)
        self._stream = stream

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        content: bytes | memoryview = self._head[: len(buffer)] or self._stream.read(len(buffer))
        self._head = self._head[len(content) :]
        buffer[: len(content)] = content
        return len(content)


class ImportSource:
    """
    A file to be imported.

    Attributes:
        is_archive: whether it has files in it.

    """

    def __init__(self, raw: BinaryIO, name: str) -> None:
        self._raw = raw
        self._name = name
        self.is_archive = False

    @property
    def read_bytes(self) -> int:
        """How many bytes of the file are read, packed as it is."""
        return self._raw.tell()

    def files(self) -> Iterator[SourceFile]:
        """
        Yield the files in it, or itself; each is read before the next is asked for.

        Raises:
            UnreadableFile: it is empty, cut off, damaged, or packed in a way that this Python can't unpack.

        """
        with _explained(), _unpacked(self._raw) as stream:
            mark = stream.read(512)
            stream.seek(0)
            self.is_archive = mark[_TAR_MARK] == b"ustar"
            if self.is_archive:
                yield from _in_archive(stream)
            else:
                yield SourceFile(0, self._name, stream)


def _in_archive(stream: IO[bytes]) -> Iterator[SourceFile]:
    import tarfile

    with tarfile.open(fileobj=stream, mode="r|") as archive:
        for index, member in enumerate(archive):
            content = archive.extractfile(member) if member.isfile() else None
            if content is not None:
                yield SourceFile(index, member.name, content)
            archive.members.clear()  # type: ignore[attr-defined]  # it would remember all of them


def _unpacked(raw: BinaryIO) -> AbstractContextManager[IO[bytes]]:
    """Return the content of a file, unpacked as its first bytes say."""
    mark = raw.read(6)
    raw.seek(0)
    if mark.startswith(b"\x1f\x8b"):
        import gzip

        return cast("IO[bytes]", gzip.GzipFile(fileobj=raw))
    if mark.startswith(b"BZh"):
        import bz2

        return bz2.BZ2File(raw)
    if mark == b"\xfd7zXZ\x00":
        import lzma

        return lzma.LZMAFile(raw)
    if mark.startswith(b"\x28\xb5\x2f\xfd"):
        return _from_zstd(raw)
    if mark.startswith(b"PK\x03\x04"):
        raise UnreadableFile("is a ZIP archive.", "Unpack it, and name the files in it.")
    return nullcontext(raw)


def _from_zstd(raw: BinaryIO) -> IO[bytes]:
    try:
        from compression import zstd  # type: ignore[import-not-found, unused-ignore]
    except ImportError:
        raise UnreadableFile(
            "is packed with zstd, which Python unpacks from 3.14 on.", "Unpack it with `zstd -d FILE`."
        ) from None
    return cast("IO[bytes]", zstd.ZstdFile(raw))


@contextmanager
def _explained() -> Iterator[None]:
    """Explain what unpacking says of a file that is cut off or damaged."""
    import tarfile
    import zlib

    try:
        from lzma import LZMAError
    except ImportError:  # a Python without it reads no such file
        LZMAError = EOFError  # type: ignore[misc, assignment]  # noqa: N806
    try:
        yield
    except EOFError as error:
        raise UnreadableFile("is cut off: its end is missing.", "Download it again.") from error
    except (tarfile.TarError, zlib.error, LZMAError, OSError) as error:
        if isinstance(error, OSError) and error.errno is not None:
            raise UnreadableFile(f"can't be read ({error.strerror}).") from error
        raise UnreadableFile(f"is damaged ({error}).", "Download it again.") from error
