"""
Regular expressions as in Discord's auto moderation: Rust's syntax, without lookaround and backreferences.

A Pike machine matches them, following all alternatives at once. Its running time is linear in text times pattern, never
exponential, so that no pattern of a bot can hang the simulator. Single characters and classes are matched by `re`.

Sources: docs.rs/regex, "Syntax" and "Untrusted input"; Russ Cox, "Regular Expression Matching: the Virtual Machine
Approach".
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import NamedTuple

_LARGEST = 2000  # instructions per pattern, with counted repetitions expanded
_DEEPEST = 50  # nested groups
_COUNTED = re.compile(r"\{(\d{1,5})(?:(,)(\d{1,5})?)?\}")
_GROUP = re.compile(r"\?(?:P?<[A-Za-z_]\w*>|([a-zA-Z]*)(?:-([a-zA-Z]+))?([:)]))")
_HEX = re.compile(r"\\(?:x([0-9A-Fa-f]{2})|u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|[xuU]\{([0-9A-Fa-f]{1,8})\})")
_CLASS = re.compile(r"\[\^?\]?(?:\\.|[^\\\]])*\]", re.DOTALL)
_KINDS, _CONTROLS = "dDsSwW", {"n": "\n", "t": "\t", "r": "\r", "f": "\f", "v": "\v", "a": "\a"}

Test = Callable[[str], object]
Place = Callable[[str, int], bool]


class Work:
    """The steps left for matching all patterns against one text: about a second's worth."""

    __slots__ = ("left",)

    def __init__(self, left: int = 500_000) -> None:
        self.left = left


class PatternError(ValueError):
    """A pattern is invalid or not supported; the message says which."""


class _Take(NamedTuple):
    """Instruction: consume a character if it passes."""

    passes: Test


class _At(NamedTuple):
    """Instruction: continue if the position in the text fits, such as for `^`."""

    fits: Place


class _Fork(NamedTuple):
    """Instruction: continue at all these relative addresses, in order of preference."""

    ways: tuple[int, ...]


_Code = list["_Take | _At | _Fork"]


@dataclass(frozen=True, slots=True)
class _Flags:
    i: bool = False
    m: bool = False
    s: bool = False
    u: bool = True


class Pattern:
    """A compiled pattern in Rust's syntax; `PatternError` if it is invalid or not supported."""

    def __init__(self, text: str) -> None:
        self._code = _Parser(text).read()

    def found_in(self, text: str, work: Work) -> Iterator[str]:
        """Yield its matches in a text, from left to right, until the work is used up."""
        position = 0
        while (span := self._next(text, position, work)) is not None:
            start, position = span
            yield text[start:position]
            position += start == position

    def _next(self, text: str, position: int, work: Work) -> tuple[int, int] | None:
        """Return the leftmost match at or after `position`; among several, the one that the pattern prefers."""
        best: tuple[int, int] | None = None
        threads: list[tuple[int, int]] = []  # instruction and start of the match, in order of preference
        seen: set[int] = set()
        for at in range(position, len(text) + 1):
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
        """Yield the instructions reachable from a step without consuming a character, in order of preference."""
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
    """Compiles a pattern by recursive descent."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._depth = 0

    def read(self) -> _Code:
        code = self._alternatives(_Flags())
        if self._at < len(self._text):
            raise PatternError("A closing parenthesis has no opening one.")
        return code

    def _eat(self, char: str) -> bool:
        found = self._text.startswith(char, self._at)
        self._at += found * len(char)
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
        """Return the code up to the next `|` or `)`, and the flags in effect there."""
        code: _Code = []
        while self._at < len(self._text) and self._text[self._at] not in "|)":
            part, flags = self._part(flags)
            while part is not None and (count := self._count()) is not None:
                part = _repeated(part, *count, lazy=self._eat("?"))
            code += part or []
            _bounded(code)
        return code, flags

    def _count(self) -> tuple[int, int | None] | None:
        for char, count in (("*", (0, None)), ("+", (1, None)), ("?", (0, 1))):
            if self._eat(char):
                return count
        if (found := self._fit(_COUNTED)) is None:
            return None
        least = int(found[1])
        most = int(found[3]) if found[3] else None if found[2] else least
        if most is not None and most < least:
            raise PatternError("A repetition's maximum is below its minimum.")
        return least, most

    def _part(self, flags: _Flags) -> tuple[_Code | None, _Flags]:
        """Return the code of the next repeatable part (None if it only sets flags), and the flags after it."""
        char = self._text[self._at]
        if char == "(":
            self._at += 1
            return self._group(flags)
        if char == "[":
            return [self._class(flags)], flags
        if char == "\\":
            return [self._escaped(flags)], flags
        if char in "*+?{":
            raise PatternError(f"{char} has nothing to repeat.")
        self._at += 1
        if char == ".":
            return [_Take(lambda found: flags.s or found != "\n")], flags
        if char in "^$":
            return [_At(_EDGES[char, flags.m])], flags
        return [_literal(char, flags)], flags

    def _group(self, flags: _Flags) -> tuple[_Code | None, _Flags]:
        inner = flags
        if self._text.startswith("?", self._at):
            found = self._fit(_GROUP)
            if found is None:
                raise PatternError("Lookaround, backreferences and conditions are not supported.")
            for names, on in ((found[1] or "", True), (found[2] or "", False)):
                for name in names:
                    if name not in "imsu" or (name == "u" and not on):
                        raise PatternError(f"The simulator does not support the flag {name}.")
                    inner = replace(inner, **{name: on})
            if found[3] == ")":
                return None, inner
        self._depth += 1
        if self._depth > _DEEPEST:
            raise PatternError("Groups are nested too deeply.")
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
                raise PatternError("There is no such character.")
            return _literal(chr(number), flags)
        char = self._text[self._at + 1 : self._at + 2]
        self._at += 2
        if char in _PLACES:
            return _At(_PLACES[char])
        if char and char in _KINDS:
            return _Take(_by_re(f"\\{char}", flags))
        if char.isdigit():
            raise PatternError("Backreferences are not supported.")
        if char in ("p", "P", "<", ">"):
            raise PatternError(f"The simulator does not support \\{char}.")
        if not char or (char.isalnum() and char not in _CONTROLS):
            raise PatternError(f"\\{char} is not an escape sequence.")
        return _literal(_CONTROLS.get(char, char), flags)


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


def _literal(char: str, flags: _Flags) -> _Take:
    return _Take(_by_re(re.escape(char), flags) if flags.i else char.__eq__)


def _by_re(text: str, flags: _Flags) -> Test:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")  # nested classes and `&&` are Rust's; `re` takes them literally
            return re.compile(text, re.IGNORECASE if flags.i else 0).fullmatch
    except (re.error, Warning, OverflowError) as error:
        raise PatternError(f"{text} is not a class, or one that the simulator does not support.") from error


def _text_start(text: str, at: int) -> bool:
    return at == 0


def _text_end(text: str, at: int) -> bool:
    return at == len(text)


def _line_start(text: str, at: int) -> bool:
    return at == 0 or text[at - 1] == "\n"


def _line_end(text: str, at: int) -> bool:
    return at == len(text) or text[at] == "\n"


def _word_boundary(text: str, at: int) -> bool:
    before, after = (bool(char) and (char.isalnum() or char == "_") for char in (text[at - 1 : at], text[at : at + 1]))
    return before != after


_EDGES = {("^", False): _text_start, ("^", True): _line_start, ("$", False): _text_end, ("$", True): _line_end}
_PLACES = {
    "b": _word_boundary, "B": lambda text, at: not _word_boundary(text, at), "A": _text_start, "z": _text_end,
}  # fmt: skip
