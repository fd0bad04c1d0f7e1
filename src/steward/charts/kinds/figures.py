"""Number formatting, and round values for an axis."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

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
