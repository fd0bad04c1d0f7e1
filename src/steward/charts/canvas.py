"""
The canvas of a chart: builds SVG with finite coordinates and escaped text.

Names of any script are sanitised, and their width is estimated.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator

from steward.charts.theme import Theme
from steward.text.cutting import cluster_ends

FAMILY = "Inter"
LONGEST = 200
MARKS_IN_A_ROW = 2
BOLD_FROM = 600
_ESCAPED = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;"})
"""As by `html.escape`, which brings the names of 2,231 characters along: 0.3 MiB."""

# Advance widths of Inter at its widest optical size, in thousandths of the font size, from space to tilde.
# fmt: off
_WIDTHS = (
    281, 288, 466, 633, 642, 982, 644, 300, 365, 365, 501, 662, 288, 460, 288, 360, 631, 407, 610, 618, 646, 593, 620,
    566, 619, 620, 288, 302, 662, 662, 662, 511, 966, 690, 654, 730, 722, 601, 590, 746, 743, 269, 571, 672, 565, 903,
    753, 765, 639, 765, 644, 642, 646, 744, 690, 985, 682, 679, 629, 365, 360, 365, 471, 456, 323, 562, 612, 571, 612,
    583, 370, 613, 591, 242, 242, 549, 242, 876, 591, 600, 612, 612, 376, 528, 327, 591, 562, 818, 546, 562, 552, 426,
    333, 426, 662,
)
# fmt: on
_KNOWN = {chr(32 + index): width / 1000 for index, width in enumerate(_WIDTHS)}
_BOLDER = 1.08
_WIDE, _OTHER = 1.3, 0.8  # CJK and emoji; other letters not in the table
_JOINER = "\u200d"
_NO_XML = "\ufffe\uffff"
_DROPPED = {"Cc", "Cf", "Cs", "Co"}


def clean(text: str) -> str:
    """Return text as one line valid in XML, without control characters, bidi overrides or stacked marks."""
    kept: list[str] = []
    marks = 0
    for char in " ".join(text.split())[: LONGEST * 2]:
        kind = unicodedata.category(char)
        if (kind in _DROPPED and char != _JOINER) or char in _NO_XML:
            continue
        marks = marks + 1 if kind.startswith("M") else 0
        if marks <= MARKS_IN_A_ROW:
            kept.append(char)
    return " ".join("".join(kept).split())[:LONGEST].strip()


def width(text: str, size: float, weight: int = 400) -> float:
    """Return an upper estimate of the width of a text, in the unit of `size`."""
    total = sum(_width(char) for char in text)
    return total * size * (_BOLDER if weight >= BOLD_FROM else 1.0)


def fit(text: str, size: float, room: float, weight: int = 400) -> str:
    """Return the sanitised text, cut with an ellipsis to fit `room`."""
    text = clean(text)
    if width(text, size, weight) <= room:
        return text
    fits = [end for end in cluster_ends(text) if width(text[:end] + "…", size, weight) <= room]
    return text[: fits[-1]].rstrip() + "…" if fits else ""


def _width(char: str) -> float:
    known = _KNOWN.get(char)
    if known is not None:
        return known
    if unicodedata.combining(char) or char == _JOINER or unicodedata.category(char) == "Mn":
        return 0.0
    if unicodedata.east_asian_width(char) in "WF" or unicodedata.category(char) == "So":
        return _WIDE
    return 1.05 if char.isupper() else _OTHER


WIDTH, HEIGHT, MARGIN = 1000, 560, 40
SMALL, TITLE = 27, 42  # on a phone, at 400 px width, these are 11 and 17 px
REGULAR, BOLD = 400, 700
FONTS = f"{FAMILY}, system-ui, sans-serif"

Point = tuple[float, float]


class Canvas:
    """
    Collects the elements of one image.

    Args:
        name: description for screen readers.
        height: of the image; its width is always the same.

    """

    def __init__(self, theme: Theme, name: str, height: float = HEIGHT) -> None:
        self.theme = theme
        self.height = height
        self._name = name
        self._elements: list[str] = []

    def rect(
        self,
        x: float,
        y: float,
        w: float,
        h: float,
        fill: str,
        *,
        radius: float = 0,
        opacity: float = 1,
        edge: str = "",
    ) -> None:
        """Draw a rectangle; `edge` is the colour of its outline."""
        more = f' rx="{_n(radius)}"' if radius else ""
        more += f' fill-opacity="{_n(opacity)}"' if opacity < 1 else ""
        more += f' stroke="{edge}" stroke-width="2"' if edge else ""
        self._elements.append(
            f'<rect x="{_n(x)}" y="{_n(y)}" width="{_n(max(w, 0))}" height="{_n(max(h, 0))}" fill="{fill}"{more}/>'
        )

    def line(self, start: Point, end: Point, colour: str, *, thick: float = 2, dashed: bool = False) -> None:
        dash = ' stroke-dasharray="10 8"' if dashed else ""
        (x1, y1), (x2, y2) = start, end
        self._elements.append(
            f'<line x1="{_n(x1)}" y1="{_n(y1)}" x2="{_n(x2)}" y2="{_n(y2)}" '
            f'stroke="{colour}" stroke-width="{_n(thick)}"{dash}/>'
        )

    def polyline(self, points: Iterable[Point], colour: str, *, thick: float = 5) -> None:
        self._elements.append(
            f'<polyline points="{_points(points)}" fill="none" stroke="{colour}" stroke-width="{_n(thick)}" '
            'stroke-linejoin="round" stroke-linecap="round"/>'
        )

    def fade(self, points: Iterable[Point], colour: str) -> None:
        """Fill a polygon with a gradient that fades downwards."""
        name = f"fade-{colour[1:]}"
        self._elements.append(
            f'<linearGradient id="{name}" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="{colour}" '
            f'stop-opacity="0.34"/><stop offset="1" stop-color="{colour}" stop-opacity="0.02"/></linearGradient>'
            f'<polygon points="{_points(points)}" fill="url(#{name})"/>'
        )

    def dot(self, at: Point, colour: str, *, radius: float = 8) -> None:
        """Draw a dot with a rim in the card's colour."""
        self._elements.append(
            f'<circle cx="{_n(at[0])}" cy="{_n(at[1])}" r="{_n(radius)}" fill="{colour}" '
            f'stroke="{self.theme.card}" stroke-width="3"/>'
        )

    def text(
        self,
        x: float,
        y: float,
        words: str,
        *,
        colour: str = "",
        size: float = SMALL,
        weight: int = REGULAR,
        anchor: str = "start",
        room: float = WIDTH,
    ) -> float:
        """
        Write one line with its baseline at `y`, cut to `room`, and return its width.

        The text is also clipped, as glyph widths are estimates.
        """
        words = fit(words, size, room, weight)
        taken = min(width(words, size, weight), room)
        left = x - {"start": 0, "middle": taken / 2, "end": taken}[anchor]
        left = min(max(left, 0), WIDTH - taken)
        inner = {"start": 0, "middle": taken / 2, "end": taken}[anchor]
        self._elements.append(
            f'<svg x="{_n(left)}" y="{_n(y - size)}" width="{_n(taken + 2)}" height="{_n(size * 1.4)}">'
            f'<text x="{_n(inner)}" y="{_n(size)}" font-size="{_n(size)}" font-weight="{weight}" '
            f'text-anchor="{anchor}" fill="{colour or self.theme.text}">{words.translate(_ESCAPED)}</text></svg>'
        )
        return taken

    def finished(self) -> str:
        return "".join(self._document())

    def _document(self) -> Iterator[str]:
        name = fit(self._name, SMALL, WIDTH * 4).translate(_ESCAPED)
        yield (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {_n(self.height)}" width="{WIDTH}" '
            f'height="{_n(self.height)}" role="img" aria-label="{name}" font-family="{FONTS}">'
        )
        yield from self._elements
        yield "</svg>"


def _n(number: float) -> str:
    return f"{number:.1f}".removesuffix(".0")


def _points(points: Iterable[Point]) -> str:
    return " ".join(f"{_n(x)},{_n(y)}" for x, y in points)
