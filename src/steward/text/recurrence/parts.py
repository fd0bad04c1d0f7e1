"""The parts of a recurrence rule as RFC 5545 (3.3.10) writes them: read, checked one by one, written in one order."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import datetime, time

from steward.errors import StewardError

FREQUENCIES = ("DAILY", "WEEKLY", "MONTHLY", "YEARLY")
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
MAX_COUNT = 1000
MAX_INTERVAL = 1000
SHORTEST_MONTH = 28
LONGEST = 300
END_OF_DAY = time(23, 59, 59)
EXAMPLES = "Examples: FREQ=WEEKLY;BYDAY=MO,WE or FREQ=MONTHLY;BYDAY=2TU;COUNT=12."

# Name, field, smallest, largest, and whether it may count from the end with a minus.
_LISTS = (
    ("BYMONTH", "months", 1, 12, False),
    ("BYWEEKNO", "weeks", 1, 53, True),
    ("BYYEARDAY", "year_days", 1, 366, True),
    ("BYMONTHDAY", "month_days", 1, 31, True),
    ("BYHOUR", "hours", 0, 23, False),
    ("BYMINUTE", "minutes", 0, 59, False),
    ("BYSECOND", "seconds", 0, 59, False),
    ("BYSETPOS", "positions", 1, 366, True),
)
_NAMES = {"FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST", "BYDAY", *(name for name, *_ in _LISTS)}
_DAY = re.compile(rf"([+-]?\d{{1,2}})?({'|'.join(WEEKDAYS)})")
_FASTER = ("HOURLY", "MINUTELY", "SECONDLY")
Numbers = tuple[int, ...]


class BadRule(StewardError):
    """A recurrence rule that cannot be used; the sentence says why, the remedy how it is written."""


@dataclass(frozen=True, slots=True)
class RuleParts:
    """
    What a rule says, without the start that it counts from.

    Attributes:
        frequency: one of `FREQUENCIES`.
        interval: every how many of them, 1 to 1000.
        days: pairs of an ordinal within the month or year (0 for each, negative from the end) and a weekday, Monday 0.
        positions: which of the occurrences within one month, year, … are meant; the other lists are as RFC 5545 names
            them.
        until: the last wall time that may be one, to the second.

    """

    frequency: str
    interval: int = 1
    months: Numbers = ()
    weeks: Numbers = ()
    year_days: Numbers = ()
    month_days: Numbers = ()
    days: tuple[tuple[int, int], ...] = ()
    hours: Numbers = ()
    minutes: Numbers = ()
    seconds: Numbers = ()
    positions: Numbers = ()
    week_start: int = 0
    until: datetime | None = None
    count: int | None = None

    @classmethod
    def parse(cls, text: str) -> RuleParts:
        """
        Read `FREQ=WEEKLY;BYDAY=MO,WE`, with or without `RRULE:` before it.

        Raises:
            BadRule: a part is unknown, said twice, out of its range, or has no place in such a rule.

        """
        values = _split(text)
        found = {field: _numbers(values, name, least, most, signed) for name, field, least, most, signed in _LISTS}
        parts = cls(
            _frequency(values),
            _whole(values, "INTERVAL", 1, MAX_INTERVAL),
            days=_days(values),
            week_start=_weekday(values.get("WKST", "MO")),
            until=_until(values.get("UNTIL")),
            count=_whole(values, "COUNT", 1, MAX_COUNT) if "COUNT" in values else None,
            **found,
        )
        _check(parts)
        return parts

    def on_date(self, day: int) -> RuleParts:
        """Return a monthly rule for a day of the month; months that are shorter have it on their last day."""
        days = tuple(range(SHORTEST_MONTH, day + 1)) or (day,)
        return replace(self, month_days=days, positions=(-1,) if len(days) > 1 else ())

    @property
    def text(self) -> str:
        """The rule in its one normal form, which `parse` reads back."""
        written = [f"FREQ={self.frequency}"]
        if self.interval > 1:
            written.append(f"INTERVAL={self.interval}")
        for name, field, *_ in _LISTS[:4]:
            written += _listed(name, getattr(self, field))
        if self.days:
            written.append("BYDAY=" + ",".join(f"{nth or ''}{WEEKDAYS[day]}" for nth, day in self.days))
        for name, field, *_ in _LISTS[4:]:
            written += _listed(name, getattr(self, field))
        if self.week_start:
            written.append(f"WKST={WEEKDAYS[self.week_start]}")
        if self.until is not None:
            whole_day = self.until.time() == END_OF_DAY
            written.append(f"UNTIL={self.until:%Y%m%d}" if whole_day else f"UNTIL={self.until:%Y%m%dT%H%M%S}")
        if self.count is not None:
            written.append(f"COUNT={self.count}")
        return ";".join(written)


def _listed(name: str, numbers: Numbers) -> list[str]:
    return [f"{name}=" + ",".join(map(str, numbers))] if numbers else []


def _split(text: str) -> dict[str, str]:
    if len(text) > LONGEST:
        raise BadRule(f"The rule is longer than {LONGEST} characters.", remedy=EXAMPLES)
    values: dict[str, str] = {}
    for part in text.strip().upper().removeprefix("RRULE:").strip(";").split(";"):
        name, equals, value = (word.strip() for word in part.partition("="))
        if not equals or not value:
            raise BadRule(f"“{part.strip()}” isn't part of a recurrence rule.", remedy=EXAMPLES)
        if name not in _NAMES:
            raise BadRule(f"A recurrence rule has no part {name}.", remedy=f"It may have {', '.join(sorted(_NAMES))}.")
        if name in values:
            raise BadRule(
                f"The rule says {name} twice.", remedy="Leave one of them out; a list is written with commas."
            )
        values[name] = value
    return values


def _frequency(values: dict[str, str]) -> str:
    frequency = values.get("FREQ", "")
    if frequency in _FASTER:
        raise BadRule(f"An event cannot repeat {frequency.lower()}.", remedy=f"FREQ is {', '.join(FREQUENCIES)}.")
    if frequency not in FREQUENCIES:
        said = f"FREQ cannot be {frequency}" if frequency else "The rule does not say how often: FREQ is missing"
        raise BadRule(f"{said}.", remedy=f"FREQ is {', '.join(FREQUENCIES)}.")
    return frequency


def _whole(values: dict[str, str], name: str, least: int, most: int) -> int:
    value = values.get(name, "1")
    if not (value.isascii() and value.isdecimal() and least <= int(value) <= most):
        raise BadRule(f"{name} cannot be {value}.", remedy=f"It is a whole number from {least} to {most}.")
    return int(value)


def _numbers(values: dict[str, str], name: str, least: int, most: int, signed: bool) -> Numbers:
    numbers = set()
    for value in values[name].split(",") if name in values else ():
        match = re.fullmatch(r"[+-]?\d{1,3}" if signed else r"\d{1,3}", value.strip(), re.ASCII)
        number = int(match[0]) if match else -1
        if not match or not least <= abs(number) <= most:
            from_end = " or, from the end, with a minus" if signed else ""
            raise BadRule(
                f"{name} cannot be {value}.", remedy=f"It is {least} to {most}{from_end}; several with commas."
            )
        numbers.add(number)
    return tuple(sorted(numbers))


def _days(values: dict[str, str]) -> tuple[tuple[int, int], ...]:
    days = set()
    for value in values["BYDAY"].split(",") if "BYDAY" in values else ():
        match = _DAY.fullmatch(value.strip())
        if not match or (match[1] and not 1 <= abs(int(match[1])) <= 53):  # noqa: PLR2004 - the weeks of a year
            raise BadRule(
                f"BYDAY cannot be {value}.", remedy="It is such as MO,WE or 2TU (the second) or -1FR (the last)."
            )
        days.add((int(match[1] or 0), WEEKDAYS.index(match[2])))
    return tuple(sorted(days))


def _weekday(value: str) -> int:
    if value not in WEEKDAYS:
        raise BadRule(f"WKST cannot be {value}.", remedy=f"It is one of {', '.join(WEEKDAYS)}.")
    return WEEKDAYS.index(value)


def _until(value: str | None) -> datetime | None:
    """Read the end; a date alone means that whole day, as people mean it."""
    if value is None:
        return None
    if value.endswith("Z"):
        raise BadRule(
            f"UNTIL={value} is in UTC, but the rule is in the local time of the event.",
            remedy="Write the last day, such as UNTIL=20261231, or local time without the Z: UNTIL=20261231T190000.",
        )
    try:
        if not re.fullmatch(r"\d{8}(T\d{6})?", value, re.ASCII):
            raise ValueError
        until = datetime.fromisoformat(value)
    except ValueError:
        raise BadRule(
            f"UNTIL cannot be {value}.",
            remedy="It is a date such as 20261231, or a local time such as 20261231T190000.",
        ) from None
    return until if "T" in value else datetime.combine(until, END_OF_DAY)


def _check(parts: RuleParts) -> None:
    """Refuse what RFC 5545 does not allow beside each other."""
    yearly, monthly = parts.frequency == "YEARLY", parts.frequency == "MONTHLY"
    ordinals = any(nth for nth, _ in parts.days)
    lists = any(getattr(parts, field) for _, field, *_ in _LISTS[:-1]) or bool(parts.days)
    wrong = (
        (parts.weeks and not yearly, "BYWEEKNO needs FREQ=YEARLY."),
        (parts.year_days and not yearly, "BYYEARDAY needs FREQ=YEARLY."),
        (parts.month_days and parts.frequency == "WEEKLY", "BYMONTHDAY cannot be in a weekly rule."),
        (ordinals and not (yearly or monthly), "BYDAY with a number, such as 2TU, needs FREQ=MONTHLY or FREQ=YEARLY."),
        (ordinals and parts.weeks, "BYDAY with a number cannot stand beside BYWEEKNO."),
        (ordinals and not all(nth for nth, _ in parts.days), "In BYDAY either all days have a number or none has."),
        (parts.positions and not lists, "BYSETPOS needs another BY part to choose from."),
        (parts.until and parts.count, "COUNT and UNTIL cannot both end a rule."),
        (
            len(parts.minutes) > 1 or len(parts.seconds) > 1,
            "Occurrences must be at least an hour apart, so BYMINUTE and BYSECOND take one number.",
        ),
    )
    for is_wrong, sentence in wrong:
        if is_wrong:
            raise BadRule(sentence, remedy=EXAMPLES)
