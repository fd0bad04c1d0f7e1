"""What an administrator is setting up and has not saved yet, kept so that a restart loses nothing."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from steward.bots.stats.counters.counters import Counted, Counter
from steward.bots.stats.setup.guild_settings import GuildSettings
from steward.client.panels.drafts import Drafts
from steward.text.places import UTC_NAME

CHOSEN = ("zone", "zone_chosen", "report_channel_id", "report_time", "reports", "heartbeat_channel_id", "count_people")
"""The settings that the panel changes; counters are added by it."""

USUAL = (Counted.MEMBERS, Counted.ONLINE, Counted.BANS)


@dataclass(frozen=True, slots=True)
class SetupDraft:
    """
    Settings in the making.

    Attributes:
        settings: as they would be saved.
        base: what held when the draft was begun; only what differs from it is saved.
        make: counters to be made, each with a channel of its own: their `channel_id` is 0 as yet.
        made: channels that were made already, by a Save that could not be finished.
        guessed: the zone is a guess, which nobody has confirmed.

    """

    settings: GuildSettings
    base: GuildSettings
    make: tuple[Counter, ...] = ()
    made: tuple[int, ...] = ()
    guessed: bool = False

    @classmethod
    def first(
        cls, settings: GuildSettings, *, new: bool, report_channel_id: int | None, zone: str | None
    ) -> SetupDraft:
        """
        Begin a draft with what most servers want; what is set up already stays as it is.

        Args:
            settings: what was set up in Discord.
            new: nothing is shown anywhere in the guild yet.
            report_channel_id: where reports could go.
            zone: a guess, for a guild that has chosen none.

        """
        draft = cls.of(settings)
        if new:
            make = tuple(Counter(0, counted, counted.template) for counted in USUAL)
            draft = replace(draft, make=make).choosing(report_channel_id=report_channel_id)
        if zone is not None and not settings.zone_chosen:
            draft = replace(draft, guessed=True).choosing(zone=zone, zone_chosen=True)
        return draft

    @classmethod
    def of(cls, settings: GuildSettings) -> SetupDraft:
        """Begin a draft with what holds now."""
        return cls(settings, settings)

    def with_made(self, planned: Counter, counter: Counter) -> SetupDraft:
        """Return the draft once the channel of one of its counters has been made."""
        return replace(
            self,
            settings=self.settings.with_counter(counter),
            make=tuple(other for other in self.make if other != planned),
            made=(*self.made, counter.channel_id),
        )

    def applied_to(self, now: GuildSettings) -> GuildSettings:
        """Return the guild's settings with what was chosen in the draft; what others have changed meanwhile stays."""
        mine = self.settings
        for counter in mine.counters:
            if counter.channel_id in self.made:
                now = now.with_counter(counter)
        chosen = {name: getattr(mine, name) for name in CHOSEN if getattr(mine, name) != getattr(self.base, name)}
        if mine.zone != UTC_NAME:  # only UTC may be a default that nobody set; whoever saves another has seen it
            chosen["zone_chosen"] = True
        return replace(now, **chosen)

    def choosing(self, **chosen: Any) -> SetupDraft:
        """Return the draft with these of the settings, by name."""
        return replace(self, settings=replace(self.settings, **chosen))


def _upgraded(kept: dict[str, Any]) -> dict[str, Any]:
    """Return what an earlier version stored as this one does: it had no `base`, and of counters to make their kind."""
    make = [
        {"channel_id": 0, "counted": item, "template": Counted(item).template} if isinstance(item, str) else item
        for item in kept["make"]
    ]
    return {**kept, "base": kept.get("base", kept["settings"]), "make": make}


SETUP_DRAFTS = Drafts(SetupDraft, "stats.setup.", _upgraded)
