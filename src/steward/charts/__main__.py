"""
The rendering child: one JSON object `{"svg": …}` per line in, PNGs out, each after its length (4 bytes, big-endian).

It imports as little as possible: each `render` call starts one.
"""

from __future__ import annotations

import json
import sys

PLAIN = 0x0530  # Inter covers Latin, Greek and Cyrillic; other scripts need system fonts


def png(svg: str) -> bytes:
    """Return the drawing as PNG; system fonts are loaded only for letters that Inter lacks."""
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
    """Render each line of stdin."""
    for line in sys.stdin.buffer:
        image = png(json.loads(line)["svg"])
        sys.stdout.buffer.write(len(image).to_bytes(4, "big") + image)
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
