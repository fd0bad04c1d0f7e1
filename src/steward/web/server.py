"""Serves the pages at their address; while another program has it, the bot runs without them and keeps trying."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import structlog

from steward.runtime.backoff import full_jitter
from steward.web.connections import BoundedServer

log = structlog.get_logger(__name__)

REMEDY = "Set STEWARD_HEALTH_PORT to a free port, or to 0 to do without these pages."
FIRST_PAUSE, LONGEST_PAUSE = 5.0, 60.0
CLOSE_WITHIN = 1.0


class PageServer:
    """
    Binds the address, and keeps trying while it is taken.

    Attributes:
        port: where the pages are served; None while they are not.
        problem: why they are not, with the remedy; None while they are.

    """

    def __init__(self, pages: BoundedServer, *, host: str, port: int) -> None:
        self._pages = pages
        self._host = host
        self._wanted = port
        self._listening: asyncio.Server | None = None
        self.port: int | None = None
        self.problem: str | None = None

    @property
    def address(self) -> str | None:
        """The address as people type it; None while the pages are not served."""
        return None if self.port is None else f"http://{authority(self._host, self.port)}"

    @asynccontextmanager
    async def serving(self) -> AsyncIterator[None]:
        """Serve the pages while entered; an address that is taken becomes a `problem`, not an error."""
        await self.bind()
        try:
            yield
        finally:
            if self._listening is not None:
                self._listening.close()
            await self._pages.shutdown(timeout=CLOSE_WITHIN)

    async def keep_trying(self) -> None:
        """Bind as soon as the address is free; background work that returns once the pages are served."""
        failures = 0
        while self._listening is None:
            failures += 1
            await asyncio.sleep(FIRST_PAUSE + full_jitter(failures, base_delay=FIRST_PAUSE, max_delay=LONGEST_PAUSE))
            await self.bind()

    async def bind(self) -> None:
        """Try once. The first failure is one line in the log, and so is the success after it."""
        try:
            self._listening = await asyncio.get_running_loop().create_server(self._pages, self._host, self._wanted)
        except OSError as error:
            if self.problem is None:
                why = reason(error)
                self.problem = (
                    f"The health pages can't be served at port {self._wanted} ({why}). The bot runs without them and"
                    f" keeps trying. {REMEDY}"
                )
                address = authority(self._host, self._wanted)
                log.warning("health_pages_unavailable", address=address, reason=why, remedy=REMEDY)
            return
        self.port = int(self._listening.sockets[0].getsockname()[1])
        if self.problem is not None:
            self.problem = None
            log.info("health_pages_served", address=self.address)


def authority(host: str, port: int) -> str:
    """Return host and port as they stand in a web address."""
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def reason(error: OSError) -> str:
    """Return what the operating system says, without the address that asyncio repeats in its own sentence."""
    return os.strerror(error.errno).lower() if error.errno is not None and error.errno > 0 else str(error)
