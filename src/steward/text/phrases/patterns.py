"""Rules as they are written: `ON* NTH WEEKDAY (of)`, a row of kinds of tokens, some of them optional."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

from steward.text.phrases.lexicon import ANY
from steward.text.phrases.scanner import Token, Tokens, reach

_MOST_REPEATED = 3

COMPOSED: dict[str, Callable[[Tokens, int], Sequence[Token]]] = {}
"""Kinds of tokens that are made of several tokens, and what finds them."""


class Element(NamedTuple):
    """
    One place of a pattern.

    Attributes:
        kinds: those that fit.
        name: what its value is kept under; empty where that is not wanted.
        least: how often it must stand.
        most: how often it may stand.
        merges: whether tokens that differ only in kind and value are one.

    """

    kinds: frozenset[str]
    name: str
    least: int
    most: int
    merges: bool


class Match(NamedTuple):
    """
    A row of tokens that fits a pattern.

    Attributes:
        end: the position after it.
        values: of the named places, and the kinds of what stood there.
        strict: the languages that have all of its words.
        loose: the same, where English goes with each.
        start: the position of its first token.

    """

    end: int
    values: dict[str, Any]
    strict: int
    loose: int
    start: int


class Pattern:
    """
    A pattern.

    Args:
        text: kinds with spaces between them; `A|B` for either; `?` for perhaps, `*` for up to three; `:name` keeps the
            value under a name, and the kind under `name_kind`.

    """

    def __init__(self, text: str) -> None:
        self.elements = tuple(map(_element, text.split()))
        self.first = frozenset[str]()
        for element in self.elements:
            self.first |= element.kinds
            if element.least:
                break

    def matches(self, tokens: Tokens, start: int) -> Iterator[Match]:
        """Yield the ways in which the text fits from a position on."""
        yield from self._from(tokens, start, Match(start, {}, ANY, ANY, start), 0, 0)

    def _from(self, tokens: Tokens, position: int, so_far: Match, place: int, count: int) -> Iterator[Match]:
        if place == len(self.elements):
            if so_far.end > so_far.start:
                yield so_far
            return
        kinds, name, least, most, merges = self.elements[place]
        if count >= least:
            yield from self._from(tokens, position, so_far, place + 1, 0)
        if count >= most:
            return
        for token in _fitting(tokens, position, kinds, merge=merges):
            tokens.spend()
            loose = so_far.loose & reach(token.languages)
            if not loose:
                continue
            values = so_far.values | {name: token.value, f"{name}_kind": token.kind} if name else so_far.values
            grown = Match(token.end, values, so_far.strict & token.languages, loose, so_far.start)
            yield from self._from(tokens, tokens.after(token.end), grown, place, count + 1)


def _fitting(tokens: Tokens, position: int, kinds: frozenset[str], *, merge: bool) -> list[Token]:
    """Return the tokens of some kinds; merged, those that differ only in kind and value are one of all languages."""
    key = position, kinds, merge
    found = tokens.fitting.get(key)
    if found is None:
        found = [token for token in tokens.at(position) if token.kind in kinds]
        found += [token for kind in kinds & COMPOSED.keys() for token in COMPOSED[kind](tokens, position)]
        if merge:
            merged: dict[int, Token] = {}
            for token in found:
                before = merged.get(token.end)
                languages = token.languages | (before.languages if before else 0)
                merged[token.end] = token._replace(languages=languages)
            found = list(merged.values())
        tokens.fitting[key] = found
    return found


class Rules:
    """Patterns, and what each says."""

    def __init__(self) -> None:
        self._by_kind: dict[str, list[tuple[int, Pattern, Callable[..., Any]]]] = {}
        self._count = 0

    def words(self, *patterns: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        """Let a function note what any of the patterns says."""

        def add(action: Callable[..., Any]) -> Callable[..., Any]:
            for text in patterns:
                pattern = Pattern(text)
                self._count += 1
                for kind in pattern.first:
                    self._by_kind.setdefault(kind, []).append((self._count, pattern, action))
            return action

        return add

    @property
    def patterns(self) -> list[Pattern]:
        """All patterns, each once."""
        return list({number: pattern for found in self._by_kind.values() for number, pattern, _ in found}.values())

    def beginning_with(self, kinds: set[str]) -> list[tuple[Pattern, Callable[..., Any]]]:
        """Return the patterns that may begin with one of some kinds, in their order, and what each says."""
        found = {number: (pattern, action) for kind in kinds for number, pattern, action in self._by_kind.get(kind, ())}
        return [found[number] for number in sorted(found)]


def _element(text: str) -> Element:
    least, most = {"?": (0, 1), "*": (0, _MOST_REPEATED)}.get(text[-1], (1, 1))
    kinds, _, name = text.rstrip("?*").partition(":")
    return Element(frozenset(kinds.split("|")), name, least, most, most > 1 or not name)
