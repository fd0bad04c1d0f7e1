"""Errors of web services, by what to do about them. Sentences name only the host: paths may hold secrets."""

from __future__ import annotations

from steward.errors import NotReady, StewardError


class HostAway(NotReady):
    """
    No response, or a temporary failure: connection errors, 408, 425, 429 and 5xx.

    Args:
        status: 0 without a response.
        retry_after: seconds the server asks to wait; 0 if unknown.

    """

    def __init__(self, sentence: str, *, host: str, status: int = 0, retry_after: float = 0.0) -> None:
        super().__init__(sentence)
        self.host = host
        self.status = status
        self.retry_after = retry_after


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
