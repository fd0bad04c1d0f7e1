"""
Regular expressions as Discord's auto moderation reads them: those of Rust, without lookaround and backreferences.

They are matched by a Pike machine, which follows all ways through a pattern at once. Its work grows with text and
pattern, never exponentially, so that no pattern of a bot can hang the simulator. Single signs and classes are left to
`re`.

Sources: docs.rs/regex, "Syntax" and "Untrusted input"; Russ Cox, "Regular Expression Matching: the Virtual Machine
Approach".
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import NamedTuple

_LARGEST = 2000  # instructions of a pattern, counted repetitions written out
_DEEPEST = 50  # groups in groups
_COUNTED = re.compile(r"\{(\d{1,5})(?:(,)(\d{1,5})?)?\}")
_GROUP = re.compile(r"\?(?:P?<[A-Za-z_]\w*>|([a-zA-Z]*)(?:-([a-zA-Z]+))?([:)]))")
_HEX = re.compile(r"\\(?:x([0-9A-Fa-f]{2})|u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|[xuU]\{([0-9A-Fa-f]{1,8})\})")
_CLASS = re.compile(r"\[\^?\]?(?:\\.|[^\\\]])*\]", re.DOTALL)
_KINDS, _CONTROLS = "dDsSwW", {"n": "\n", "t": "\t", "r": "\r", "f": "\f", "v": "\v", "a": "\a"}

Test = Callable[[str], object]
Place = Callable[[str, int], bool]


class Work:
    """How many steps matching may still take, of all patterns together that one text is held to: about a second's."""

    __slots__ = ("left",)

    def __init__(self, left: int = 500_000) -> None:
        self.left = left


class PatternError(ValueError):
    """A pattern is wrong, or of a kind that the simulator does not reproduce; the sentence says which."""


class _Take(NamedTuple):
    """Go on if the sign passes."""

    passes: Test


class _At(NamedTuple):
    """Go on if the place in the text is right."""

    fits: Place


class _Fork(NamedTuple):
    """Go on in all of these places, so many instructions away, the first one first."""

    ways: tuple[int, ...]


_Code = list["_Take | _At | _Fork"]


@dataclass(frozen=True, slots=True)
class _Flags:
    i: bool = False
    m: bool = False
    s: bool = False
    u: bool = True


class Pattern:
    """
    A pattern.

    Args:
        text: the pattern, in Rust's syntax.

    Raises:
        PatternError: it is none.

    """

    def __init__(self, text: str) -> None:
        self._code = _Parser(text).read()

    def found_in(self, text: str, work: Work) -> Iterator[str]:
        """Yield what it matches in a text, from left to right, as long as there is work left."""
        place = 0
        while (span := self._next(text, place, work)) is not None:
            start, place = span
            yield text[start:place]
            place += start == place

    def _next(self, text: str, place: int, work: Work) -> tuple[int, int] | None:
        """Return the first match from a place on: of those that begin first, the one that the pattern names first."""
        best: tuple[int, int] | None = None
        threads: list[tuple[int, int]] = []  # where in the code, and where in the text its match begins; best first
        seen: set[int] = set()
        for at in range(place, len(text) + 1):
            if best is None:
                threads += [(step, at) for step in self._ways(0, text, at, seen, work)]
            elif not threads:
                break
            following: list[tuple[int, int]] = []
            seen = set()
            work.left -= len(threads) + 1
            if work.left < 0:
                return None
            for step, start in threads:
                if step == len(self._code):
                    best = start, at
                    break
                take = self._code[step]
                if at < len(text) and isinstance(take, _Take) and take.passes(text[at]):
                    following += [(way, start) for way in self._ways(step + 1, text, at + 1, seen, work)]
            threads = following
        return best

    def _ways(self, step: int, text: str, at: int, seen: set[int], work: Work) -> Iterator[int]:
        """Yield where the code goes on from a step without taking a sign, the best way first."""
        waiting = [step]
        while waiting:
            step = waiting.pop()
            if step in seen:
                continue
            seen.add(step)
            work.left -= 1
            found = self._code[step] if step < len(self._code) else None
            if isinstance(found, _Fork):
                waiting += [step + way for way in reversed(found.ways)]
            elif not isinstance(found, _At):
                yield step
            elif found.fits(text, at):
                waiting.append(step + 1)


class _Parser:
    """Reads a pattern from left to right into code."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._depth = 0

    def read(self) -> _Code:
        code = self._alternatives(_Flags())
        if self._at < len(self._text):
            raise PatternError("A closing parenthesis closes nothing.")
        return code

    def _eat(self, sign: str) -> bool:
        found = self._text.startswith(sign, self._at)
        self._at += found * len(sign)
        return found

    def _fit(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        found = pattern.match(self._text, self._at)
        if found is not None:
            self._at = found.end()
        return found

    def _alternatives(self, flags: _Flags) -> _Code:
        code, flags = self._sequence(flags)
        branches = [code]
        while self._eat("|"):
            code, flags = self._sequence(flags)
            branches.append(code)
        made = branches.pop()
        for branch in reversed(branches):
            made = _bounded([_Fork((1, len(branch) + 2)), *branch, _Fork((len(made) + 1,)), *made])
        return made

    def _sequence(self, flags: _Flags) -> tuple[_Code, _Flags]:
        """Return what stands until the next `|` or `)`; flags that are set there go on behind it."""
        code: _Code = []
        while self._at < len(self._text) and self._text[self._at] not in "|)":
            part, flags = self._part(flags)
            while part is not None and (count := self._count()) is not None:
                part = _repeated(part, *count, lazy=self._eat("?"))
            code += part or []
            _bounded(code)
        return code, flags

    def _count(self) -> tuple[int, int | None] | None:
        for sign, count in (("*", (0, None)), ("+", (1, None)), ("?", (0, 1))):
            if self._eat(sign):
                return count
        if (found := self._fit(_COUNTED)) is None:
            return None
        least = int(found[1])
        most = int(found[3]) if found[3] else None if found[2] else least
        if most is not None and most < least:
            raise PatternError("A repetition ends below where it begins.")
        return least, most

    def _part(self, flags: _Flags) -> tuple[_Code | None, _Flags]:
        """Return the next thing that may be repeated; None where flags were set."""
        sign = self._text[self._at]
        if sign == "(":
            self._at += 1
            return self._group(flags)
        if sign == "[":
            return [self._class(flags)], flags
        if sign == "\\":
            return [self._escaped(flags)], flags
        if sign in "*+?{":
            raise PatternError(f"{sign} repeats nothing.")
        self._at += 1
        if sign == ".":
            return [_Take(lambda found: flags.s or found != "\n")], flags
        if sign in "^$":
            return [_At(_EDGES[sign, flags.m])], flags
        return [_literal(sign, flags)], flags

    def _group(self, flags: _Flags) -> tuple[_Code | None, _Flags]:
        inner = flags
        if self._text.startswith("?", self._at):
            found = self._fit(_GROUP)
            if found is None:
                raise PatternError("Lookaround, backreferences and conditions are not supported.")
            for names, on in ((found[1] or "", True), (found[2] or "", False)):
                for name in names:
                    if name not in "imsu" or (name == "u" and not on):
                        raise PatternError(f"The simulator doesn't reproduce the flag {name}.")
                    inner = replace(inner, **{name: on})
            if found[3] == ")":
                return None, inner
        self._depth += 1
        if self._depth > _DEEPEST:
            raise PatternError("There are too many groups in groups.")
        code = self._alternatives(inner)
        self._depth -= 1
        if not self._eat(")"):
            raise PatternError("A group is not closed.")
        return code, flags

    def _class(self, flags: _Flags) -> _Take:
        found = self._fit(_CLASS)
        if found is None:
            raise PatternError("A class is not closed.")
        return _Take(_by_re(found[0], flags))

    def _escaped(self, flags: _Flags) -> _Take | _At:
        if (found := self._fit(_HEX)) is not None:
            number = int(next(digits for digits in found.groups() if digits), 16)
            if number > 0x10FFFF:  # noqa: PLR2004 - Unicode's last
                raise PatternError("There is no such sign.")
            return _literal(chr(number), flags)
        sign = self._text[self._at + 1 : self._at + 2]
        self._at += 2
        if sign in _PLACES:
            return _At(_PLACES[sign])
        if sign and sign in _KINDS:
            return _Take(_by_re(f"\\{sign}", flags))
        if sign.isdigit():
            raise PatternError("Backreferences are not supported.")
        if sign in ("p", "P", "<", ">"):
            raise PatternError(f"The simulator doesn't reproduce \\{sign}.")
        if not sign or (sign.isalnum() and sign not in _CONTROLS):
            raise PatternError(f"\\{sign} is no escape sequence.")
        return _literal(_CONTROLS.get(sign, sign), flags)


def _bounded(code: _Code) -> _Code:
    if len(code) > _LARGEST:
        raise PatternError("The pattern is too large.")
    return code


def _repeated(part: _Code, least: int, most: int | None, *, lazy: bool) -> _Code:
    size = len(part) + 1
    if size * max(least, most or 0) > _LARGEST:
        raise PatternError("The pattern is too large.")

    def fork(past: int) -> _Fork:
        return _Fork((past, 1) if lazy else (1, past))

    more: _Code = []
    if most is None:
        more = [fork(size + 1), *part, _Fork((-size,))]
    for left in range((most or least) - least, 0, -1):
        more += [fork(left * size), *part]
    return _bounded(part * least + more)


def _literal(sign: str, flags: _Flags) -> _Take:
    return _Take(_by_re(re.escape(sign), flags) if flags.i else sign.__eq__)


def _by_re(text: str, flags: _Flags) -> Test:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")  # a class in a class, or `&&`: Rust's, which `re` would read as signs
            return re.compile(text, re.IGNORECASE if flags.i else 0).fullmatch
    except (re.error, Warning, OverflowError) as error:
        raise PatternError(f"{text} is no class, or one that the simulator doesn't reproduce.") from error


def _begins(text: str, at: int) -> bool:
    return at == 0


def _ends(text: str, at: int) -> bool:
    return at == len(text)


def _line_begins(text: str, at: int) -> bool:
    return at == 0 or text[at - 1] == "\n"


def _line_ends(text: str, at: int) -> bool:
    return at == len(text) or text[at] == "\n"


def _between(text: str, at: int) -> bool:
    """Return whether a word begins or ends at a place."""
    before, after = (bool(sign) and (sign.isalnum() or sign == "_") for sign in (text[at - 1 : at], text[at : at + 1]))
    return before != after


_EDGES = {("^", False): _begins, ("^", True): _line_begins, ("$", False): _ends, ("$", True): _line_ends}
_PLACES = {"b": _between, "B": lambda text, at: not _between(text, at), "A": _begins, "z": _ends}
