"""Check a database server: reachable, login, version and durability."""

from __future__ import annotations

from steward.cli.checks.finding import Finding, fail, ok, warn
from steward.errors import Broken, StewardError
from steward.store.server.address import Address, server_address
from steward.store.server.engine import Engine, server_engine
from steward.store.server.faults import ServerFault, explain_at_opening
from steward.store.server.session import DatabaseSession, SessionLimits


def check_server(database: str, limits: SessionLimits | None = None) -> Finding:
    """Log in and check the server without changing anything; a bot may be using it."""
    try:
        address = server_address(database)
        if address is None:
            raise Broken("Steward doesn't know the kind of database in the database URL.")
        return _look(address, server_engine(address.engine), limits or SessionLimits())
    except StewardError as error:
        return fail("database", error.sentence, error.remedy)


def _look(address: Address, engine: Engine, limits: SessionLimits) -> Finding:
    try:
        session = engine.connect(address, limits)
    except StewardError:
        raise
    except Exception as error:
        fault = engine.fault(error)
        if fault is ServerFault.NO_DATABASE:
            return ok("database", f"{address.location} doesn't exist yet; the first start creates it.")
        raise explain_at_opening(fault, error, address.location) from error
    try:
        return _check_session(address, engine, session)
    finally:
        session.close()


def _check_session(address: Address, engine: Engine, session: DatabaseSession) -> Finding:
    problem = engine.version_problem(session)
    if problem is not None:
        return fail("database", f"{address.location} {problem}.", "Use another server or database.")
    problem = engine.durability_problem(session)
    if problem is not None:
        remedy = "Fix the server's configuration: confirmed data may be lost in a power failure."
        return warn("database", f"{address.location} answers, but {problem}.", remedy)
    return ok("database", f"{address.location} answers ({engine.size_bytes(session) / 1024 / 1024:.1f} MB).")
