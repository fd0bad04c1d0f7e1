"""Uploaded files, as Discord's CDN has them."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple
from urllib.parse import quote

from steward.sim.message import Message
from steward.sim.user import Json


class File(NamedTuple):
    """A file; `kind` is its media type."""

    name: str
    content: bytes
    kind: str = "application/octet-stream"


class Upload(NamedTuple):
    """A file of a multipart request; `number` is the n of `files[n]`."""

    number: int
    file: File


class Uploads:
    """
    The files of all messages, as far as they are kept: a deleted message's are not, and of too many the oldest go.

    Args:
        address: returns the base of their URLs.
        most_bytes: how many bytes are kept.

    """

    def __init__(self, address: Callable[[], str], *, most_bytes: int) -> None:
        self._address = address
        self._most_bytes = most_bytes
        self._bytes = 0
        self._files: dict[str, File] = {}

    def keep(self, file_id: int, file: File) -> Json:
        """Keep a file and return Discord's attachment object."""
        self._files[f"/attachments/{file_id}/{file.name}"] = file
        self._bytes += len(file.content)
        while self._bytes > self._most_bytes and len(self._files) > 1:
            self._drop(next(iter(self._files)))
        url = f"{self._address()}/attachments/{file_id}/{quote(file.name)}"
        return {
            "id": str(file_id),
            "filename": file.name,
            "size": len(file.content),
            "url": url,
            "proxy_url": url,
            "content_type": file.kind,
        }

    def at(self, path: str) -> File | None:
        """Return the file at a path below the base, percent signs decoded."""
        return self._files.get(path)

    def forget(self, message: Message) -> None:
        """Drop the files of a message that is no more."""
        for attachment in message.attachments:
            self._drop(f"/attachments/{attachment['id']}/{attachment['filename']}")

    def _drop(self, path: str) -> None:
        if (file := self._files.pop(path, None)) is not None:
            self._bytes -= len(file.content)
