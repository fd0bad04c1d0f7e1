"""
Encoding of gateway payloads: plain text, zlib-stream or zstd-stream.

Source: discord-api-docs, events/gateway.mdx, "Transport Compression".
"""

from __future__ import annotations

import zlib
from typing import Protocol


class Framing(Protocol):
    """Encodes a payload as one websocket message: text or bytes."""

    def frame(self, payload: bytes) -> str | bytes: ...


class Plain:
    """Plain text."""

    def frame(self, payload: bytes) -> str | bytes:
        return payload.decode()


class PayloadZlib:
    """Each payload compressed on its own: `compress: true` in IDENTIFY without transport compression."""

    def frame(self, payload: bytes) -> str | bytes:
        return zlib.compress(payload)


class ZlibStream:
    """One zlib context per connection; each message ends with 00 00 ff ff."""

    def __init__(self) -> None:
        self._context = zlib.compressobj(level=3)

    def frame(self, payload: bytes) -> str | bytes:
        return self._context.compress(payload) + self._context.flush(zlib.Z_SYNC_FLUSH)


class ZstdStream:
    """
    One zstd context per connection; each message is flushed, the frame is never ended.

    Raises:
        ModuleNotFoundError: the package `zstandard` is not installed.

    """

    def __init__(self) -> None:
        import zstandard  # optional dependency

        self._context = zstandard.ZstdCompressor(level=3).compressobj()
        self._flush = zstandard.COMPRESSOBJ_FLUSH_BLOCK

    def frame(self, payload: bytes) -> str | bytes:
        return self._context.compress(payload) + self._context.flush(self._flush)


class UnsupportedFraming(ValueError):
    """The requested encoding or compression is unavailable; the message says why."""


def framing_for(encoding: str, compress: str | None) -> Framing:
    """
    Return the framing that a client requested in the gateway URL.

    Raises:
        UnsupportedFraming: it is unknown, or its package is not installed.

    """
    if encoding != "json":
        raise UnsupportedFraming(f"encoding={encoding} is not offered; use encoding=json")
    if not compress:
        return Plain()
    if compress == "zlib-stream":
        return ZlibStream()
    if compress == "zstd-stream":
        try:
            return ZstdStream()
        except ModuleNotFoundError as error:
            raise UnsupportedFraming("zstd-stream needs `pip install steward[sim]` on the simulator's side") from error
    raise UnsupportedFraming(f"compress={compress} is unknown; use zlib-stream or zstd-stream")
