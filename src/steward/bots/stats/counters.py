"""Counter channels: which number a channel shows, and how its name is made."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from steward.bots.stats.facts import GuildCounts


class Counted(StrEnum):
    """What a counter counts; the value is its label where the channel's own name gives none."""

    MEMBERS = "Members"
    ONLINE = "Online"
    BANS = "Bans"


@dataclass(slots=True)
class Counter:
    """
    One counter channel.

    Attributes:
        label: what stands before the number: the text before the first `:` of the channel's name when it was adopted.

    """

    channel_id: int
    counted: Counted
    label: str = ""

    def adopt(self, name: str) -> None:
        """Take the label from a channel's present name; a name without one leaves the counter its own."""
        self.label = name.partition(":")[0].strip() or self.counted.value

    def value(self, counts: GuildCounts) -> int | None:
        """Return the number to show; None while it is unknown."""
        if self.counted is Counted.MEMBERS:
            return counts.members
        return counts.online if self.counted is Counted.ONLINE else counts.bans

    def name(self, counts: GuildCounts) -> str | None:
        """Return the channel name that tells the truth; None while the number is unknown."""
        value = self.value(counts)
        return None if value is None else f"{self.label or self.counted.value}: {value}"
