"""Uploaded files, as on Discord's CDN."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple
from urllib.parse import quote

from steward.sim.channels.message import Message
from steward.sim.people.user import Json

# First bytes of the media types that are safe to show inline; everything else, HTML and SVG included, is a download.
_SHOWN = (
    (b"\x89PNG\r\n\x1a\n", 0, "image/png"), (b"\xff\xd8\xff", 0, "image/jpeg"), (b"GIF87a", 0, "image/gif"),
    (b"GIF89a", 0, "image/gif"), (b"WEBP", 8, "image/webp"), (b"WAVE", 8, "audio/wav"), (b"ID3", 0, "audio/mpeg"),
    (b"OggS", 0, "audio/ogg"), (b"fLaC", 0, "audio/flac"),
    (b"\x1aE\xdf\xa3", 0, "video/webm"), (b"ftyp", 4, "video/mp4"),
)  # fmt: skip


class File(NamedTuple):
    """A file; `kind` is its media type."""

    name: str
    content: bytes
    kind: str = "application/octet-stream"


def headers_for(file: File) -> dict[str, str]:
    """
    Return the response headers of a file, as on Discord's CDN.

    The media type comes from the first bytes, not the uploader; all but images, audio and video are downloads.
    """
    fits = (kind for start, place, kind in _SHOWN if file.content.startswith(start, place))
    kind = next(fits, None)
    way = "inline" if kind else "attachment"
    return {
        "Content-Type": kind or "application/octet-stream",
        "Content-Disposition": f"{way}; filename*=UTF-8''{quote(file.name, safe='', errors='replace')}",
        "X-Content-Type-Options": "nosniff",
    }


class Upload(NamedTuple):
    """A file of a multipart request; `number` is the n in `files[n]`."""

    number: int
    file: File


class Uploads:
    """
    The stored files of all messages; a deleted message's files and, above the limit, the oldest are dropped.

    `address` returns the base URL of the files.
    """

    def __init__(self, address: Callable[[], str], *, most_bytes: int) -> None:
        self._address = address
        self._most_bytes = most_bytes
        self._bytes = 0
        self._files: dict[str, File] = {}

    def keep(self, file_id: int, file: File) -> Json:
        """Store a file and return Discord's attachment object."""
        self._files[f"/attachments/{file_id}/{file.name}"] = file
        self._bytes += len(file.content)
        while self._bytes > self._most_bytes and len(self._files) > 1:
            self._drop(next(iter(self._files)))
        url = f"{self._address()}/attachments/{file_id}/{quote(file.name, errors='replace')}"
        return {
            "id": str(file_id),
            "filename": file.name,
            "size": len(file.content),
            "url": url,
            "proxy_url": url,
            "content_type": file.kind,
        }

    def at(self, path: str) -> File | None:
        """Return the file at a path below the base URL, percent-decoded."""
        return self._files.get(path)

    def forget(self, message: Message) -> None:
        """Drop the files of a deleted message."""
        for attachment in message.attachments:
            self._drop(f"/attachments/{attachment['id']}/{attachment['filename']}")

    def _drop(self, path: str) -> None:
        if (file := self._files.pop(path, None)) is not None:
            self._bytes -= len(file.content)
