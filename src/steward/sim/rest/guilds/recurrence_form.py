"""
Validation of recurrence rules of scheduled events.

Source: discord-api-docs, developers/resources/guild-scheduled-event.mdx, "Recurrence Rule", "System limitations".
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping

from steward.sim.people.user import Json
from steward.sim.rest.form import Form, as_whole
from steward.sim.scheduled.recurrence import DAILY, MONTHLY, WEEKLY, YEARLY

_LEAP_YEAR = 2000
_DAYS, _WEEKS, _MONTHS = range(7), range(1, 6), range(1, 13)
_KNOWN_SETS = ({0, 1, 2, 3, 4}, {1, 2, 3, 4, 5}, {6, 0, 1, 2, 3}, {4, 5}, {5, 6}, {6, 0})
_NOT_SETTABLE = ("end", "by_year_day", "count")
_TAKEN: Mapping[int, tuple[str, ...]] = {
    YEARLY: ("by_month", "by_month_day"), MONTHLY: ("by_n_weekday",), WEEKLY: ("by_weekday",), DAILY: ("by_weekday",),
}  # fmt: skip
_REQUIRED = {YEARLY: _TAKEN[YEARLY], MONTHLY: _TAKEN[MONTHLY]}
_LISTS = ("by_weekday", "by_n_weekday", "by_month", "by_month_day")
_CHOICES = "BASE_TYPE_CHOICES"


def read(form: Form) -> Json | None:
    """Return the recurrence rule in a form, or None; errors are recorded in the form."""
    asked = form.body.get("recurrence_rule")
    if asked is None:
        return None
    part = form.part("recurrence_rule", asked)
    part.required("start", "frequency")
    start = part.time("start")
    frequency = part.whole("frequency", YEARLY, DAILY)
    found: Json = {"start": start.isoformat() if start else None, "frequency": frequency}
    found["interval"] = part.whole("interval", 1, 2 if frequency == WEEKLY else 1, default=1)
    found |= {"by_weekday": _numbers(part, "by_weekday", _DAYS), "by_n_weekday": _n_weekdays(part)}
    found |= {"by_month": _numbers(part, "by_month", _MONTHS)}
    found |= {"by_month_day": _numbers(part, "by_month_day", range(1, 32))}
    for name in _NOT_SETTABLE:
        if asked.get(name) is not None:
            part.refuse(name, _CHOICES, "This field cannot be set.")
    if frequency is not None and frequency in _TAKEN:
        _check_frequency(part, frequency, found)
    return found | dict.fromkeys(_NOT_SETTABLE)


def _check_frequency(part: Form, frequency: int, found: Json) -> None:
    """Check that a rule has the fields of its frequency with one value each, and a daily rule a known set of days."""
    part.required(*_REQUIRED.get(frequency, ()))
    for name in _LISTS:
        if found[name] is not None and name not in _TAKEN[frequency]:
            part.refuse(name, _CHOICES, "This field cannot be used with this frequency.")
        elif found[name] is not None and frequency != DAILY and len(found[name]) != 1:
            part.refuse_length(name, 1, 1)
    days, months, dates = found["by_weekday"], found["by_month"], found["by_month_day"]
    if frequency == DAILY and days is not None and set(days) not in _KNOWN_SETS:
        part.refuse("by_weekday", _CHOICES, "These weekdays are not a known set.")
    if months and dates and dates[0] > monthrange(_LEAP_YEAR, months[0])[1]:
        part.refuse("by_month_day", _CHOICES, "The month has no such day.")


def _numbers(part: Form, name: str, choices: range) -> list[int] | None:
    if part.body.get(name) is None:
        return None
    found = [as_whole(item) for item in part.items(name, most=len(choices))]
    good = [number for number in found if number is not None and number in choices]
    if len(good) < len(found):
        part.refuse(name, _CHOICES, f"Values must be from {choices[0]} to {choices[-1]}.")
    return good


def _n_weekdays(part: Form) -> list[Json] | None:
    if part.body.get("by_n_weekday") is None:
        return None
    found = []
    for weekday in part.parts("by_n_weekday", most=1):
        weekday.required("n", "day")
        week, day = weekday.whole("n", _WEEKS[0], _WEEKS[-1]), weekday.whole("day", _DAYS[0], _DAYS[-1])
        found.append({"n": week, "day": day})
    return found
