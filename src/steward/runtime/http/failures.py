"""What a web service may do wrong, by what to do about it. Sentences name its host alone: paths may hold secrets."""

from __future__ import annotations

from steward.errors import NotReady, StewardError


class HostAway(NotReady):
    """
    No answer, or one that says to come again: no connection, one that broke off, 408, 425, 429 and 5xx.

    Args:
        host: whose.
        status: 0 where there was no answer.
        retry_after: seconds for which it asks to wait; 0 where it says nothing.

    """

    def __init__(self, sentence: str, *, host: str, status: int = 0, retry_after: float = 0.0) -> None:
        super().__init__(sentence)
        self.host = host
        self.status = status
        self.retry_after = retry_after


class HttpRefused(StewardError):
    """
    It answers with another 4xx, and will do so again.

    Args:
        host: whose.
        status: of the answer.
        body: what it said, as far as it was read.

    """

    def __init__(self, host: str, status: int, body: bytes = b"") -> None:
        super().__init__(f"{host} refuses the request ({status}).")
        self.host = host
        self.status = status
        self.body = body


class Unusable(StewardError):
    """
    It answers with something that nobody can use: too large, not JSON, redirects in a circle.

    Args:
        host: whose.
        why: completes "the host ...".

    """

    def __init__(self, host: str, why: str) -> None:
        super().__init__(f"{host} {why}.")
        self.host = host
