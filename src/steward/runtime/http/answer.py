"""
A response, fully read, and errors of web services, by what to do about them.

Sentences name only the host: paths may hold secrets.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

from steward.errors import NotReady, StewardError


class HostAway(NotReady):
    """
    No response, or a temporary failure: connection errors, 408, 425, 429 and 5xx.

    Args:
        status: 0 without a response.
        retry_after: seconds the server asks to wait; 0 if unknown.
        body: of a 4xx, its beginning: it may say which limit was exceeded.
        headers: of the response: some services say there, in their own way, when to come again.

    """

    def __init__(
        self,
        sentence: str,
        *,
        host: str,
        status: int = 0,
        retry_after: float = 0.0,
        body: bytes = b"",
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(sentence)
        self.host = host
        self.status = status
        self.retry_after = retry_after
        self.body = body
        self.headers: Mapping[str, str] = {} if headers is None else headers


class HttpRefused(StewardError):
    """
    Another 4xx; a retry would not help.

    Args:
        body: its beginning.

    """

    def __init__(self, host: str, status: int, body: bytes = b"") -> None:
        super().__init__(f"{host} refuses the request ({status}).")
        self.host = host
        self.status = status
        self.body = body


class Unusable(StewardError):
    """
    The response is unusable: too large, not JSON, a redirect loop.

    Args:
        why: completes "the host ...".

    """

    def __init__(self, host: str, why: str) -> None:
        super().__init__(f"{host} {why}.")
        self.host = host


class AnswerSource(Enum):
    """Where a response comes from."""

    NETWORK = "network"
    """The server."""
    REVALIDATED = "revalidated"
    """The cache, confirmed by the server (304)."""
    CACHED = "cached"
    """The cache, still fresh."""
    STALE = "stale"
    """The cache, expired; the server is unavailable."""


@dataclass(frozen=True, slots=True)
class HttpAnswer:
    """
    A response.

    Attributes:
        status: 200 to 299.
        headers: case-insensitive.
        body: decompressed.

    """

    status: int
    host: str
    headers: Mapping[str, str]
    body: bytes
    source: AnswerSource = AnswerSource.NETWORK

    def json(self) -> Any:
        """
        Return the body as JSON, whatever its content type.

        Raises:
            Unusable: it is not JSON.

        """
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError) as error:
            raise Unusable(self.host, f"answers with {self._kind} where JSON was expected") from error

    @property
    def text(self) -> str:
        """The body as UTF-8, invalid bytes replaced."""
        return self.body.decode("utf-8", "replace")

    @property
    def _kind(self) -> str:
        start = self.body.lstrip()[:1]
        return "nothing" if not start else "a web page" if start == b"<" else "something else"
