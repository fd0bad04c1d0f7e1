"""
Odds in whole numbers: read from the three formats of bookmakers, and shown in them.

A float has no place here: `int(float("1.15") * 100)` is 114.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from math import gcd

from steward.errors import StewardError
from steward.text.cutting import cut_label

Ratio = tuple[int, int]
"""A rational number: numerator and denominator, in lowest terms, the denominator greater than 0."""

DIGITS = 18  # of a number that is read, so that both parts of the odds fit in a column of 64 bits
EVENS = frozenset({"even", "evens", "evs"})
AMERICAN_LEAST = 100
HOW = "Write odds like 2.10, +110, -110 or 6/4."
_DECIMAL = re.compile(r"(\d+)(?:[.,](\d+))?", re.ASCII)
_AMERICAN = re.compile(r"([+-]?)(\d+)", re.ASCII)
_FRACTIONAL = re.compile(r"(\d+) ?/ ?(\d+)", re.ASCII)


class BadOdds(StewardError):
    """The text is no odds; the remedy shows how to write them."""


class OddsFormat(StrEnum):
    """How odds are written."""

    DECIMAL = "decimal"
    AMERICAN = "american"
    FRACTIONAL = "fractional"


@dataclass(frozen=True, slots=True)
class Odds:
    """
    Decimal odds as a fraction in lowest terms, greater than 1; equal whatever text they were read from.

    Attributes:
        text: as it was received; empty where it was computed.

    """

    numerator: int
    denominator: int
    text: str = field(default="", compare=False)

    @property
    def ratio(self) -> Ratio:
        return self.numerator, self.denominator

    def is_longer_than(self, other: Odds) -> bool:
        """Whether these pay more."""
        return self.numerator * other.denominator > other.numerator * self.denominator


def reduced(numerator: int, denominator: int) -> Ratio:
    """Return a fraction in lowest terms; the denominator must be greater than 0."""
    common = gcd(numerator, denominator)
    return numerator // common, denominator // common


def read_odds(text: str, style: OddsFormat | None = None) -> Odds:
    """
    Read odds: `2.10`, `2,10`, `+110`, `-110`, `6/4`, `evens`.

    Args:
        text: as a member or a feed wrote it.
        style: its format; None for whichever it looks like: a sign is American, a slash fractional, all else decimal.

    Raises:
        BadOdds: it can't be read, or doesn't pay more than the stake.

    """
    plain = text.strip().replace("\N{MINUS SIGN}", "-").lower()
    if plain in EVENS:
        return Odds(2, 1, text)
    if len(plain) > 2 * DIGITS + len(" / "):
        raise _unreadable(text)
    numerator, denominator = _READERS[style or _style_of(plain)](plain)
    if denominator == 0:
        raise _unreadable(text)
    if numerator <= denominator:
        raise BadOdds("Odds must pay more than the stake: decimal odds are above 1.", remedy=HOW)
    return Odds(*reduced(numerator, denominator), text)


def show_odds(odds: Odds, style: OddsFormat) -> str:
    """Return odds as text: decimal cut off after two places, American rounded half to even, fractional exact."""
    return _SHOWN[style](odds.numerator, odds.denominator)


def product(prices: Iterable[Odds]) -> Ratio:
    """Return the odds of a parlay."""
    numerator = denominator = 1
    for odds in prices:
        numerator, denominator = numerator * odds.numerator, denominator * odds.denominator
    return reduced(numerator, denominator)


def most_returned(stake: int, prices: Iterable[Odds]) -> int:
    """Return what a bet pays if it wins, all its legs together."""
    numerator, denominator = product(prices)
    return stake * numerator // denominator


def _unreadable(text: str) -> BadOdds:
    return BadOdds(f"I couldn't read “{cut_label(text.strip(), 50)}” as odds.", remedy=HOW)


def _style_of(text: str) -> OddsFormat:
    if "/" in text:
        return OddsFormat.FRACTIONAL
    return OddsFormat.AMERICAN if text.startswith(("+", "-")) else OddsFormat.DECIMAL


def _matched(pattern: re.Pattern[str], text: str) -> tuple[str, str]:
    found = pattern.fullmatch(text)
    if found is None:
        raise _unreadable(text)
    return found[1], found[2] or ""


def _decimal(text: str) -> Ratio:
    whole, places = _matched(_DECIMAL, text)
    if len(whole + places) > DIGITS:
        raise _unreadable(text)
    return int(whole + places), 10 ** len(places)


def _american(text: str) -> Ratio:
    sign, figures = _matched(_AMERICAN, text)
    number = int(figures) if len(figures) <= DIGITS else 0
    if number < AMERICAN_LEAST:
        raise BadOdds("American odds are +100 or more, or -100 or less.", remedy=HOW)
    return (100 + number, number) if sign == "-" else (100 + number, 100)


def _fractional(text: str) -> Ratio:
    profit, stake = _matched(_FRACTIONAL, text)
    if max(len(profit), len(stake)) > DIGITS:
        raise _unreadable(text)
    return int(profit) + int(stake), int(stake)


def _half_even(numerator: int, denominator: int) -> int:
    whole, rest = divmod(numerator, denominator)
    return whole + (2 * rest > denominator or (2 * rest == denominator and whole % 2))


def _as_decimal(numerator: int, denominator: int) -> str:
    whole, places = divmod(numerator * 100 // denominator, 100)
    return f"{whole}.{places:02}"


def _as_american(numerator: int, denominator: int) -> str:
    profit = numerator - denominator
    if profit >= denominator:
        return f"+{_half_even(100 * profit, denominator)}"
    shown = _half_even(100 * denominator, profit)
    return f"-{shown}" if shown > AMERICAN_LEAST else "+100"


def _as_fractional(numerator: int, denominator: int) -> str:
    return f"{numerator - denominator}/{denominator}"


_READERS = {OddsFormat.DECIMAL: _decimal, OddsFormat.AMERICAN: _american, OddsFormat.FRACTIONAL: _fractional}
_SHOWN = {OddsFormat.DECIMAL: _as_decimal, OddsFormat.AMERICAN: _as_american, OddsFormat.FRACTIONAL: _as_fractional}
