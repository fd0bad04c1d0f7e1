"""Formats measurements for operators."""

from __future__ import annotations

MEBIBYTE = 1 << 20
GIBIBYTE = 1024 * MEBIBYTE
NOTICEABLE = 0.05  # share of the value per hour; less is steady


def size(count: float) -> str:
    """Format bytes."""
    return f"{count / GIBIBYTE:.1f} GB" if abs(count) >= GIBIBYTE else f"{count / MEBIBYTE:.1f} MB"


def seconds(value: float | None) -> str:
    """Format a duration, from microseconds on."""
    if value is None:
        return "unknown"
    for unit, factor in (("µs", 1e6), ("ms", 1e3)):
        if value * factor < 999.5:  # noqa: PLR2004 - rounds to 1000
            return f"{value * factor:.3g} {unit}"
    return f"{value:.3g} s"


def trend(an_hour: float | None, now: float, *, unit: str = "") -> str:
    """Format a trend; empty if unknown."""
    if an_hour is None:
        return ""
    if abs(an_hour) < NOTICEABLE * max(abs(now), 1e-9):
        return " → steady"
    return f" {'↗' if an_hour > 0 else '↘'} {an_hour:+.2g}{unit} an hour"
