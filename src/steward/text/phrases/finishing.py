"""Completes parsed phrases and ranks them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from steward.text.phrases.clocks import ClockWords
from steward.text.phrases.days import Ahead, DayOfMonth, FirstOf, SomeDayIn, Weekday
from steward.text.phrases.phrase import Phrase, PhraseRefused

_HOUR, _TEN_HOURS, _NOON_HOURS, _DAY = (timedelta(hours=hours) for hours in (1, 10, 12, 24))


def finished(phrase: Phrase) -> Phrase:
    """
    Return the phrase with its parts combined.

    Raises:
        PhraseRefused: it is no complete time.

    """
    if phrase.alone:
        return _alone(phrase)
    phrase = _ended(_in_its_week(phrase))
    if phrase.figures and not (phrase.names_a_day or phrase.zones or phrase.offset or phrase.end):
        raise PhraseRefused  # four digits alone may be anything
    if phrase.clock is None and phrase.elapsed is None and phrase.repeat is None and not phrase.names_a_day:
        raise PhraseRefused
    return _repeating(phrase)


def rank(phrase: Phrase) -> int:
    """Return how unlikely a reading is; lower is better."""
    if phrase.alone and phrase.elapsed is not None:
        return -1 if phrase.elapsed <= _NOON_HOURS else 1  # "2h" is in two hours, "20h" is 20:00
    if isinstance(phrase.day, DayOfMonth) and phrase.day.soon:
        return 2
    return 1 if phrase.figures else 0


def likely(phrases: list[Phrase]) -> list[Phrase]:
    """Return the plausible readings, the most likely first: “20h30” is a time of day, not a duration."""
    exact = [phrase for phrase in phrases if phrase.instant is not None]
    if exact:
        return exact
    if any(phrase.clock is not None for phrase in phrases):
        phrases = [phrase for phrase in phrases if not (phrase.alone and _is_odd(phrase.elapsed))]
    return sorted(phrases, key=rank)


def _is_odd(elapsed: timedelta | None) -> bool:
    return elapsed is not None and (elapsed > _DAY or (elapsed >= _TEN_HOURS and bool(elapsed % _HOUR)))


def _alone(phrase: Phrase) -> Phrase:
    """Refuse other parts with a Unix time or a bare duration."""
    said = Phrase(alone=True, instant=phrase.instant, elapsed=phrase.elapsed)
    if isinstance(phrase.day, Ahead) and phrase.day.same_time:
        said = replace(said, day=phrase.day)
    if said != phrase:
        raise PhraseRefused
    return phrase


def _in_its_week(phrase: Phrase) -> Phrase:
    """Combine the week and the weekday into one day."""
    if phrase.week is None:
        return phrase
    day = phrase.day
    if day is None and phrase.week:
        return replace(phrase, day=SomeDayIn(phrase.week), week=None)
    if not isinstance(day, Weekday) or day.next or day.later or day.weeks is not None:
        raise PhraseRefused
    return replace(phrase, day=Weekday(day.day, weeks=phrase.week), week=None)


def _ended(phrase: Phrase) -> Phrase:
    """Move a day given after the end to the whole phrase."""
    end = phrase.end
    if end is None:
        return phrase
    if phrase.length is not None or phrase.elapsed is not None or end.elapsed is not None or end.alone:
        raise PhraseRefused
    if end.clock is None or not isinstance(phrase.clock, ClockWords):
        raise PhraseRefused
    end = _in_its_week(end)
    if (end.day is not None or end.tonight) and phrase.day is None:
        phrase = replace(phrase, day=end.day, weekday=end.weekday, tonight=end.tonight)
        end = replace(end, day=None, weekday=None, tonight=False)
    if end.tonight:
        raise PhraseRefused
    if end.part and not phrase.part and end.day is None:
        phrase = replace(phrase, part=end.part)
    return replace(phrase, end=end)


def _repeating(phrase: Phrase) -> Phrase:
    """Add the first day of a series."""
    repeat = phrase.repeat
    if repeat is None:
        return phrase
    if phrase.elapsed is not None or (isinstance(phrase.day, Ahead) and phrase.day.same_time):
        raise PhraseRefused
    if phrase.day is None:
        if repeat.frequency != "DAILY":
            raise PhraseRefused  # the weekday is missing
        return replace(phrase, day=FirstOf(()))
    return phrase
