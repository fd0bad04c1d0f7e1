"""What picks are asked for, short enough for a button: the next ones can be asked for after any restart."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

LONGEST_CODE = 80
TENTHS = 10
_TAG = r"[0-9]{1,18}x-?[0-9]{1,3}"
_CODE = re.compile(rf"(?P<whose>[mvs])(?P<artist>[0-9]{{1,18}})?(?:;(?P<tags>{_TAG}(?:\.{_TAG})*))?")


class PicksFor(StrEnum):
    """Whose taste picks go by."""

    ME = "me"
    VOICE = "voice"
    SERVER = "server"


@dataclass(frozen=True, slots=True)
class PickAsk:
    """
    What is asked for.

    Attributes:
        whose: whose taste counts.
        artist: what picks are like, in place of a taste; 0 for none.
        tags: of a mood, each with its weight.

    """

    whose: PicksFor = PicksFor.ME
    artist: int = 0
    tags: Mapping[int, float] = field(default_factory=dict)

    @property
    def code(self) -> str:
        """The ask as a text of 80 characters at most; of a mood the tags that weigh most."""
        found = f"{self.whose[0]}{self.artist or ''}"
        sign = ";"
        for tag, weight in sorted(self.tags.items(), key=lambda item: (-abs(item[1]), item[0])):
            more = f"{sign}{tag}x{max(-999, min(999, round(weight * TENTHS)))}"
            if len(found) + len(more) > LONGEST_CODE:
                break
            found, sign = found + more, "."
        return found


_BY_LETTER = {one[0]: one for one in PicksFor}


def read_ask(code: str) -> PickAsk:
    """
    Return the ask that a code is of.

    Raises:
        ValueError: it is none.

    """
    found = _CODE.fullmatch(code)
    if found is None or len(code) > LONGEST_CODE:
        raise ValueError(f"{code[:LONGEST_CODE]!r} asks for nothing.")
    pairs = (pair.split("x") for pair in (found["tags"] or "").split(".") if pair)
    tags = {int(tag): int(weight) / TENTHS for tag, weight in pairs}
    return PickAsk(_BY_LETTER[found["whose"]], int(found["artist"] or 0), tags)
