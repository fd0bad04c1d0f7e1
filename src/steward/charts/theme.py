"""Two colour themes that meet WCAG AA on their own card, so an image works on any background."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Theme:
    """
    The colours of a chart, each "#rrggbb".

    `series` are readable as text on `card`, and distinguishable with colour blindness; tests compute both. `ramp` goes
    from little to much.
    """

    card: str
    edge: str
    text: str
    muted: str
    grid: str
    shade: str
    series: tuple[str, ...]
    ramp: tuple[str, ...]


DARK = Theme(
    card="#171b26",
    edge="#343b4d",
    text="#f4f6fb",
    muted="#aeb6c8",
    grid="#2c3344",
    shade="#7d879c",
    series=("#4fb8ff", "#ffc247", "#86f0dc", "#ff7a9e"),
    ramp=("#20293b", "#22466a", "#2b6a9c", "#4596cf", "#83c5ef", "#d8eefc"),
)
LIGHT = Theme(
    card="#ffffff",
    edge="#d5dae4",
    text="#141824",
    muted="#535c70",
    grid="#e6e9f0",
    shade="#7d879c",
    series=("#0f4bb8", "#d43500", "#11827c", "#632b47"),
    ramp=("#edf2f8", "#cfe3f4", "#9ccaea", "#569fd3", "#1f6fae", "#0b4273"),
)
THEMES = {"dark": DARK, "light": LIGHT}
ON_DARK, ON_LIGHT = "#ffffff", "#000000"
THRESHOLD = 0.04045


def luminance(colour: str) -> float:
    """Return the relative luminance of "#rrggbb", 0 to 1 (WCAG 2.2)."""
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = [c / 12.92 if c <= THRESHOLD else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours, 1 to 21; WCAG AA requires 4.5 for text, 3 for shapes and large text."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def blend(ramp: tuple[str, ...], share: float) -> str:
    """Return the colour at `share` (0 to 1) of a ramp."""
    place = min(max(share, 0.0), 1.0) * (len(ramp) - 1)
    step = min(int(place), len(ramp) - 2)
    part = place - step
    mixed = [
        round(int(ramp[step][i : i + 2], 16) * (1 - part) + int(ramp[step + 1][i : i + 2], 16) * part)
        for i in (1, 3, 5)
    ]
    return "#" + "".join(f"{channel:02x}" for channel in mixed)


def ink(background: str) -> str:
    """Return black or white, whichever has more contrast."""
    return max((ON_DARK, ON_LIGHT), key=lambda colour: contrast(colour, background))
