"""A recurrence rule in plain English: “every month on the second Tuesday, 12 times”."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, time

from steward.text.names import DAY_NAMES, MONTH_NAMES
from steward.text.recurrence.parts import END_OF_DAY, RuleParts

_UNITS = {"DAILY": "day", "WEEKLY": "week", "MONTHLY": "month", "YEARLY": "year"}
_FIRST = ("", "first", "second", "third", "fourth", "fifth")
_LAST_DAYS = range(28, 32)
_TEENS = range(11, 14)


def described(parts: RuleParts) -> str:
    """Return the rule as a phrase; of what comes from the start, the caller has filled in the days, not the time."""
    unit = _UNITS[parts.frequency]
    words = [f"every {unit}" if parts.interval == 1 else f"every {parts.interval} {unit}s"]
    words += _days(parts)
    words += _times(parts)
    if parts.positions and not _clamped(parts):
        words.append(f"but only the {_and(_nth(position) for position in parts.positions)} of these")
    if parts.until is not None:
        words.append(f"until {_date(parts.until)}")
    phrase = " ".join(words)
    if parts.count is None:
        return phrase
    return f"{phrase}, {'once' if parts.count == 1 else f'{parts.count} times'}"


def _days(parts: RuleParts) -> list[str]:
    words = []
    months = [MONTH_NAMES[month - 1] for month in parts.months]
    one_date = len(months) == 1 and parts.month_days and parts.month_days[0] > 0 and not parts.positions
    if one_date:
        dates = _and(f"{day} {months[0]}" for day in parts.month_days)
        words.append(f"on {dates}" + (f" if that is a {_weekdays(parts, ' or ')}" if parts.days else ""))
        months = []
    elif parts.month_days:
        last = parts.month_days[-1]
        dates = (
            f"{_ordinal(last)} or, where it is shorter, the last day" if _clamped(parts) else _dates(parts.month_days)
        )
        words.append(f"on the {dates}" + (f" if that is a {_weekdays(parts, ' or ')}" if parts.days else ""))
    elif parts.days:
        words.append(_on_weekdays(parts))
    if parts.year_days:
        words.append(f"on the {_and(map(_nth, parts.year_days))} day of the year")
    if parts.weeks:
        words.append(f"in {_and(f'week {week}' if week > 0 else f'the {_nth(week)} week' for week in parts.weeks)}")
    if months:
        words.append(f"{'of' if any(nth for nth, _ in parts.days) else 'in'} {_and(months)}")
    return words


def _on_weekdays(parts: RuleParts) -> str:
    if any(nth for nth, _ in parts.days):
        return "on the " + _and(f"{_nth(nth)} {DAY_NAMES[day]}" for nth, day in parts.days)
    each = "each " if parts.frequency in ("MONTHLY", "YEARLY") and not parts.weeks else ""
    return f"on {each}{_weekdays(parts, ' and ')}"


def _weekdays(parts: RuleParts, last: str) -> str:
    return _and((DAY_NAMES[day] for _, day in parts.days), last)


def _clamped(parts: RuleParts) -> bool:
    """Tell whether a date is meant that short months have not: their last day stands for it."""
    days = parts.month_days
    return parts.positions == (-1,) and len(days) > 1 and days == tuple(_LAST_DAYS)[: len(days)] and not parts.days


def _dates(days: Sequence[int]) -> str:
    from_start = [_ordinal(day) for day in days if day > 0]
    return _and([*from_start, *(f"{_nth(day)} day" for day in reversed(days) if day < 0)])


def _times(parts: RuleParts) -> list[str]:
    if not (parts.hours or parts.minutes or parts.seconds):
        return []
    if parts.hours:
        minute, second = (parts.minutes or (0,))[0], (parts.seconds or (0,))[0]
        clock = [time(hour, minute, second) for hour in parts.hours]
        return ["at " + _and(f"{at:%H:%M:%S}" if second else f"{at:%H:%M}" for at in clock)]
    minutes = [f"minute {parts.minutes[0]}"] if parts.minutes else []
    return ["at " + _and([*minutes, *(f"second {second}" for second in parts.seconds)])]


def _nth(number: int) -> str:
    """Return `second`, `last`, `2nd last`, `17th`."""
    if number < 0:
        return "last" if number == -1 else f"{_ordinal(-number)} last"
    return _FIRST[number] if number < len(_FIRST) else _ordinal(number)


def _ordinal(number: int) -> str:
    ending = "th" if number % 100 in _TEENS else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


def _date(wall: datetime) -> str:
    day = f"{wall.day} {MONTH_NAMES[wall.month - 1]} {wall.year}"
    return day if wall.time() == END_OF_DAY else f"{day}, {wall:%H:%M}"


def _and(words: Iterable[str], last: str = " and ") -> str:
    *most, final = words
    return f"{', '.join(most)}{last}{final}" if most else final
