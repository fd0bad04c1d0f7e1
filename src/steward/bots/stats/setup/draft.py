"""What an administrator is setting up for statistics and has not saved yet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar

from steward.bots.stats.counters.counters import Counted, Counter
from steward.bots.stats.setup.guild_settings import GuildSettings
from steward.client.panels.drafts import Drafts
from steward.guilds.setup.draft import SectionDraft

USUAL = tuple(Counter(0, counted, counted.template) for counted in (Counted.MEMBERS, Counted.ONLINE, Counted.BANS))
"""What most servers want."""


@dataclass(frozen=True, slots=True)
class SetupDraft(SectionDraft[GuildSettings]):
    """
    Settings in the making.

    Attributes:
        make: counters to be made, each with a channel of its own: their `channel_id` is 0 as yet.
        made: channels that were made already, by a Save that could not be finished.

    """

    settings: GuildSettings
    base: GuildSettings
    make: tuple[Counter, ...] = ()
    made: tuple[int, ...] = ()
    names: ClassVar[Sequence[str]] = (
        *("zone", "zone_chosen", "report_channel_id", "report_time", "reports", "heartbeat_channel_id", "count_people"),
    )

    def with_made(self, planned: Counter, counter: Counter) -> SetupDraft:
        """Return the draft once the channel of one of its counters has been made."""
        return replace(
            self,
            settings=self.settings.with_counter(counter),
            make=tuple(other for other in self.make if other != planned),
            made=(*self.made, counter.channel_id),
        )

    def applied_to(self, now: GuildSettings) -> GuildSettings:
        """Return the guild's settings with what was chosen and made; what others have changed meanwhile stays."""
        for counter in self.settings.counters:
            if counter.channel_id in self.made:
                now = now.with_counter(counter)
        return SectionDraft.applied_to(self, now)


def _upgraded(kept: dict[str, Any]) -> dict[str, Any]:
    """Return what an earlier version stored as this one does: it had no `base`, and of counters to make their kind."""
    make = [
        {"channel_id": 0, "counted": item, "template": Counted(item).template} if isinstance(item, str) else item
        for item in kept["make"]
    ]
    return {**kept, "base": kept.get("base", kept["settings"]), "make": make}


SETUP_DRAFTS = Drafts(SetupDraft, "stats.setup.", _upgraded)
