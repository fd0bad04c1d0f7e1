"""Parts of every chart: card, title, legend, numbers, round values for an axis, and the placeholder of an empty one."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from steward.charts.canvas import BOLD, HEIGHT, MARGIN, SMALL, TITLE, WIDTH, Canvas, width
from steward.charts.theme import Theme

THOUSAND = 1e3
SUFFIXES = ((1e12, "T"), (1e9, "B"), (1e6, "M"), (THOUSAND, "k"))
WRITTEN_OUT = 100_000  # integers below it are written in full: 12,345
SUFFIXED = 10_000  # from here on an axis uses suffixes: 10k
ONE_DECIMAL_BELOW = 1_000
BEYOND = 1e15
ABOUT = 5  # number of ticks on an axis
ALIKE = 1e-9  # relative and absolute tolerance
MINUS = "\u2212"
MAX_DECIMALS = 3
NOTHING = "Nothing recorded yet"
TOP = 148  # top of the drawing area
LEGEND_BASE = HEIGHT - 30
SWATCH = 24
BETWEEN = 36


def figure(value: float, unit: str = "") -> str:
    """Format a value for a label: 12,345 or 1.2M or 34 %."""
    if abs(value) < WRITTEN_OUT and value == round(value):
        text = f"{value:,.0f}"
    elif 1 <= abs(value) < ONE_DECIMAL_BELOW:
        text = f"{value:.1f}"
    else:
        text = _short(value)
    return _finished(text, unit)


def _short(value: float) -> str:
    if abs(value) >= BEYOND:
        return f"{value:.1e}"
    for scale, suffix in SUFFIXES:
        if abs(value) >= scale * 0.9995:
            return _trimmed(f"{value / scale:.1f}") + suffix
    return f"{value:.2g}"


def _trimmed(number: str) -> str:
    return number.rstrip("0").rstrip(".") if "." in number else number


def _finished(text: str, unit: str) -> str:
    text = text.replace("-", MINUS)
    return f"{text} {unit}" if unit else text


@dataclass(frozen=True, slots=True)
class Scale:
    """A value axis from `low` to `high`, with round `ticks`."""

    low: float
    high: float
    ticks: tuple[float, ...]

    def share(self, value: float) -> float:
        """Return the position of a value, 0 at the low end, 1 at the high."""
        return min(max((value - self.low) / (self.high - self.low), 0.0), 1.0)

    def labels(self, unit: str = "", *, absolute: bool = False) -> list[str]:
        """
        Return the ticks as text, with a common suffix and enough decimals to tell them apart.

        With `absolute`, without signs, for bars drawn downwards.
        """
        ticks = [abs(tick) for tick in self.ticks] if absolute else list(self.ticks)
        largest = max(abs(self.low), abs(self.high))
        if largest >= BEYOND:
            return [_finished("0" if tick == 0 else f"{tick:.1e}", unit) for tick in ticks]
        scale, suffix = next(
            ((scale, suffix) for scale, suffix in SUFFIXES if largest >= max(scale, SUFFIXED)), (1.0, "")
        )
        for decimals in range(MAX_DECIMALS + 1 if scale != THOUSAND else 2):
            texts = [f"{tick / scale:,.{decimals}f}" for tick in ticks]
            if all(
                abs(float(text.replace(",", "")) * scale - tick) <= largest * ALIKE
                for text, tick in zip(texts, ticks, strict=True)
            ):
                break
        else:
            texts, suffix = [f"{tick:,.6g}" for tick in ticks], ""
        return [_finished("0" if float(text.replace(",", "")) == 0 else text + suffix, unit) for text in texts]


def scale_for(values: Sequence[float], *, from_zero: bool = False) -> Scale:
    """
    Return an axis of about five round ticks that covers all values; starts at 0 if that wastes little space.

    Args:
        values: at least one.
        from_zero: whether 0 must be included, as for bars.

    """
    low, high = min(values), max(values)
    if from_zero or 0 <= low < high / 2:
        low = min(low, 0.0)
    if from_zero or 0 >= high > low / 2:
        high = max(high, 0.0)
    magnitude = max(abs(low), abs(high))
    if high - low <= max(magnitude, 1.0) * ALIKE:  # constant: add a margin
        spread = max(magnitude * 0.1, 1.0)
        below = 0.0 if low >= 0 and low - spread < 0 else low - spread
        low, high = below, high + spread
    step = _round_step((high - low) / (ABOUT - 1))
    if all(value == round(value) for value in values):
        step = max(step, 1.0)  # integers need no fractions
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return Scale(first * step, last * step, tuple(step * number for number in range(first, last + 1)))


def _round_step(rough: float) -> float:
    power = 10.0 ** math.floor(math.log10(rough))
    return power * next((factor for factor in (1, 2, 2.5, 5) if factor * power >= rough * 0.999), 10)


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
