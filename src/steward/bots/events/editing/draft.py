"""An event in the making: what an organiser has written and chosen, and what was understood of it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from steward.bots.events.model.details import BadEvent, Details
from steward.bots.events.model.series import Series
from steward.bots.events.recurrence import planning
from steward.client.embeds import plain
from steward.client.panels.drafts import Drafts
from steward.client.panels.typed_times import TimeReading, TypedTime
from steward.errors import StewardErrors
from steward.store import instant_of
from steward.text.cutting import cut_label
from steward.text.durations import minutes_of, spell
from steward.text.plurals import counted
from steward.text.recurrence.rule import RecurrenceRule
from steward.text.recurrence.usual import Frequency, rule_of, usual


@dataclass(frozen=True, slots=True)
class Texts:
    """What was written in the form, as it was written."""

    title: str = ""
    when: str = ""
    length: str = ""
    seats: str = ""
    description: str = ""


ReadTime = Callable[[str, ZoneInfo], Awaitable[TypedTime]]
"""Reads a time; raises a `StewardError` with a sentence for one that is none, or is past."""


@dataclass(frozen=True, slots=True)
class EventDraft:
    """
    One event in the making.

    Attributes:
        id: of the interaction that began it; it becomes the id of the series, so that it is made once.
        start: on the wall clock; None while no time is understood.
        doubts: the readings of the time, while there is more than one and none was chosen.
        notes: what was assumed about the time.
        problem: why what was written cannot be used; empty where it can.
        rule_worded: whether the words of the time said how it repeats.
        lead: minutes between the post and the start.
        occurrence_id: what is being edited; None for a new event.
        whole: whether an edit is of the whole series.
        base: what was there when the edit began.
        base_rule: the rule of the series then; None for once.
        base_lead: and its lead.

    """

    id: int
    channel_id: int
    zone: ZoneInfo
    texts: Texts = Texts()
    details: Details = field(default_factory=lambda: Details(""))
    start: datetime | None = None
    doubts: tuple[TimeReading, ...] = ()
    notes: tuple[str, ...] = ()
    problem: str = ""
    repeats: Frequency = Frequency.ONCE
    rule: str = ""
    rule_worded: bool = False
    lead: int = 0
    occurrence_id: int | None = None
    whole: bool = False
    base: Details | None = None
    base_rule: str | None = None
    base_lead: int = 0

    async def read(self, texts: Texts, read_time: ReadTime) -> EventDraft:
        """Return the draft with what was written; all that cannot be used is its `problem`, and the texts stay."""
        kept = replace(self, texts=texts, problem="")
        if texts.when != self.texts.when:
            kept = replace(kept, start=None, doubts=(), notes=())
        errors, details = StewardErrors(), replace(self.details, title=texts.title, description=texts.description)
        with errors:
            details = replace(details, minutes=minutes_of(texts.length, "The length", empty=60))
        with errors:
            details = replace(details, seats=_seats(texts.seats))
        draft = replace(kept, details=details)
        with errors:
            draft = draft.choosing()
        if self.occurrence_id is None and draft.start is None:
            with errors:
                typed = await read_time(texts.when, self.zone)
                doubts = () if typed.is_clear else typed.readings
                draft = replace(draft, notes=typed.notes).meaning(typed.readings[0], doubts=doubts)
        return replace(kept, problem=str(errors)) if errors else draft

    def meaning(self, reading: TimeReading, *, doubts: tuple[TimeReading, ...] = ()) -> EventDraft:
        """
        Return the draft with one reading of its time, and with the length and the repetition that its words name.

        Raises:
            BadEvent: it cannot take so long.
            BadRule: the rule cannot be used.

        """
        draft = replace(self, start=reading.start, doubts=doubts)
        if reading.minutes is not None:
            texts = replace(draft.texts, length=spell(reading.minutes))
            draft = replace(draft, texts=texts).choosing(minutes=reading.minutes)
        if reading.rule:
            repeats = usual(reading.rule, reading.start)
            own = reading.rule if repeats is Frequency.CUSTOM else ""
            return replace(draft, repeats=repeats, rule=own, rule_worded=True)
        return replace(draft, repeats=Frequency.ONCE, rule="", rule_worded=False) if draft.rule_worded else draft

    @property
    def is_read(self) -> bool:
        """Whether everything was understood, and nothing is left to ask."""
        return not self.problem and not self.doubts and (self.start is not None or self.occurrence_id is not None)

    def choosing(self, **changes: Any) -> EventDraft:
        """Return the draft with other details; raises `BadEvent` if they cannot be so."""
        return replace(self, details=replace(self.details, **changes).checked())

    def recurrence(self) -> RecurrenceRule | None:
        """Return the rule by which it recurs, None for once; raises `BadRule` if it cannot be used."""
        return None if self.start is None else rule_of(self.repeats, self.start, self.rule)

    def replanned(self, now: Series) -> Series:
        """Return a series with what this edit changes of it; what somebody else changed meanwhile stays."""
        assert self.base is not None  # noqa: S101 - an edit has one
        lead = self.lead if self.lead != self.base_lead else now.lead
        series = replace(now, details=taken_over(now.details, self.base, self.details), lead=lead)
        if self._rule_text(self.start) == self.base_rule:
            return series
        return replace(series, rule=self._rule_text(now.start))

    def retimed(self) -> str:
        """Say what this edit changes of when a series takes place and is posted, in words; empty for nothing."""
        said = []
        if self._rule_text(self.start) != self.base_rule:
            rule = self.recurrence()
            said.append("it takes place once" if rule is None else f"it repeats {rule.describe()}")
        if self.lead != self.base_lead:
            said.append(f"it is posted {spell(self.lead)} before" if self.lead else "it is posted at once")
        return ", ".join(said)

    def _rule_text(self, start: datetime | None) -> str | None:
        rule = None if start is None else rule_of(self.repeats, start, self.rule)
        return None if rule is None else rule.text

    def series(self, guild_id: int, organiser_id: int, now: datetime) -> Series:
        """Return what would be made of it; raises `BadEvent` or `BadRule` if something must be put right first."""
        if self.problem or self.start is None:
            raise BadEvent(self.problem or "It has no time yet.", remedy="Press Change the text.")
        if self.doubts:
            raise BadEvent("That time can be read in more than one way.", remedy="Pick the one you mean.")
        rule = self._rule_text(self.start)
        if rule is None and instant_of(self.start, self.zone) <= now:
            raise planning.PAST
        details = self.details.checked()
        return Series(self.id, guild_id, self.channel_id, organiser_id, self.zone, self.start, rule, self.lead, details)


EVENT_DRAFTS = Drafts(EventDraft, "events.draft.")


def _seats(text: str) -> int | None:
    text = text.strip()
    if not text:
        return None
    if not text.isdecimal():
        raise BadEvent(
            f"“{cut_label(text, 30)}” isn't a number of seats.", remedy="Write a number, or nothing for no limit."
        )
    return int(text)


_SAID = {
    "description": "a new description",
    "image_url": "a new picture",
    "options": "other answers to choose from",
    "roles": "other roles can sign up",
    "role_id": "another role for attendees",
    "reminders": "other reminders",
    "thread": "whether there's a thread",
    "native": "whether there's a Discord event",
    "fields": "other details",
}


def changes(before: Details, after: Details) -> str:
    """Say what differs, such as `it takes 2 hours, 10 seats`; empty where nothing does."""
    return ", ".join(_said(name, after) for name in _different(before, after))


def taken_over(now: Details, before: Details, after: Details) -> Details:
    """Return the present details with what differs between two others; what somebody else changed meanwhile stays."""
    return replace(now, **{name: getattr(after, name) for name in _different(before, after)})


def _different(before: Details, after: Details) -> list[str]:
    return [item.name for item in fields(Details) if getattr(before, item.name) != getattr(after, item.name)]


def _said(name: str, after: Details) -> str:
    if name in _SAID:
        return _SAID[name]
    elsewhere = "elsewhere"
    return {
        "title": f"it's now called {plain(after.title)}",
        "minutes": f"it takes {spell(after.minutes)}",
        "seats": "no limit on seats" if after.seats is None else counted(after.seats, "seat"),
        "cutoff": f"sign-ups close {spell(after.cutoff)} before" if after.cutoff else "sign-ups close at the start",
        "voice_channel_id": elsewhere if after.voice_channel_id is None else f"in <#{after.voice_channel_id}>",
        "place": f"at {plain(after.place)}" if after.place else elsewhere,
    }[name]
