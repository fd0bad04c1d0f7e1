"""
The child that draws: one JSON object `{"svg": …}` a line in; the length of each PNG (4 bytes, big-endian) and it out.

It imports no more than it needs: `render` begins one for each call.
"""

from __future__ import annotations

import json
import sys

PLAIN = 0x0530  # Inter has Latin, Greek and Cyrillic; letters beyond need the machine's own fonts


def png(svg: str) -> bytes:
    """Return the drawing as PNG; the machine's fonts are looked for only where Inter lacks a letter."""
    import fontpkg_inter
    import resvg_py

    return bytes(
        resvg_py.svg_to_bytes(
            svg_string=svg,
            font_files=[str(fontpkg_inter.ROOT / "files" / "Inter[opsz,wght].ttf")],
            font_family=fontpkg_inter.FAMILY,
            skip_system_fonts=all(ord(char) < PLAIN or "\u2000" <= char < "\u2200" for char in svg),
        )
    )


def main() -> None:
    """Draw what stdin asks for, until it ends."""
    for line in sys.stdin.buffer:
        image = png(json.loads(line)["svg"])
        sys.stdout.buffer.write(len(image).to_bytes(4, "big") + image)
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
