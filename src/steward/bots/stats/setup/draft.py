"""What an administrator is setting up and has not saved yet, kept so that a restart loses nothing."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import orjson

from steward.bots.stats.counters.counters import Counted, Counter
from steward.bots.stats.setup.guild_settings import GuildSettings, decoded_counter
from steward.store import Store, Transaction, kv
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


class SetupDrafts:
    """Remembers one draft for each guild and administrator."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def of(self, guild_id: int, user_id: int) -> SetupDraft | None:
        """Return the draft, or None where there is none."""
        kept = await self._store.read(lambda tx: kv.get(tx, draft_key(guild_id, user_id)))
        if kept is None:
            return None
        read = orjson.loads(kept)
        base = read.get("base", read["settings"])  # an earlier version kept none: then only new choices are saved
        make = tuple(map(_planned, read["make"]))
        guessed = bool(read.get("guessed", False))
        return SetupDraft(_settings(read["settings"]), _settings(base), make, tuple(read["made"]), guessed)

    async def keep(self, guild_id: int, user_id: int, draft: SetupDraft) -> None:
        """Remember the draft."""
        text = orjson.dumps(
            {
                "settings": _kept(draft.settings),
                "base": _kept(draft.base),
                "make": draft.make,
                "made": draft.made,
                "guessed": draft.guessed,
            }
        ).decode()
        await self._store.write(lambda tx: kv.put(tx, draft_key(guild_id, user_id), text))

    async def drop(self, guild_id: int, user_id: int) -> None:
        """Forget the draft."""

        def work(tx: Transaction) -> None:
            kv.forget(tx, draft_key(guild_id, user_id))

        await self._store.write(work)


def _kept(settings: GuildSettings) -> dict[str, Any]:
    return {**settings.encoded(), "zone": settings.zone, "zone_chosen": settings.zone_chosen}


def _settings(kept: dict[str, Any] | str) -> GuildSettings:
    """Read settings; an earlier version kept them as a text."""
    return GuildSettings.decoded(orjson.loads(kept) if isinstance(kept, str) else kept)


def _planned(item: dict[str, Any] | str) -> Counter:
    """Read a counter that is to be made; an earlier version kept its kind only."""
    if isinstance(item, str):
        return Counter(0, Counted(item), Counted(item).template)
    return decoded_counter(item)


def draft_key(guild_id: int, user_id: int) -> str:
    """Return the key under which a member's draft is kept."""
    return f"stats.setup.{guild_id}.{user_id}"
