"""Pages of the bot's own web server, each under a path prefix."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Page:
    """
    An HTTP response.

    Attributes:
        body: the content; HEAD omits it.
        headers: including `Content-Type`.

    """

    body: bytes = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


Answer = Callable[[str, Mapping[str, str]], Awaitable[Page]]
"""Handles a request; takes the path after the prefix and the request headers (case-insensitive names)."""


class Pages:
    """Page handlers by prefix, for GET and HEAD."""

    def __init__(self) -> None:
        self._answers: dict[str, Answer] = {}

    def add(self, prefix: str, answer: Answer) -> None:
        """Serve everything under `/prefix/` by `answer`."""
        self._answers[prefix] = answer

    def find(self, path: str) -> tuple[Answer, str] | None:
        """Return the handler of a path and the rest of the path; None if there is none."""
        _, _, rest = path.partition("/")
        prefix, slash, rest = rest.partition("/")
        answer = self._answers.get(prefix)
        return None if answer is None or not slash else (answer, rest)
