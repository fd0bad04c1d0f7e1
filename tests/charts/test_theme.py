"""Colours: all text is readable on its background by WCAG 2.2 AA."""

from __future__ import annotations

import math
from itertools import combinations

import pytest

from steward.charts.theme import THEMES, blend, contrast, ink

each_theme = pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)


def test_contrast_matches_the_standard():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)


@each_theme
def test_text_and_lines_are_readable_on_the_card(theme):
    """Names of series are written in their colour, so 4.5 holds for these too; signs need 3."""
    for colour in (theme.text, theme.muted, *theme.series):
        assert contrast(colour, theme.card) >= 4.5, colour
    assert contrast(theme.shade, theme.card) >= 3


@each_theme
def test_numbers_are_readable_on_every_shade_of_the_ramp(theme):
    for hundredth in range(101):
        shade = blend(theme.ramp, hundredth / 100)
        assert contrast(ink(shade), shade) >= 4.5, shade


@each_theme
def test_more_is_always_further_from_the_card(theme):
    distances = [contrast(blend(theme.ramp, tenth / 10), theme.card) for tenth in range(11)]
    assert distances == sorted(distances)


# Machado, Oliveira and Fernandes 2009: what is seen, in linear light, without one kind of cone.
SIGHTS = {
    "all cones": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protanopia": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "deuteranopia": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.01182, 0.04294, 0.968881)),
    "tritanopia": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.3039)),
}


def oklab(colour: str, sight: str) -> tuple[float, ...]:
    """Return a colour as it is seen, in a space where equal distances look equal (Ottosson 2020)."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    light = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    r, g, b = (max(0.0, sum(weight * part for weight, part in zip(row, light, strict=True))) for row in SIGHTS[sight])
    long = (0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b) ** (1 / 3)
    middle = (0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b) ** (1 / 3)
    short = (0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b) ** (1 / 3)
    return (
        0.2104542553 * long + 0.7936177850 * middle - 0.0040720468 * short,
        1.9779984951 * long - 2.4285922050 * middle + 0.4505937099 * short,
        0.0259040371 * long + 0.7827717662 * middle - 0.8086757660 * short,
    )


@each_theme
@pytest.mark.parametrize("sight", SIGHTS)
def test_series_differ_for_all_kinds_of_colour_blindness(theme, sight):
    """0.02 in OKLab is a difference that can just be seen side by side; lines lie apart, so four times that."""
    for one, other in combinations(theme.series, 2):
        assert math.dist(oklab(one, sight), oklab(other, sight)) >= 0.08, (one, other)
