"""Stakes as members type them, in whole points: `250`, `1,000`, `1.000`, `1 000`, `1'000`, `all`, `half`."""

from __future__ import annotations

import re

from steward.errors import StewardError
from steward.text.cutting import cut_label

DIGITS = 18  # what a column of 64 bits holds
ALL, HALF = frozenset({"all", "all in", "max"}), "half"
HOW = "Write whole points like 250 or 1,000, or all or half."
_PLAIN = re.compile(r"\d+")
_GROUPED = re.compile(r"[1-9]\d{0,2}([.,'\u2019_ \u00a0\u202f])\d{3}(?:\1\d{3})*")
_NEGATIVE = re.compile(r"[-\u2212]\s*\d+")
_BROKEN = re.compile(r"\d*[.,]\d+|[\d\s]*[½¼¾]")


class BadStake(StewardError):
    """The text is no stake; the remedy shows how to write one."""


def read_stake(text: str, balance: int) -> int:
    """
    Read a stake, at least 1.

    Args:
        text: as a member typed it; digits in groups of three may be parted by one kind of mark.
        balance: what `all` and `half` are of; half of an odd number is rounded down.

    Raises:
        BadStake: it can't be read, isn't whole, or comes to less than 1.

    """
    plain = text.strip().lower()
    if plain in ALL or plain == HALF:
        stake = balance if plain in ALL else balance // 2
        if stake < 1:
            raise BadStake(f"There is nothing to stake: {plain} of your balance is less than 1 point.")
        return stake
    stake = _points(plain)
    if stake < 1:
        raise BadStake("A stake is at least 1 point.", remedy=HOW)
    return stake


def _points(text: str) -> int:
    if _NEGATIVE.fullmatch(text):
        return -1
    figures = "".join(filter(str.isdecimal, text))
    if not (_PLAIN.fullmatch(text) or _GROUPED.fullmatch(text)):
        if _BROKEN.fullmatch(text):
            raise BadStake("Stakes are whole points.", remedy=HOW)
        raise BadStake(f"I couldn't read “{cut_label(text, 50)}” as a stake.", remedy=HOW)
    if len(figures) > DIGITS:
        raise BadStake("Nobody has that many points.", remedy=HOW)
    return int(figures)
