"""Uploaded files, as Discord's CDN has them."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple
from urllib.parse import quote


class Upload(NamedTuple):
    """A file; `number` is the n of `files[n]` in a multipart request."""

    number: int
    name: str
    kind: str
    content: bytes


class Uploads:
    """
    The files of all messages.

    Args:
        address: returns the base of their URLs.

    """

    def __init__(self, address: Callable[[], str]) -> None:
        self._address = address
        self._files: dict[str, Upload] = {}

    def keep(self, file_id: int, name: str, file: Upload) -> str:
        """Keep a file and return its URL."""
        self._files[f"/attachments/{file_id}/{name}"] = file
        return f"{self._address()}/attachments/{file_id}/{quote(name)}"

    def at(self, path: str) -> Upload | None:
        """Return the file at a path below the base, percent signs decoded."""
        return self._files.get(path)
