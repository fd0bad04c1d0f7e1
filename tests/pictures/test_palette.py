"""A picture with a palette is the same picture where 256 colours are enough."""

import zlib
from struct import pack

import pytest

from tests.pictures.palette import MAGIC, _chunks, with_palette


def picture(rows, filters, kind=2):
    """Return a PNG of rows of colours, each row behind one of the five filters."""
    lines, before = b"", bytes(len(rows[0]) * 3)
    for row, chosen in zip(rows, filters, strict=True):
        flat = b"".join(row)
        lines += bytes([chosen]) + bytes(filtered(chosen, flat, before))
        before = flat
    parts = {b"IHDR": pack(">IIBBBBB", len(rows[0]), len(rows), 8, kind, 0, 0, 0), b"IDAT": zlib.compress(lines)}
    return MAGIC + b"".join(pack(">I", len(body)) + name + body + b"\0\0\0\0" for name, body in parts.items())


def filtered(kind, row, before):
    for at, value in enumerate(row):
        left, corner = (row[at - 3], before[at - 3]) if at > 2 else (0, 0)
        up = before[at]
        guess = left + up - corner
        paeth = min((left, up, corner), key=lambda one: abs(guess - one))
        yield (value - (0, left, up, (left + up) // 2, paeth)[kind]) & 0xFF


def test_every_pixel_stays_whatever_the_filters_of_its_rows():
    rows = [[bytes([17 * x + y, 50 * y, 255 - x]) for x in range(6)] for y in range(5)]
    parts = dict(_chunks(with_palette(picture(rows, range(5)))))
    palette = [parts[b"PLTE"][at : at + 3] for at in range(0, len(parts[b"PLTE"]), 3)]
    lines = zlib.decompress(parts[b"IDAT"])
    shown = [[palette[number] for number in lines[7 * y + 1 : 7 * y + 7]] for y in range(5)]
    assert shown == rows


def test_a_picture_of_another_kind_is_refused():
    with pytest.raises(ValueError, match="no picture of 24 bits"):
        with_palette(picture([[b"abc"]], [0], kind=6))
