"""
The grammar: finds all ways to read a whole text by the rules.

Every word must be used: skipping an unknown one, such as “not”, would give a wrong time. If the text makes sense in one
language, readings that mix languages are ignored.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from typing import Any, NamedTuple

from steward.text.phrases.finishing import finished, likely
from steward.text.phrases.lexicon import ANY
from steward.text.phrases.phrase import Phrase, PhraseRefused
from steward.text.phrases.rules.clock_times import CLOCKS
from steward.text.phrases.rules.days import DAYS, swapped
from steward.text.phrases.rules.others import FROM_NOW, WHOLE
from steward.text.phrases.rules.patterns import Match, PhraseTree
from steward.text.phrases.scanner import Exhausted, Tokens
from steward.text.phrases.zones import names_clock

_RULES = PhraseTree(
    [
        (pattern, (action, rules is not WHOLE))
        for rules in (DAYS, CLOCKS, FROM_NOW, WHOLE)
        for pattern, action in rules.actions
    ]
)
"""All rules, each with its action and whether it may apply to the end, after “to”."""


_A_PLACE, _A_STATE = 10, 2
"""Costs in steps: to read a position, and to extend a state."""


_WORDS_OF_A_ZONE = 6


class _State(NamedTuple):
    """What was read so far; the languages that have all its words, also counting English words as any."""

    phrase: Phrase
    strict: int
    loose: int


def read(tokens: Tokens, *, start: int = 0, month_first: bool = False) -> list[Phrase]:
    """
    Return the possible readings, the most likely first; empty if a word has no place.

    Args:
        tokens: of a text in any language of Discord.
        start: where to start.
        month_first: read 3/4 as March 4.

    """
    try:
        whole = _whole(tokens, tokens.after(start))
    except Exhausted:
        return []
    pure = [state for state in whole if state.strict]
    found: dict[Phrase, None] = {}
    for state in pure or whole:
        with suppress(PhraseRefused):
            phrase = finished(state.phrase)
            found[swapped(phrase) if month_first else phrase] = None
    return likely(list(found))


def is_end(tokens: Tokens) -> bool:
    """Return whether a text names only an end: `until 22:00`."""
    ends = (token.end for token in tokens.at(tokens.after(0)) if token.kind == "TO")
    return any(read(tokens, start=end) for end in ends)


def ends_with_zone(tokens: Tokens) -> bool:
    """Return whether a text ends with a known zone."""
    words = [match.start() for match in re.finditer(r"[^\W\d_]+", tokens.text)][-_WORDS_OF_A_ZONE:]
    size = len(tokens.text)
    return any(token.kind == "ZONE" and token.end == size for word in words for token in tokens.at(word))


def clock_unknown(tokens: Tokens) -> str:
    """Return the unknown clock at the end of an otherwise valid time of day: `narnia time`; empty if none."""
    found = ""
    with suppress(Exhausted):
        for position, states in _reached(tokens, tokens.after(0)):
            if names_clock(tokens.text[position:]) and any(_is_time_of_day(state.phrase) for state in states):
                found = tokens.text[position:]
    return found


def _is_time_of_day(phrase: Phrase) -> bool:
    try:
        return finished(phrase).clock is not None
    except PhraseRefused:
        return False


def _whole(tokens: Tokens, start: int) -> list[_State]:
    """Return the readings of all words from a position on."""
    size = len(tokens.text)
    return next((states for position, states in _reached(tokens, start) if position == size), [])


def _reached(tokens: Tokens, start: int) -> Iterator[tuple[int, list[_State]]]:
    """Yield each position the rules reach, with the readings up to there."""
    size = len(tokens.text)
    states: dict[int, dict[_State, None]] = {start: {_State(Phrase(), ANY, ANY): None}}
    for position in range(start, size + 1):
        here = states.pop(position, None)
        if not here:
            continue
        yield position, list(here)
        tokens.spend(_A_PLACE)
        for match, (action, of_end) in _RULES.matches(tokens, position):
            tokens.spend(_A_STATE * len(here))
            for state in here:
                for grown in _grown(state, match, action, of_end=of_end):
                    states.setdefault(tokens.after(match.end), {})[grown] = None


def _grown(state: _State, match: Match, action: Callable[..., Any], *, of_end: bool) -> Iterator[_State]:
    """Yield the states that a match adds to one; none if it contradicts it."""
    loose = state.loose & match.loose
    if not loose:
        return
    phrase = state.phrase
    inside = of_end and phrase.end is not None
    try:
        said = action(phrase.end if inside else phrase, match)
    except PhraseRefused:
        return
    for one in said if isinstance(said, list) else [said]:
        yield _State(replace(phrase, end=one) if inside else one, state.strict & match.strict, loose)
