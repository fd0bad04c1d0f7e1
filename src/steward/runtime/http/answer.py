"""A response, fully read."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

from steward.runtime.http.failures import Unusable


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
