"""Parts of every chart: card, title, legend, and the placeholder of an empty one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from steward.charts.canvas import BOLD, HEIGHT, MARGIN, SMALL, TITLE, WIDTH, Canvas
from steward.charts.text import width
from steward.charts.theme import Theme

NOTHING = "Nothing recorded yet"
TOP = 148  # top of the drawing area
LEGEND_BASE = HEIGHT - 30
SWATCH = 24
BETWEEN = 36


@dataclass(frozen=True, slots=True)
class Key:
    """An entry of the legend."""

    label: str
    colour: str
    sign: Literal["block", "shade", "dash", "none"] = "block"


def card(theme: Theme, title: str, subtitle: str) -> Canvas:
    """Return a canvas with card, title and subtitle."""
    canvas = Canvas(theme, f"{title}. {subtitle}" if subtitle else title)
    canvas.rect(1, 1, WIDTH - 2, HEIGHT - 2, theme.card, radius=28, edge=theme.edge)
    room = WIDTH - 2 * MARGIN
    size = TITLE if width(title, TITLE, BOLD) <= room else TITLE * 0.8
    canvas.text(MARGIN, 74, title, size=size, weight=BOLD, room=room)
    if subtitle:
        canvas.text(MARGIN, 114, subtitle, colour=theme.muted, room=room)
    return canvas


def nothing(canvas: Canvas, why: str = "The chart fills as Steward counts.") -> str:
    theme = canvas.theme
    middle = (TOP + HEIGHT) / 2
    heights = (40, 64, 52, 88)
    for index, height in enumerate(heights):
        canvas.rect(WIDTH / 2 - 78 + index * 42, middle - 44 - height, 30, height, theme.grid, radius=6)
    canvas.text(WIDTH / 2, middle + 18, NOTHING, size=34, weight=BOLD, anchor="middle")
    canvas.text(WIDTH / 2, middle + 62, why, colour=theme.muted, anchor="middle")
    return canvas.finished()


def legend(canvas: Canvas, keys: Sequence[Key]) -> None:
    """Draw the legend in the bottom row; if it does not fit, the longest labels are cut."""
    theme = canvas.theme
    room = WIDTH - 2 * MARGIN - BETWEEN * (len(keys) - 1)
    wanted = [width(key.label, SMALL) + (0 if key.sign == "none" else SWATCH + 12) for key in keys]
    longest = _share(wanted, room)
    x, middle = float(MARGIN), LEGEND_BASE - SMALL * 0.36
    for key, wants in zip(keys, wanted, strict=True):
        taken = min(wants, longest)
        begin = x
        if key.sign == "dash":
            canvas.line((x, middle), (x + SWATCH + 4, middle), key.colour, thick=4, dashed=True)
        elif key.sign == "shade":
            canvas.rect(x, middle - SWATCH / 2, SWATCH, SWATCH, key.colour, radius=5, opacity=0.35, edge=key.colour)
        elif key.sign == "block":
            canvas.rect(x, middle - SWATCH / 2, SWATCH, SWATCH, key.colour, radius=5)
        if key.sign != "none":
            x += SWATCH + 12
        canvas.text(x, LEGEND_BASE, key.label, colour=theme.muted, room=max(begin + taken + 1 - x, 0))
        x = begin + taken + BETWEEN


def _share(wanted: Sequence[float], room: float) -> float:
    """Return the largest width allowed per entry, so that shorter ones keep theirs."""
    left = room
    for served, wants in enumerate(sorted(wanted)):
        share = left / (len(wanted) - served)
        if wants > share:
            return share
        left -= wants
    return room
