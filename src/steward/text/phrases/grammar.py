"""
The grammar: a text is what the rules can make of all of its words, in as many ways as there are.

No word is passed over: one that nobody knows, such as “not”, would be a wrong time. Where words of one language make
sense, readings that mix languages are not looked at.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from typing import Any, NamedTuple

from steward.text.phrases.clock_rules import CLOCKS
from steward.text.phrases.day_rules import DAYS, swapped
from steward.text.phrases.finishing import finished, likely
from steward.text.phrases.lexicon import ANY
from steward.text.phrases.other_rules import FROM_NOW, WHOLE
from steward.text.phrases.patterns import Match, Rules
from steward.text.phrases.phrase import Phrase, Refused
from steward.text.phrases.scanner import Exhausted, Tokens
from steward.text.phrases.spans import durations

_OF_EITHER_END = (DAYS, CLOCKS, FROM_NOW)


class _State(NamedTuple):
    """What was read so far, and the languages that have all of its words, and those where English goes with each."""

    phrase: Phrase
    strict: int
    loose: int


def read(text: str, *, month_first: bool = False) -> list[Phrase]:
    """
    Return what a text may say, the likeliest first; nothing where one of its words has no place.

    Args:
        text: in any language of Discord, in any case.
        month_first: 3/4 is March 4 rather than 3 April.

    """
    tokens = Tokens(text)
    try:
        whole = _whole(tokens)
    except Exhausted:
        return []
    pure = [state for state in whole if state.strict]
    found: dict[Phrase, None] = {}
    for state in pure or whole:
        with suppress(Refused):
            phrase = finished(state.phrase)
            found[swapped(phrase) if month_first else phrase] = None
    return likely(list(found))


def is_end(text: str) -> bool:
    """Tell whether a text names an end and no beginning: `until 22:00`."""
    tokens = Tokens(text)
    ends = (token.end for token in tokens.at(tokens.after(0)) if token.kind == "TO")
    return any(read(tokens.text[end:]) for end in ends)


def _whole(tokens: Tokens) -> list[_State]:
    """Return what the rules can make of all of the words."""
    size = len(tokens.text)
    states: dict[int, dict[_State, None]] = {tokens.after(0): {_State(Phrase(), ANY, ANY): None}}
    for position in range(size):
        here = states.pop(position, None)
        if not here:
            continue
        for rules in (*_OF_EITHER_END, WHOLE):
            for match, action in _matches(rules, tokens, position):
                tokens.spend(len(here))
                for state in here:
                    for grown in _grown(state, match, action, of_end=rules is not WHOLE):
                        states.setdefault(tokens.after(match.end), {})[grown] = None
    return list(states.get(size, ()))


def _matches(rules: Rules, tokens: Tokens, position: int) -> Iterator[tuple[Match, Callable[..., Any]]]:
    """Yield what the rules can make of the words from a position on."""
    kinds = {token.kind for token in tokens.at(position)}
    if durations(tokens, position):
        kinds.add("DURATION")
    for pattern, action in rules.beginning_with(kinds):
        for match in pattern.matches(tokens, position):
            yield match, action


def _grown(state: _State, match: Match, action: Callable[..., Any], *, of_end: bool) -> Iterator[_State]:
    """Yield the states that a match makes of one; none where it contradicts it."""
    loose = state.loose & match.loose
    if not loose:
        return
    phrase = state.phrase
    inside = of_end and phrase.end is not None
    try:
        said = action(phrase.end if inside else phrase, match)
    except Refused:
        return
    for one in said if isinstance(said, list) else [said]:
        yield _State(replace(phrase, end=one) if inside else one, state.strict & match.strict, loose)
