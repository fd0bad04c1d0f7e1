"""Pictures of pages a third as large: of the thousands of colours that smooth letters, the 256 most used are enough."""

from __future__ import annotations

import zlib
from collections import Counter
from collections.abc import Iterator
from struct import pack, unpack

MAGIC, COLOURS, TRUE_COLOUR = b"\x89PNG\r\n\x1a\n", 256, 2
Colour = bytes


def with_palette(png: bytes) -> bytes:
    """Return a picture in true colour, without transparency or interlacing, as one with a palette."""
    chunks = list(_chunks(png))
    wide, high, depth, kind = unpack(">IIBB", chunks[0][1][:10])
    if (depth, kind) != (8, TRUE_COLOUR):
        raise ValueError(f"This is no picture of 24 bits: depth {depth}, type {kind}.")
    data = zlib.decompress(b"".join(body for name, body in chunks if name == b"IDAT"))
    rows = list(_rows(data, wide * 3))
    pixels = [[row[at : at + 3] for at in range(0, wide * 3, 3)] for row in rows]
    frequent = Counter(pixel for row in pixels for pixel in row)
    palette = [colour for colour, _ in frequent.most_common(COLOURS)]
    nearest = {colour: min(range(len(palette)), key=lambda at: _apart(palette[at], colour)) for colour in frequent}
    lines = b"".join(b"\0" + bytes(nearest[pixel] for pixel in row) for row in pixels)
    header = pack(">IIBBBBB", wide, high, 8, 3, 0, 0, 0)
    parts = {b"IHDR": header, b"PLTE": b"".join(palette), b"IDAT": zlib.compress(lines, 9), b"IEND": b""}
    return MAGIC + b"".join(
        pack(">I", len(body)) + name + body + pack(">I", zlib.crc32(name + body)) for name, body in parts.items()
    )


def _chunks(png: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = len(MAGIC)
    while at < len(png):
        size, name = unpack(">I4s", png[at : at + 8])
        yield name, png[at + 8 : at + 8 + size]
        at += size + 12


def _rows(data: bytes, wide: int) -> Iterator[bytes]:
    """Yield the rows with their filters undone (PNG specification, section 9.2)."""
    before = bytes(wide)
    for start in range(0, len(data), wide + 1):
        kind, row = data[start], bytearray(data[start + 1 : start + 1 + wide])
        for at, value in enumerate(row):
            left, corner = (row[at - 3], before[at - 3]) if at > 2 else (0, 0)
            up = before[at]
            guesses = (0, left, up, (left + up) // 2, _paeth(left, up, corner))
            row[at] = (value + guesses[kind]) & 0xFF
        before = bytes(row)
        yield before


def _paeth(left: int, up: int, corner: int) -> int:
    guess = left + up - corner
    return min((left, up, corner), key=lambda value: abs(guess - value))


def _apart(one: Colour, other: Colour) -> int:
    return sum((a - b) ** 2 for a, b in zip(one, other, strict=True))
