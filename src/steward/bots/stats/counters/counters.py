"""Counter channels: which number a channel shows, and how its name is made."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from steward.bots.stats.counts.facts import GuildCounts
from steward.text.cutting import cut_label

LONGEST_TEMPLATE = 90  # a name has 100 characters, and a number takes some
COUNT, GOAL, PERCENT = "{count}", "{goal}", "{percent}"
NONE = "?"


class Counted(StrEnum):
    """What a counter counts."""

    MEMBERS = "members"
    ONLINE = "online"
    BANS = "bans"
    HUMANS = "humans"
    BOTS = "bots"
    BOOSTS = "boosts"
    ROLES = "roles"
    CHANNELS = "channels"
    ROLE = "role"
    VOICE = "voice"
    GOAL = "goal"
    DATE = "date"

    @property
    def label(self) -> str:
        """What stands before the number where nobody has said otherwise."""
        return "In voice" if self is Counted.VOICE else self.value.capitalize()

    @property
    def template(self) -> str:
        """The template where nobody has given one."""
        if self is Counted.GOAL:
            return f"{self.label}: {{count}} of {{goal}}"
        return f"{self.label}: {{count}}"


class NumberStyle(StrEnum):
    """How a number is written: 12345 as `12345`, `12,345`, `12.345`, `12 345` or `12.3k`."""

    PLAIN = "plain"
    COMMA = "comma"
    POINT = "point"
    SPACE = "space"
    SHORT = "short"

    def write(self, number: int) -> str:
        return _STYLES[self](number)


def _short(number: int) -> str:
    for size, letter in ((10**9, "B"), (10**6, "M"), (10**3, "k")):
        if abs(number) >= size:
            # Cut, not rounded: 999,999 is not yet a million.
            return f"{int(number / size * 10) / 10:g}{letter}"
    return str(number)


_STYLES: Mapping[NumberStyle, Callable[[int], str]] = {
    NumberStyle.PLAIN: str,
    NumberStyle.COMMA: "{:,}".format,
    NumberStyle.POINT: lambda number: f"{number:,}".replace(",", "."),
    NumberStyle.SPACE: lambda number: f"{number:,}".replace(",", "\u202f"),
    NumberStyle.SHORT: _short,
}


def role_template(name: str) -> str:
    """Return the template of a role's counter where nobody has given one."""
    return f"{cut_label(name, LONGEST_TEMPLATE - 10)}: {COUNT}"


@dataclass(frozen=True, slots=True)
class Counter:
    """
    One counter channel.

    Attributes:
        template: the name, `{count}` standing for the number, `{goal}` and `{percent}` for the guild's goal; None for
            an adopted channel, where the label in its name stays (see `labels`) and administrators may change it.
        role_id: the role whose members are counted, for `Counted.ROLE`.
        made: whether the bot made the channel; it deletes no other.

    """

    channel_id: int
    counted: Counted
    template: str | None = None
    style: NumberStyle = NumberStyle.PLAIN
    role_id: int | None = None
    made: bool = False

    def label_in(self, name: str) -> str:
        """Return the label that an adopted channel of that name has."""
        return label_in(name) or self.counted.label

    def value(self, counts: GuildCounts) -> int | None:
        """Return the number to show; None while it is unknown. A date has its day's number."""
        if self.counted is Counted.ROLE:
            return counts.role_sizes.get(self.role_id or 0)
        if self.counted is Counted.DATE:
            return None if counts.today is None else counts.today.toordinal()
        if self.counted is Counted.GOAL:
            return counts.members if counts.goal is not None else None
        number: int | None = getattr(counts, self.counted.value)
        return number

    def name(self, counts: GuildCounts, label: str = "") -> str | None:
        """
        Return the channel name that tells the truth; None while the number is unknown.

        Args:
            label: what stands before the number of an adopted channel.

        """
        value = self.value(counts)
        if value is None:
            return None
        shown = self.style.write(value)
        if self.counted is Counted.DATE and counts.today is not None:
            shown = f"{counts.today:%a} {counts.today.day} {counts.today:%b}"
        if not self.template:
            return f"{label or self.counted.label}: {shown}"  # the label is kept as it is, whatever stands in it
        name = self.template.replace(COUNT, shown)
        goal, percent = NONE, NONE
        if counts.goal is not None and counts.members is not None:
            goal, percent = self.style.write(counts.goal), f"{min(100, counts.members * 100 // counts.goal)} %"
        return name.replace(GOAL, goal).replace(PERCENT, percent)

    def first_name(self, counts: GuildCounts) -> str:
        """Return the name for a new channel: `…` stands for a number that is not known yet."""
        return self.name(counts) or (self.template or self.counted.template).replace(COUNT, "…")


COLON = re.compile("[:\uff1a\ufe55\ufe13\u2236\ua789]")  # as typed, full-width, small, upright, ratio, in a word
_DIGIT = "[\\d\u00b2\u00b3\u00b9\u2070\u2074-\u2079\u2080-\u2089](?:\ufe0f?\u20e3)?"  # also raised, and as keycap emoji
_DIGITS = f"(?:{_DIGIT})+"
_ONE = f"{_DIGITS}(?:[.,'\u2019\u066c\\s]{_DIGITS})*(?:\\s?[kKmM]|\\s?%)?"  # 12 · 1,234 · 1.2k · 12 345 · 12 %
_NUMBER = f"{_ONE}(?:\\s*/\\s*{_ONE})?"
_OPENING, _CLOSING = "([{<\u300c\u3010\u300e\u27e8", ")\\]}>\u300d\u3011\u300f\u27e9"
_BETWEEN = "\\s_=~\u2248|\u2502\u2503\uff5c\u00b7\u2022\u00bb\u203a\u2192\u30fb\\-\u2010-\u2015\uff0d#"
_FIRST = re.compile(f"^([^\\w{_OPENING}]*)[{_OPENING}]*{_NUMBER}(?![^\\W_])[{_CLOSING}{_BETWEEN}]*")
_LAST = re.compile(f"[{_OPENING}{_BETWEEN}]*(?<![^\\W_]){_NUMBER}[{_CLOSING}{_BETWEEN}]*(\\W*)$")


def label_in(name: str) -> str:
    """
    Return the label in a channel's name; empty where it has none.

    Before a colon everything is the label, as in the names that Steward writes. Elsewhere a number at the beginning or
    the end is the old count of another bot: `Members - 12`, `12 members` and `Members (12)` are labelled `Members`.
    """
    colon = COLON.search(name)
    if colon is not None:
        return name[: colon.start()].strip()
    return _LAST.sub(r" \1", _FIRST.sub(r"\1", name)).strip()
