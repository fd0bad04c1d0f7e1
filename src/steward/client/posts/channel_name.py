"""One channel whose name is kept true: what is shown, what should be, and when Discord lets it be renamed."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import inf

MARGIN = timedelta(seconds=1)  # Discord counts when a request arrives, not when it is sent


@dataclass(frozen=True, slots=True)
class RenameLimit:
    """So many renames of one channel in so long a window."""

    count: int = 2
    window: timedelta = timedelta(minutes=10)

    @property
    def spacing(self) -> timedelta:
        """
        The least time between two renames: never a burst that leaves the name stale for a whole window.

        Four fifths of the even pace: a change soon after a rename is shown sooner, at the price of a longer wait
        once in a while. `steward bench seven_days` shows the error that it leaves.
        """
        return self.window / self.count * 0.8


@dataclass(slots=True)
class ChannelName:
    """
    One channel: what is shown, what should be, and what stands between.

    Attributes:
        number: the number in the wanted name; None where it has none.
        shown_number: the number in the name last sent.
        problem: what stands in the way, and what helps; None where nothing does.
        held_by: the kind of error of the last try; None where it went well.
        refused: Discord refuses to rename it: nobody knows when that ends.

    """

    channel_id: int
    wanted: str | None = None
    shown: str | None = None
    number: int | None = None
    shown_number: int | None = None
    renames: list[datetime] = field(default_factory=list)
    held_until: datetime | None = None
    problem: str | None = None
    held_by: type[Exception] | None = None
    refused: bool = False
    gone: bool = False
    failures: int = 0
    rewritten: tuple[str, str] | None = None

    @property
    def stale(self) -> bool:
        """Whether another name should be shown than is; as near as Discord lets it come counts."""
        if self.wanted is None or self.gone or (self.wanted, self.shown) == self.rewritten:
            return False
        return self.wanted != self.shown

    @property
    def error(self) -> float:
        """How far the shown number is from the truth, as a share of it; endless where nobody knows."""
        if self.number is None or self.shown_number is None:
            return inf
        return abs(self.number - self.shown_number) / max(1, abs(self.number))

    def due(self, limit: RenameLimit) -> datetime | None:
        """Return when the next rename is allowed; None when it is at once."""
        waits = [self.held_until] if self.held_until is not None else []
        if self.renames:
            waits.append(self.renames[-1] + limit.spacing + MARGIN)
        if len(self.renames) >= limit.count:
            waits.append(self.renames[-limit.count] + limit.window + MARGIN)
        return max(waits, default=None)
