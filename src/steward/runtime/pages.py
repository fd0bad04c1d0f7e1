"""Pages that any part may add to the bot's own web server, each under a prefix of its path."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Page:
    """
    An answer.

    Attributes:
        body: its content; HEAD gets all but that.
        status: of HTTP.
        headers: `Content-Type` among them.

    """

    body: bytes = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


Answer = Callable[[str, Mapping[str, str]], Awaitable[Page]]
"""Called with the path after the prefix and the headers of the request, whose names it may spell in any case."""


class Pages:
    """Pages by prefix; read only: GET and HEAD."""

    def __init__(self) -> None:
        self._answers: dict[str, Answer] = {}

    def add(self, prefix: str, answer: Answer) -> None:
        """Have everything under `/prefix/` answered."""
        self._answers[prefix] = answer

    def find(self, path: str) -> tuple[Answer, str] | None:
        """Return what answers a path, and the part of the path that it is called with; None where nothing does."""
        _, _, rest = path.partition("/")
        prefix, slash, rest = rest.partition("/")
        answer = self._answers.get(prefix)
        return None if answer is None or not slash else (answer, rest)
