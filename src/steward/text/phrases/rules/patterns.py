"""Patterns of rules: sequences of token kinds such as `ON* NTH WEEKDAY`, some optional."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Generic, NamedTuple, TypeVar

from steward.text.phrases.lexicon import ANY
from steward.text.phrases.scanner import Token, Tokens, reach

_MAX_REPEATED = 3
Action = TypeVar("Action")

COMPOSED: dict[str, Callable[[Tokens, int], Sequence[Token]]] = {}
"""Token kinds made of several tokens, with their parsers."""


class Element(NamedTuple):
    """
    One element of a pattern.

    Attributes:
        kinds: accepted kinds.
        name: key of its value; empty if unused.
        least: minimum count.
        most: maximum count.
        merges: whether tokens that differ only in kind and value count as one.

    """

    kinds: frozenset[str]
    name: str
    least: int
    most: int
    merges: bool


class Match(NamedTuple):
    """
    Tokens that match a pattern.

    Attributes:
        end: position after the match.
        values: of named elements, and their kinds.
        strict: languages that have all its words.
        loose: the same, counting English words as any.
        start: position of its first token.

    """

    end: int
    values: dict[str, Any]
    strict: int
    loose: int
    start: int


class PhrasePattern:
    """
    A pattern.

    Args:
        text: kinds separated by spaces; `A|B` for alternatives; `?` for optional, `*` for up to three; `:name` stores
            the value under a name, and the kind under `name_kind`.

    """

    def __init__(self, text: str) -> None:
        self.elements = tuple(map(_element, text.split()))

    def matches(self, tokens: Tokens, start: int) -> list[Match]:
        return [match for match, _ in PhraseTree([(self, None)]).matches(tokens, start)]


class _Node:
    """
    An element in the tree of patterns with shared prefixes.

    Attributes:
        element: to match here.
        branches: next elements.
        ends: patterns that end here.
        first: kinds that the rest may start with.
        composed: whether one of these is made of several tokens.
        skipped: patterns whose rest is optional.

    """

    __slots__ = ("branches", "composed", "element", "ends", "first", "skipped")

    def __init__(self, element: Element) -> None:
        self.element = element
        self.branches: list[_Node] = []
        self.ends: list[int] = []
        self.first = frozenset[str]()
        self.composed = False
        self.skipped: list[int] = []

    def grow(self, number: int, elements: Sequence[Element]) -> None:
        """Add the rest of a pattern."""
        if not elements:
            self.ends.append(number)
            return
        element = elements[0]
        branch = next((branch for branch in self.branches if branch.element == element), None)
        if branch is None:
            branch = _Node(element)
            self.branches.append(branch)
        branch.grow(number, elements[1:])

    def close(self) -> None:
        """Compute `first`, `composed` and `skipped` once the tree is complete."""
        self.first = self.element.kinds
        for branch in self.branches:
            branch.close()
            if not self.element.least:
                self.first |= branch.first
        if not self.element.least:
            self.skipped = [*self.ends, *(number for branch in self.branches for number in branch.skipped)]
        self.composed = not COMPOSED.keys().isdisjoint(self.first)


class PhraseTree(Generic[Action]):
    """
    Patterns matched together: shared prefixes are matched once.

    Args:
        patterns: each with its action, in the order of results.

    """

    def __init__(self, patterns: Iterable[tuple[PhrasePattern, Action]]) -> None:
        self._actions: list[Action] = []
        self._root = _Node(Element(frozenset(), "", 0, 0, merges=False))
        for number, (pattern, action) in enumerate(patterns):
            self._actions.append(action)
            self._root.grow(number, pattern.elements)
        self._root.close()

    def matches(self, tokens: Tokens, start: int) -> list[tuple[Match, Action]]:
        found: list[tuple[int, Match]] = []
        _walk(self._root, 0, tokens, start, Match(start, {}, ANY, ANY, start), found)
        found.sort(key=_number)
        return [(match, self._actions[number]) for number, match in found]


def _walk(
    node: _Node, count: int, tokens: Tokens, position: int, so_far: Match, found: list[tuple[int, Match]]
) -> None:
    """Collect matches after an element has matched `count` times."""
    kinds, name, least, most, merges = node.element
    here = tokens.enter(position)
    if count >= least:
        whole = so_far.end > so_far.start
        if whole and node.ends:
            found += [(number, so_far) for number in node.ends]
        for branch in node.branches:
            if branch.composed or not branch.first.isdisjoint(here):
                _walk(branch, 0, tokens, position, so_far, found)
            elif whole and branch.skipped:
                found += [(number, so_far) for number in branch.skipped]
    if count >= most or (kinds.isdisjoint(here) and kinds.isdisjoint(COMPOSED)):
        return
    for token in _fitting(tokens, position, kinds, merge=merges):
        loose = so_far.loose & reach(token.languages)
        if not loose:
            continue
        values = so_far.values
        if name:
            values = {**values, name: token.value, name + "_kind": token.kind}
        grown = Match(token.end, values, so_far.strict & token.languages, loose, so_far.start)
        _walk(node, count + 1, tokens, tokens.after(token.end), grown, found)


def _number(found: tuple[int, Match]) -> int:
    return found[0]


def _fitting(tokens: Tokens, position: int, kinds: frozenset[str], *, merge: bool) -> list[Token]:
    """Return the tokens of some kinds; with `merge`, one per end with all languages."""
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
    """
    Patterns with their actions.

    Attributes:
        actions: pairs of pattern and action, in order.

    """

    def __init__(self) -> None:
        self.actions: list[tuple[PhrasePattern, Callable[..., Any]]] = []

    def words(self, *patterns: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        """Register a function as the action of patterns."""

        def add(action: Callable[..., Any]) -> Callable[..., Any]:
            self.actions += [(PhrasePattern(text), action) for text in patterns]
            return action

        return add


def _element(text: str) -> Element:
    least, most = {"?": (0, 1), "*": (0, _MAX_REPEATED)}.get(text[-1], (1, 1))
    kinds, _, name = text.rstrip("?*").partition(":")
    return Element(frozenset(kinds.split("|")), name, least, most, most > 1 or not name)
