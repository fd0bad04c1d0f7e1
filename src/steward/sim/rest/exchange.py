"""One request in progress, and the record of it."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from steward.runtime.clock import Clock
from steward.sim.faults import Fault
from steward.sim.limits import Limits
from steward.sim.recorder import Request
from steward.sim.rest import body
from steward.sim.rest.errors import RestRefused
from steward.sim.uploads import Upload


class Exchange:
    """
    Collects the data of a request for its record.

    Args:
        clock: gives the time of arrival.
        request: the request.
        path: relative to the API's base.
        template: of its route.
        fault: the injected fault, if any.

    """

    def __init__(
        self, clock: Clock, request: web.BaseRequest, path: str, template: str, fault: Fault | None = None
    ) -> None:
        self.at = clock.now()
        self.request = request
        self.path = path
        self.template = template
        self.fault = fault
        self.status = 0
        self.scope: str | None = None
        self.bot_id: int | None = None
        self.bucket: str | None = None
        self.body: Any = None
        self.files: list[Upload] = []
        self.refused: RestRefused | None = None
        self.result: Any = None
        self.answered = True

    async def read(self, limits: Limits) -> None:
        """Read the whole body, even if the request will fail, so that the connection can be reused."""
        try:
            self.body, self.files = await body.read(self.request, limits)
        except RestRefused as refused:
            self.refused = refused

    def need_readable(self) -> None:
        """
        Require a valid body.

        Raises:
            RestRefused: reading it failed.

        """
        if self.refused is not None:
            raise self.refused

    def recorded(self) -> Request:
        """Return the record of the request."""
        return Request(
            at=self.at,
            method=self.request.method,
            route=self.template,
            path=self.path,
            status=self.status if self.answered else 0,
            bot_id=self.bot_id,
            bucket=self.bucket,
            scope=self.scope,
            body=self.body,
            result=self.result,
            answered=self.answered,
            query=dict(self.request.query),
            fault=self.fault.kind if self.fault is not None else None,
            user_agent=body.readable(self.request.headers.get("User-Agent", "")),
        )
