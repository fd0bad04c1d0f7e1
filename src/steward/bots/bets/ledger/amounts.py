"""Amounts as members type them: `1,000`, `2.5k`, `½`, `30%`, `all`."""

from __future__ import annotations

import re
import unicodedata

from steward.bots.bets.errors import BetsError
from steward.bots.bets.section import MOST_POINTS

LONGEST_AMOUNT = 32
REMEDY = "Write a whole number such as `250` or `1,000`, or `half` or `all`."

_ALL = frozenset({"all", "max", "everything"})
_SHARES = {"half": (1, 2), "third": (1, 3), "quarter": (1, 4)}
_SHARE = re.compile(r"(\d{1,3}) ?(?:%|([/⁄]) ?(\d{1,3}))")  # noqa: RUF001 - the slash that ½ is made of
_GROUPED = re.compile(r"[1-9]\d{0,2}(?:([ ,.'’_])\d{3})(?:\1\d{3})*")  # noqa: RUF001 - an apostrophe of Switzerland
_NUMBER = re.compile(r"(\d+)(?:[.,](\d+))?(?:e\+?(\d{1,2})| ?([km]))?")
_ZEROS = {None: 0, "k": 3, "m": 6}


def read_points(text: str, balance: int | None = None) -> int:
    """
    Return the amount that a member typed, 1 to `MOST_POINTS`.

    Args:
        balance: what shares such as `half` are of; None where there is nothing to take them of.

    Raises:
        BetsError: it is no such amount, with what to write instead.

    """
    typed = " ".join(unicodedata.normalize("NFKC", text).casefold().split())
    amount = _share(typed, balance)
    if amount is None and len(typed) <= LONGEST_AMOUNT:
        amount = _number(typed.removeprefix("+"))
    if amount is None or amount < 1:
        raise BetsError("I can't read that as an amount of at least 1.", remedy=REMEDY)
    if amount > MOST_POINTS:
        raise BetsError(f"The most that I can handle is {MOST_POINTS:,}.", remedy="Choose less.")
    return amount


def _share(typed: str, balance: int | None) -> int | None:
    share = _SHARE.fullmatch(typed)
    if typed in _ALL:
        part, whole = 1, 1
    elif typed in _SHARES:
        part, whole = _SHARES[typed]
    elif share is not None:
        part, whole = int(share[1]), int(share[3] or 0) if share[2] else 100
    else:
        return None
    if not 0 < part <= whole:
        return None
    if balance is None:
        raise BetsError("I need a number here, not a share.", remedy="Write one such as `250`.")
    if balance * part // whole < 1:
        raise BetsError("There's nothing in your wallet to take that of.", remedy="`/wallet claim` may help.")
    return balance * part // whole


def _number(typed: str) -> int | None:
    """Return a whole number; None for what is no number, has a fraction, or is far too long."""
    if _GROUPED.fullmatch(typed):
        return int(re.sub(r"\D", "", typed))
    found = _NUMBER.fullmatch(typed)
    if found is None:
        return None
    whole, fraction, exponent, letter = found[1], (found[2] or "").rstrip("0"), found[3], found[4]
    zeros = int(exponent) if exponent else _ZEROS[letter]
    if len(fraction) > zeros:
        return None
    number: int = int(whole + fraction) * 10 ** (zeros - len(fraction))
    return number
