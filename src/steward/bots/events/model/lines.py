"""What an organiser writes one a line: answers to an event (`+ ✅ Tank | 2`) and further facts (`Bring: snacks`)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import count

from steward.bots.events.model.details import MAX_OPTIONS, BadEvent, Option
from steward.text.cutting import cut_label
from steward.text.emoji import is_emoji

COMES, DECLINES = "+", "-"
HOW = "Write one answer per line, like “+ 🛡️ Tank | 2”: + means coming, - not coming, and | comes before the seats."


def options_text(options: Sequence[Option]) -> str:
    """Write answers as lines; `read_options` reads them back."""
    return "\n".join(_line(option) for option in options)


def read_options(text: str, before: Sequence[Option], *, new: int) -> tuple[Option, ...]:
    """
    Read the lines of answers.

    Args:
        text: the lines; empty ones are passed over.
        before: the present answers. One with the same label, or in the same place of a list as long, keeps its key,
            and with it those who have answered so.
        new: names those that are new; the id of an interaction, so that a key never comes again: whoever gave an answer
            that was removed has not given another.

    Raises:
        BadEvent: a line is no answer, or there are none, too many, or none that comes.

    """
    read = [_read(line) for line in text.splitlines() if line.strip()]
    if not 1 <= len(read) <= MAX_OPTIONS:
        raise BadEvent(f"An event has 1 to {MAX_OPTIONS} answers, not {len(read)}.", remedy=HOW)
    if not any(option.comes for option in read):
        raise BadEvent("None of the answers means coming.", remedy="Start one of them with +.")
    labels = [option.label.casefold() for option in read]
    if len(set(labels)) < len(labels):
        raise BadEvent("Two answers are the same.", remedy="Give each a label of its own.")
    return _keyed(read, before, new)


def read_fields(text: str) -> tuple[tuple[str, str], ...]:
    """
    Read the lines; empty ones are passed over.

    Raises `BadEvent` if a line has no name before a colon, or nothing after it.
    """
    found = []
    for line in filter(str.strip, text.splitlines()):
        name, _, fact = (part.strip() for part in line.partition(":"))
        if not name or not fact:
            raise BadEvent(
                f"“{cut_label(line.strip(), 60)}” isn't a detail I can read.",
                remedy="Write a name, a colon and a text, like `Bring: snacks`.",
            )
        found.append((name, fact))
    return tuple(found)


def fields_text(fields: Sequence[tuple[str, str]]) -> str:
    """Write facts as lines; `read_fields` reads them back."""
    return "\n".join(f"{name}: {fact}" for name, fact in fields)


def _read(line: str) -> Option:
    text, bar, number = line.strip().partition("|")
    seats = None
    if bar:
        if not number.strip().isdecimal():
            raise BadEvent(f"“{cut_label(line.strip(), 60)}” has no number of seats after the |.", remedy=HOW)
        seats = int(number)
    mark = text[:1]
    words = text.removeprefix(COMES).split() if mark != DECLINES else text[1:].split()
    emoji = words.pop(0) if words and is_emoji(words[0]) else ""
    label = " ".join(words)
    if not label:
        raise BadEvent(f"The answer “{cut_label(line.strip(), 60)}” has no text.", remedy=HOW)
    if label.startswith("<") and label.partition(">")[0].count(":") == 2:  # noqa: PLR2004 - <:name:id>
        raise BadEvent("Answers can't use this server's own emoji.", remedy="Use a standard one.")
    return Option("", label, emoji, comes=mark == COMES, declines=mark == DECLINES, seats=seats)


def _keyed(read: Sequence[Option], before: Sequence[Option], new: int) -> tuple[Option, ...]:
    keys = {option.label.casefold(): option.key for option in before}
    found = [keys.get(option.label.casefold()) for option in read]
    if len(read) == len(before):
        kept = set(found)
        found = [key or (old.key if old.key not in kept else None) for key, old in zip(found, before, strict=True)]
    known = {option.key for option in before}  # a draft is written more than once
    fresh = (key for number in count(1) if (key := f"{new}_{number}") not in known)
    return tuple(replace(option, key=key or next(fresh)) for option, key in zip(read, found, strict=True))


def _line(option: Option) -> str:
    mark = COMES if option.comes else DECLINES if option.declines else ""
    seats = "" if option.seats is None else f"| {option.seats}"
    return " ".join(part for part in (mark, option.emoji, option.label, seats) if part)
