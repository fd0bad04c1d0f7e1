"""Log once when the server is lost, and once when it is back."""

from __future__ import annotations

from threading import Lock
from time import monotonic

import structlog

from steward.store.server.session import DatabaseSession

log = structlog.get_logger(__name__)


class Outage:
    """Whether the server of one database can be reached; used by the threads of its writer and readers."""

    def __init__(self, location: str) -> None:
        self._location = location
        self._lock = Lock()
        self._since: float | None = None
        self.losses = 0
        """How often the server was lost; a session last used before the latest loss may be dead, too."""

    def lost(self, error: BaseException, session: DatabaseSession | None = None) -> None:
        """Note that connecting failed, or that the connection of `session` was lost."""
        with self._lock:
            if self._since is not None or (session is not None and session.losses < self.losses):
                return
            self._since = monotonic()
            self.losses += 1
        log.warning("database_lost", database=self._location, error=str(error) or type(error).__name__)

    def back(self) -> None:
        """Note that the server has answered."""
        with self._lock:
            if self._since is None:
                return
            seconds, self._since = monotonic() - self._since, None
        log.info("database_back", database=self._location, after_seconds=round(seconds, 1))
