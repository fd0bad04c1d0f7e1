"""How long Discord takes to answer, and how often it does not."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from types import SimpleNamespace

import aiohttp

from steward.runtime.monitor import MonitorCounter, Timer


class RequestTimes:
    """
    Times the requests of an aiohttp session, each by itself: waits for limits are not in it, nor reading the body.

    Args:
        limited: counts those that Discord refused for their number (429).
        failures: counts those without an answer, or with one that says that Discord has an outage (5xx).

    """

    def __init__(
        self,
        timer: Timer,
        requests: MonitorCounter,
        failures: MonitorCounter,
        limited: MonitorCounter,
        now: Callable[[], float],
    ) -> None:
        self._timer = timer
        self._requests = requests
        self._failures = failures
        self._limited = limited
        self._now = now

    def join(self, config: aiohttp.TraceConfig) -> None:
        """Measure what `config` traces, from when all that were there before have let the request begin."""
        config.on_request_start.append(self._before)
        config.on_request_end.append(self._after)
        config.on_request_exception.append(self._without_answer)

    async def _before(self, _: aiohttp.ClientSession, context: SimpleNamespace, __: object) -> None:
        context.began = self._now()

    def took(self, seconds: float, status: int | None) -> None:
        """Count a request that took so long; `status` is that of its answer, None where there was none."""
        self._timer.observe(seconds)
        self._requests.add()
        if status == HTTPStatus.TOO_MANY_REQUESTS:
            self._limited.add()
        if status is None or status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            self._failures.add()

    async def _after(
        self, _: aiohttp.ClientSession, context: SimpleNamespace, request: aiohttp.TraceRequestEndParams
    ) -> None:
        self.took(self._now() - context.began, request.response.status)

    async def _without_answer(
        self, _: aiohttp.ClientSession, context: SimpleNamespace, request: aiohttp.TraceRequestExceptionParams
    ) -> None:
        if isinstance(request.exception, Exception):  # being cancelled is no failure of the network
            self.took(self._now() - context.began, None)
