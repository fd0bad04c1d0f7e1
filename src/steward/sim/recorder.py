"""What bots did to the simulated Discord: every request and every gateway payload, for tests and summaries."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

import orjson


@dataclass(slots=True, frozen=True)
class Request:
    """
    One answered (or dropped) request.

    `route` is the template, such as `/channels/{channel_id}`; `status` is 0 where no answer was sent; `scope` is the
    X-RateLimit-Scope of a 429, `cloudflare` where Cloudflare refused it; `answered` is False where the answer was lost.
    `body` is what was asked and `result` what was answered, both parsed; `fault` is the kind of the fault by script
    that befell it; `user_agent` is how the client calls itself, libraries `DiscordBot (…)`.
    """

    at: datetime
    method: str
    route: str
    path: str
    status: int
    bot_id: int | None = None
    bucket: str | None = None
    scope: str | None = None
    body: Any = None
    result: Any = None
    answered: bool = True
    query: Mapping[str, str] = field(default_factory=dict)
    fault: str | None = None
    user_agent: str = ""


@dataclass(slots=True, frozen=True)
class GatewayPayload:
    """One payload from a client: `op` and `data` as received."""

    at: datetime
    op: int
    data: Any
    bot_id: int | None = None


@dataclass(slots=True, frozen=True)
class Identify:
    """One login at the gateway that named a valid token; `refused` is the close code or "op 9", else None."""

    at: datetime
    bot_id: int
    intents: int
    shard: tuple[int, int]
    refused: int | str | None = None


class Recorder:
    """
    Keeps the newest `keep` requests and payloads; counts are exact however many there were.

    Bodies and results are kept only with their request, and of requests no more than hold `keep_bytes` of these as
    JSON, so memory is bounded.
    """

    def __init__(self, keep: int = 20_000, keep_bytes: int = 32 << 20) -> None:
        self._requests: deque[tuple[Request, int]] = deque()
        self._keep = keep
        self._keep_bytes = keep_bytes
        self._kept_bytes = 0
        self._counts: Counter[tuple[str, str, int]] = Counter()
        self._listeners: list[Callable[[Request], None]] = []
        self.payloads: deque[GatewayPayload] = deque(maxlen=keep)
        self.identifies: list[Identify] = []
        self.resumes: list[GatewayPayload] = []
        self.dispatched: Counter[str] = Counter()

    def note(self, request: Request) -> None:
        """Remember a request."""
        self._remember(request)
        self._counts[request.method, request.route, request.status] += 1
        for listener in self._listeners:
            listener(request)

    def _remember(self, request: Request) -> None:
        try:
            weight = len(orjson.dumps((request.body, request.result)))
        except orjson.JSONEncodeError:  # how much it holds cannot be told
            request, weight = replace(request, body=None, result=None), 0
        self._requests.append((request, weight))
        self._kept_bytes += weight
        while len(self._requests) > self._keep or self._kept_bytes > self._keep_bytes:
            self._kept_bytes -= self._requests.popleft()[1]

    def tell(self, listener: Callable[[Request], None]) -> None:
        """Call `listener` with each request from now on, before its answer is sent."""
        self._listeners.append(listener)

    def note_payload(self, payload: GatewayPayload) -> None:
        """Remember a gateway payload."""
        self.payloads.append(payload)

    def requests(
        self, *, method: str | None = None, route: str | None = None, status: int | None = None
    ) -> list[Request]:
        """Return the remembered requests, oldest first, that match everything given."""
        return [
            request
            for request, _ in self._requests
            if (method is None or request.method == method)
            and (route is None or request.route == route)
            and (status is None or request.status == status)
        ]

    def count(self, *, method: str | None = None, route: str | None = None, status: int | None = None) -> int:
        """Return how many requests there have ever been that match everything given."""
        return sum(
            count
            for (its_method, its_route, its_status), count in self._counts.items()
            if (method is None or its_method == method)
            and (route is None or its_route == route)
            and (status is None or its_status == status)
        )

    def ops(self, op: int) -> list[GatewayPayload]:
        """Return the remembered gateway payloads of one opcode, oldest first."""
        return [payload for payload in self.payloads if payload.op == op]
