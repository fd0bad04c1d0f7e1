"""Stakes as members type them in units: `1`, `0.25`, `2,5u`."""

from __future__ import annotations

import re
import unicodedata

from steward.bots.bets.errors import BetsError
from steward.bots.bets.section import UNIT

LEAST_UNITS, MOST_UNITS = UNIT // 4, 5 * UNIT
_UNITS = re.compile(r"(\d{0,3})(?:[.,](\d{1,2}))? ?(?:u|units?)?", re.ASCII)
_FRACTIONS = {"1/2": "0.5", "1/4": "0.25", "3/4": "0.75"}


def read_units(text: str) -> int:
    """
    Return a stake in hundredths of a unit, 25 to 500.

    Raises:
        BetsError: it is none, with what to write instead.

    """
    typed = " ".join(unicodedata.normalize("NFKC", text).casefold().replace("\N{FRACTION SLASH}", "/").split())
    found = _UNITS.fullmatch(_FRACTIONS.get(typed, typed).removeprefix("+"))
    if found is None or not (found[1] or found[2]):
        raise BetsError("I can't read that as a stake in units.", remedy="Write one such as `1` or `0.25`.")
    stake = int(found[1] or 0) * UNIT + int((found[2] or "").ljust(2, "0"))
    if not LEAST_UNITS <= stake <= MOST_UNITS:
        raise BetsError("A stake here is 0.25 to 5 units.", remedy="Write one such as `1` or `0.25`.")
    return stake
