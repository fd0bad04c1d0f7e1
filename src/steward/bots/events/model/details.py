"""What an event is, apart from when: one value, kept whole with the series and with an occurrence that differs."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from datetime import tzinfo
from enum import StrEnum
from functools import lru_cache
from typing import Any

import orjson

from steward.bots.events.model.pictures import lasting
from steward.errors import StewardError, StewardErrors
from steward.text.cutting import cut_label
from steward.text.markup import unmarked

LONGEST_TITLE = 100  # of a native scheduled event; an embed would take 256
LONGEST_DESCRIPTION = 1000  # the same (docs: "Create Guild Scheduled Event"); an embed would take 4096
LONGEST_LABEL = 80  # of a button (docs: Components > "Button")
LONGEST_EMOJI = 32
LONGEST_FIELD_NAME = 32
LONGEST_FIELD = 200
MAX_OPTIONS = 10
MAX_FIELDS = 10
MAX_REMINDERS = 10
MAX_ROLES = 25
MAX_SEATS = 10_000
LONGEST_MINUTES = 7 * 24 * 60
EARLIEST_REMINDER = 28 * 24 * 60
_ADDRESS = re.compile(r"https?://[^\s/?#]+\.[^\s/?#]+(?:[/?#]\S*)?")


class BadEvent(StewardError):
    """An event cannot be as somebody wants it; the sentence says what is wrong and how to put it right."""


@dataclass(frozen=True, slots=True)
class Option:
    """
    One of the answers a member may give.

    Attributes:
        key: its name in component ids and tables; stays when the label changes.
        emoji: a Unicode emoji before it, or nothing.
        comes: whether who answers so comes: takes a seat of the event, is reminded and has the role.
        declines: whether who answers so has nothing more to do with it, and is told of no change.
        seats: how many may; None for no bound.

    """

    key: str
    label: str
    emoji: str = ""
    comes: bool = False
    declines: bool = False
    seats: int | None = None


YES, LATE, MAYBE, NO = (
    Option("yes", "Yes", "✅", comes=True),
    Option("late", "Late", "🕒", comes=True),
    Option("maybe", "Maybe", "❔"),
    Option("no", "No", "❌", declines=True),
)
USUAL = (YES, LATE, MAYBE, NO)


class Reach(StrEnum):
    """How a reminder reaches those who come."""

    MENTION = "mention"
    ROLE = "role"
    DM = "dm"


@dataclass(frozen=True, slots=True)
class Reminder:
    """
    One notice ahead of an event.

    Attributes:
        minutes: before the start; 0 is the start itself.

    """

    minutes: int
    reach: Reach = Reach.MENTION


@dataclass(frozen=True, slots=True)
class Details:
    """
    What an event is.

    Attributes:
        title: up to 100 characters.
        description: up to 1000 characters, Discord's markdown.
        image_url: a picture under the text; empty for none.
        options: what members may answer, in the order of the buttons.
        seats: how many may come in all, whichever way; None for no bound.
        cutoff: minutes before the start after which nobody answers any more; 0 to answer until the start.
        roles: who may answer: members with one of these; everybody where there is none.
        role_id: given to those who come, until the event is over; None for none.
        voice_channel_id: where it takes place, and where attendance is measured; None for elsewhere.
        place: where, in words, where that is no voice channel.
        fields: further facts by their names: `{"Raid": "Molten Core"}`.

    """

    title: str
    description: str = ""
    minutes: int = 60
    image_url: str = ""
    options: tuple[Option, ...] = USUAL
    seats: int | None = None
    cutoff: int = 0
    roles: frozenset[int] = frozenset()
    role_id: int | None = None
    voice_channel_id: int | None = None
    place: str = ""
    reminders: tuple[Reminder, ...] = (Reminder(30), Reminder(0))
    thread: bool = False
    native: bool = False
    fields: tuple[tuple[str, str], ...] = ()

    def name(self, zone: tzinfo) -> str:
        """Return the title for where no markdown is read: the name of a thread, of Discord's event, of an entry."""
        return cut_label(unmarked(self.title, zone), LONGEST_TITLE)

    @property
    def coming(self) -> list[str]:
        """The keys of the options that mean coming, in their order; there is one at least."""
        return [option.key for option in self.options if option.comes]

    def option(self, key: str) -> Option | None:
        """Return the option of that key, or None where there is none any more."""
        return next((option for option in self.options if option.key == key), None)

    def checked(self) -> Details:
        """Return the same, trimmed; raises `BadEvent` with all that is missing, too long or out of range."""
        errors = StewardErrors()

        def check(holds: bool, sentence: str, remedy: str = "") -> None:
            if not holds:
                errors.append(BadEvent(sentence, remedy=remedy))

        trimmed = replace(
            self,
            title=self.title.strip(),
            description=self.description.strip(),
            place=self.place.strip(),
            image_url=lasting(self.image_url.strip()),
        )
        check(bool(trimmed.title), "An event needs a title.", "Give it one.")
        for what, text, longest in (
            ("title", trimmed.title, LONGEST_TITLE),
            ("description", trimmed.description, LONGEST_DESCRIPTION),
            ("place", trimmed.place, LONGEST_TITLE),
        ):
            check(
                len(text) <= longest,
                f"The {what} has {len(text)} characters; the limit is {longest}.",
                f"Shorten it by {len(text) - longest}.",
            )
        check(1 <= self.minutes <= LONGEST_MINUTES, "An event takes from one minute to a week.", "Change its length.")
        check(
            not trimmed.image_url or _ADDRESS.fullmatch(trimmed.image_url) is not None,
            "The picture must be a web address.",
            "Use one like https://example.org/picture.png, without spaces.",
        )
        check(0 <= self.cutoff <= EARLIEST_REMINDER, "Sign-ups can close four weeks before the start at most.")
        self._check_options(check)
        check(_fits(self.seats), f"Seats are from 1 to {MAX_SEATS:,}.", "Leave it empty for no limit.")
        check(len(self.roles) <= MAX_ROLES, f"At most {MAX_ROLES} roles can sign up.")
        check(len(self.reminders) <= MAX_REMINDERS, f"An event has {MAX_REMINDERS} reminders at most.")
        for reminder in self.reminders:
            check(0 <= reminder.minutes <= EARLIEST_REMINDER, "A reminder comes four weeks before the start at most.")
        check(
            len({reminder.minutes for reminder in self.reminders}) == len(self.reminders),
            "Two reminders are at the same time.",
            "Leave one out.",
        )
        check(len(self.fields) <= MAX_FIELDS, f"An event has {MAX_FIELDS} further details at most.")
        for name, text in self.fields:
            check(
                0 < len(name.strip()) <= LONGEST_FIELD_NAME and 0 < len(text.strip()) <= LONGEST_FIELD,
                f"A detail has a name of up to {LONGEST_FIELD_NAME} and a text of up to {LONGEST_FIELD} characters.",
                f"Change “{cut_label(name, LONGEST_LABEL)}”.",
            )
        if errors:
            raise BadEvent(str(errors))
        return trimmed

    def _check_options(self, check: Callable[..., None]) -> None:
        check(
            1 <= len(self.options) <= MAX_OPTIONS,
            f"An event has 1 to {MAX_OPTIONS} answers, not {len(self.options)}.",
        )
        check(len({option.key for option in self.options}) == len(self.options), "Two answers are the same.")
        check(
            any(option.comes for option in self.options),
            "None of the answers means coming.",
            "Start one of them with +.",
        )
        for option in self.options:
            check(
                0 < len(option.label.strip()) <= LONGEST_LABEL and len(option.emoji) <= LONGEST_EMOJI,
                f"An answer has 1 to {LONGEST_LABEL} characters.",
                f"Change “{cut_label(option.label, LONGEST_LABEL)}”.",
            )
            check(_fits(option.seats), f"Seats are from 1 to {MAX_SEATS:,}.", "Leave it empty for no limit.")

    def encoded(self) -> str:
        """Return it as JSON; `decoded` reads it."""
        return orjson.dumps({**asdict(self), "roles": sorted(self.roles)}).decode()


@lru_cache(maxsize=128)  # each click on a post reads the event's
def decoded(text: str) -> Details:
    """Read what `Details.encoded` wrote, now or in an earlier version: what is missing has its default."""
    kept: dict[str, Any] = orjson.loads(text)
    known = {name: value for name, value in kept.items() if name in Details.__slots__}
    for name, read in (
        ("options", lambda items: tuple(Option(**item) for item in items)),
        ("reminders", lambda items: tuple(Reminder(item["minutes"], Reach(item["reach"])) for item in items)),
        ("roles", frozenset),
        ("fields", lambda items: tuple((name, text) for name, text in items)),
    ):
        if name in known:
            known[name] = read(known[name])
    if "image_url" in known:
        known["image_url"] = lasting(known["image_url"])
    return Details(**known)


def _fits(seats: int | None) -> bool:
    return seats is None or 1 <= seats <= MAX_SEATS
