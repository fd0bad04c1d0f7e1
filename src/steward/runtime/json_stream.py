"""Reads a JSON file of any size piece by piece in bounded memory, with line numbers."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator
from typing import Any, TextIO

LONGEST = 1 << 16
"""Most characters of a single value read by `value`; at most two such chunks are in memory."""

_DEEPEST = 100
_DECODER = json.JSONDecoder()
_SPACE = re.compile(r"[ \t\n\r]*")


class JsonFault(ValueError):
    """
    The text is not valid JSON from this line on; nothing after it can be read.

    Args:
        line: from 1.
        why: completes "the file ...".

    """

    def __init__(self, line: int, why: str) -> None:
        super().__init__(f"Line {line}: the file {why}.")
        self.line = line
        self.why = why


class JsonStream:
    """
    A pull parser: `members` and `items` enter an object or a list, `value` reads the current value.

    Read or skip each value before asking for the next. Other streaming parsers give no line numbers, and `json` needs
    the whole text in memory. All methods raise JsonFault.

    Args:
        text: the JSON, with universal newlines as from `open`.

    """

    def __init__(self, text: TextIO, *, first_line: int = 1) -> None:
        self._text = text
        self._line = first_line  # of the buffer's first character
        self._buffer = ""
        self._at = 0
        self._ended = False
        self._start = 0  # of the last value

    @property
    def line(self) -> int:
        self.peek()
        return self._line_at(self._at)

    def peek(self) -> str:
        """Return the next character that is not white space; empty at the end."""
        while True:
            self._fill()
            space = _SPACE.match(self._buffer, self._at)
            self._at = space.end() if space else self._at
            if self._at < len(self._buffer) or self._ended:
                return self._buffer[self._at : self._at + 1]

    def members(self) -> Iterator[str]:
        """Enter the object here; yield each name, with its value next in the stream."""
        self._take("{")
        if self.peek() != "}":
            while True:
                if self.peek() != '"':
                    raise self._unexpected('a name in double quotes ("...")')
                name: str = self.value()
                self._take(":")
                yield name
                if self.peek() != ",":
                    break
                self._at += 1
        self._take("}", "a comma or }")

    def items(self) -> Iterator[int]:
        """Enter the list here; yield each index from 0, with its value next in the stream."""
        self._take("[")
        index = 0
        if self.peek() != "]":
            while True:
                yield index
                index += 1
                if self.peek() != ",":
                    break
                self._at += 1
        self._take("]", "a comma or ]")

    def value(self) -> Any:
        """Read one whole value."""
        self.peek()
        self._fill()
        self._start = self._at
        try:
            value, end = _DECODER.raw_decode(self._buffer, self._start)
        except json.JSONDecodeError as error:
            raise self._not_json(error) from error
        except RecursionError as error:
            raise JsonFault(self.line, "holds a value that is nested too deeply") from error
        except ValueError as error:  # int() refuses thousands of digits
            raise JsonFault(self.line, "holds a number of thousands of digits") from error
        if end == len(self._buffer) and not self._ended:
            raise self._too_long()
        self._at = end
        return value

    def skip(self, *, depth: int = 0) -> None:
        """Skip a value of any length."""
        opening = self.peek()
        if depth > _DEEPEST:
            raise JsonFault(self.line, "holds a value that is nested too deeply")
        if opening not in {"{", "["}:
            self.value()
            return
        for _ in self.members() if opening == "{" else self.items():
            self.skip(depth=depth + 1)

    def end(self) -> None:
        """Check that nothing follows."""
        if self.peek():
            raise self._unexpected("the end of the file")

    def line_in_value(self, name: str | None = None) -> int:
        """Return the line of member `name` in the last value read, or of the value's start."""
        found = self._line_at(self._start)
        if name is not None:
            inner = JsonStream(io.StringIO(self._buffer[self._start : self._at]), first_line=found)
            for member in inner.members():
                if member == name:
                    found = inner.line  # of a duplicate name, the last one counts
                inner.value()
        return found

    def _fill(self) -> None:
        """Make sure the buffer holds a value of any allowed length."""
        while not self._ended and len(self._buffer) - self._at <= LONGEST:
            more = self._text.read(LONGEST)
            self._ended = not more
            self._line += self._buffer.count("\n", 0, self._at)
            self._buffer = self._buffer[self._at :] + more
            self._at = 0

    def _take(self, character: str, expected: str | None = None) -> None:
        if self.peek() != character:
            raise self._unexpected(expected or character)
        self._at += 1

    def _line_at(self, position: int) -> int:
        return self._line + self._buffer.count("\n", 0, position)

    def _unexpected(self, expected: str) -> JsonFault:
        found = self.peek()
        if not found:
            return JsonFault(self._line_at(len(self._buffer.rstrip())), f"ends too early: {expected} is missing")
        return JsonFault(self.line, f"has {found!r} where {expected} should be")

    def _not_json(self, error: json.JSONDecodeError) -> JsonFault:
        if not self._ended and (error.pos > self._start + LONGEST - 16 or error.msg.startswith("Unterminated")):
            return self._too_long()
        if not self._buffer[error.pos :].strip():
            return JsonFault(self._line_at(len(self._buffer.rstrip())), "ends in the middle of a value")
        return JsonFault(self._line_at(error.pos), f"is not JSON from here on ({error.msg})")

    def _too_long(self) -> JsonFault:
        return JsonFault(self._line_at(self._start), f"holds a value of more than {LONGEST:,} characters")
