"""An answer, read whole."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

from steward.runtime.http.failures import Unusable


class AnswerSource(Enum):
    """Where an answer comes from."""

    NETWORK = "network"
    """The service, just now."""
    REVALIDATED = "revalidated"
    """Kept here; the service has just said that it still holds (304)."""
    CACHED = "cached"
    """Kept here, and fresh by the service's own word."""
    STALE = "stale"
    """Kept here, and too old, for the service is away."""


@dataclass(frozen=True, slots=True)
class HttpAnswer:
    """
    What a service said.

    Attributes:
        status: 200 to 299.
        host: who answered.
        headers: names in any case.
        body: decompressed.
        source: where it comes from.

    """

    status: int
    host: str
    headers: Mapping[str, str]
    body: bytes
    source: AnswerSource = AnswerSource.NETWORK

    def json(self) -> Any:
        """
        Return the body as JSON, whatever its type is said to be.

        Raises:
            Unusable: it is something else.

        """
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError) as error:
            raise Unusable(self.host, f"answers with {self._kind} where JSON was expected") from error

    @property
    def text(self) -> str:
        """The body as UTF-8; what is not, is replaced."""
        return self.body.decode("utf-8", "replace")

    @property
    def _kind(self) -> str:
        start = self.body.lstrip()[:1]
        return "nothing" if not start else "a web page" if start == b"<" else "something else"
