"""Text in charts: sanitises names of any script and estimates their width."""

from __future__ import annotations

import unicodedata

from steward.text.cutting import cluster_ends

FAMILY = "Inter"
LONGEST = 200
MARKS_IN_A_ROW = 2
BOLD = 600

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
    return total * size * (_BOLDER if weight >= BOLD else 1.0)


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
