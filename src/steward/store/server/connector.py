"""Open sessions, and explain why one cannot be opened."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from threading import Lock
from time import monotonic, sleep

import structlog

from steward.errors import NeedsOperator, StewardError
from steward.store.server.address import Address
from steward.store.server.engine import Engine
from steward.store.server.faults import TRIED_AGAIN, ServerFault, database_lost, explain, explain_at_opening
from steward.store.server.session import DatabaseSession, SessionLimits

log = structlog.get_logger(__name__)


class Outage:
    """
    Whether the server of one database can be reached; used by the threads of its writer and readers.

    It logs once when the server is lost, and once when it is back.
    """

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


@dataclass(frozen=True, slots=True)
class RetryTimeout:
    """
    Retries with growing pauses; in a thread, in real time, since a server knows no simulated time.

    Args:
        seconds: from the first try to the beginning of the last.

    """

    seconds: float = 10.0
    monotonic: Callable[[], float] = monotonic
    pause: Callable[[float], None] = sleep

    def tries(self) -> Iterator[bool]:
        """Yield before each try whether it is the last."""
        began, wait = self.monotonic(), 0.05
        while True:
            left = began + self.seconds - self.monotonic()
            yield left <= 0
            if left <= 0:
                return
            self.pause(min(wait, max(left, 0.0)))
            wait = min(wait * 2, 1.0)


class Connector:
    """Opens sessions with one database."""

    def __init__(
        self, engine: Engine, address: Address, *, outage: Outage, limits: SessionLimits, retry_timeout: RetryTimeout
    ) -> None:
        self.engine = engine
        self.address = address
        self.outage = outage
        self.retry_timeout = retry_timeout
        self._limits = limits

    @property
    def location(self) -> str:
        """Where the database is, for display."""
        return self.address.location

    def connect(self) -> DatabaseSession:
        """
        Open one session, once.

        Raises:
            Exception: the driver's; see `Engine.fault`.

        """
        try:
            session = self.engine.connect(self.address, replace(self._limits))
        except Exception as error:
            if self.engine.fault(error) in TRIED_AGAIN:
                self.outage.lost(error)
            raise
        self.outage.back()
        session.losses = self.outage.losses
        return session

    def connect_with_retries(self) -> DatabaseSession:
        """
        Open one session, retrying while the server is starting, full or unreachable.

        Raises:
            NotReady: that took too long.
            NeedsOperator: the server refuses us, or has no such database.

        """
        for last in self.retry_timeout.tries():
            try:
                return self.connect()
            except StewardError:
                raise
            except Exception as error:
                fault = self._fault(error)
                if last or fault not in TRIED_AGAIN:
                    raise explain_at_opening(fault, error, self.location) from error
        raise AssertionError("the last try ends the loop")

    @contextmanager
    def unlimited(self) -> Iterator[DatabaseSession]:
        """Return a context manager giving a session without a time limit for statements; see `connect_with_retries`."""
        session = self.connect_with_retries()
        session.limits.statement = None
        try:
            yield session
        finally:
            session.close()

    def connect_first(self) -> DatabaseSession:
        """
        Open the first session: create the database if it is missing, and check the server's version.

        Raises:
            NotReady, NeedsOperator, Broken: it cannot be used.

        """
        try:
            session = self.engine.connect(self.address, replace(self._limits))
        except StewardError:
            raise
        except Exception as error:
            fault = self._fault(error)
            if fault is not ServerFault.NO_DATABASE:
                raise explain_at_opening(fault, error, self.location) from error
            self._create()
            session = self.connect_with_retries()
        try:
            problem = self.engine.version_problem(session)
        except BaseException:
            session.close()
            raise
        if problem is not None:
            session.close()
            raise NeedsOperator(f"The database {self.location} {problem}.", remedy="Use another server or database.")
        return session

    @contextmanager
    def explaining(self, session: DatabaseSession) -> Iterator[None]:
        """
        Return a context manager that translates the driver's errors.

        Raises:
            NotReady, NeedsOperator, Broken: in place of the driver's error.

        """
        try:
            yield
        except StewardError:
            raise
        except Exception as error:
            fault = session.fault_of(error)
            if fault is None:
                raise
            raise explain_at_opening(fault, error, self.location) from error

    def _create(self) -> None:
        for last in self.retry_timeout.tries():
            try:
                self.engine.create_database(self.address, self._limits)
            except Exception as error:
                fault = self._fault(error)
                if fault is ServerFault.FULL and not last:
                    continue  # the session that found no database may be the last one we may have, and not ended yet
                if fault is ServerFault.REFUSED:
                    raise NeedsOperator(
                        f"There is no database {self.location}, and its user may not create it.",
                        remedy=f"As an administrator, create {self.address.database} and grant the user all rights.",
                    ) from error
                raise explain_at_opening(fault, error, self.location) from error
            return

    def _fault(self, error: BaseException) -> ServerFault:
        return self.engine.fault(error)

    def sentence(self, fault: ServerFault, error: BaseException) -> StewardError | None:
        """Return the error to raise for a fault of a database in use, or None if the SQL was wrong."""
        if fault is ServerFault.NO_DATABASE:
            return database_lost(self.location)
        return explain(fault, error, self.location)
