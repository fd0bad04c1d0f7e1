"""What an administrator is setting up and has not saved yet, kept so that a restart loses nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, fields, make_dataclass, replace
from typing import Any, ClassVar, Generic, Self

from steward.client.panels.drafts import Drafts
from steward.guilds.settings_book import Section, T
from steward.store import Transaction, kv
from steward.store.export.personal import PersonalData
from steward.text.places import UTC_NAME


@dataclass(frozen=True, slots=True)
class SectionDraft(Generic[T]):
    """
    Settings of one bot in the making.

    Attributes:
        base: what held when the draft was begun; only what differs from it is saved.
        guessed: the zone is a guess, which nobody has confirmed.
        names: the settings that the panel changes; empty for all.

    """

    settings: T
    base: T
    guessed: bool = field(default=False, kw_only=True)
    names: ClassVar[Sequence[str]] = ()

    @classmethod
    def of(cls, settings: T) -> Self:
        """Begin a draft with what holds now."""
        return cls(settings, settings)

    def choosing(self, **chosen: Any) -> Self:
        """Return the draft with these of the settings, by name."""
        return replace(self, settings=replace(self.settings, **chosen))

    def in_zone(self, zone: str, *, guessed: bool = False) -> Self:
        """Return the draft with a zone, an IANA name."""
        return replace(self, guessed=guessed).choosing(zone=zone, zone_chosen=True)

    def applied_to(self, now: T) -> T:
        """Return the guild's settings with what was chosen in the draft; what others have changed meanwhile stays."""
        mine, names = self.settings, self.names or [one.name for one in fields(self.settings)]
        chosen = {name: getattr(mine, name) for name in names if getattr(mine, name) != getattr(self.base, name)}
        if mine.zone != UTC_NAME:  # only UTC may be a default that nobody set; whoever saves another has seen it
            chosen["zone_chosen"] = True
        return replace(now, **chosen)


def setup_drafts(section: Section[T]) -> Drafts[SectionDraft[T]]:
    """Return where the drafts of a section are."""
    kind = type(section.own(0))
    named = make_dataclass(
        f"{kind.__name__}Draft", [("settings", kind), ("base", kind)], bases=(SectionDraft,), frozen=True, slots=True
    )
    return Drafts(named, f"{section.name}.setup.")


def _kept(tx: Transaction, guild_id: int, user_id: int) -> list[tuple[str, str]]:
    sql = 'SELECT "key", value FROM kv WHERE "key" LIKE ?'
    return [(key, draft) for key, draft in tx.all(sql, (f"%.setup.{guild_id}.{user_id}",))]


SETUP_DATA = PersonalData(
    "setup_draft",
    frozenset(),
    lambda tx, guild_id, user_id: [{"draft": draft} for _, draft in _kept(tx, guild_id, user_id)],
    lambda _: "what you chose in `/setup` and haven't saved",
)


def forget_drafts(tx: Transaction, guild_id: int, user_id: int) -> None:
    """Drop what a member has chosen and not saved."""
    for key, _ in _kept(tx, guild_id, user_id):
        kv.forget(tx, key)
