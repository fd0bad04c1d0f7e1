"""`steward db backup|check` on a database server."""

from __future__ import annotations

from pathlib import Path

from steward.errors import NeedsOperator, StewardError
from steward.runtime.clock import Clock
from steward.store.server.address import Address
from steward.store.server.dumping import dump
from steward.store.server.engine import Engine, server_engine
from steward.store.server.faults import explain_at_opening
from steward.store.server.session import Limits, Session


def back_up(address: Address, file: Path | None, folder: Path, clock: Clock) -> str:
    """
    Write a dump, by the server's own program; return what to tell.

    Args:
        address: which database; the bot may be using it.
        file: where to; None for a new name in `folder`.
        folder: where backups lie.
        clock: the time, for the name.

    Raises:
        NeedsOperator: the file exists already.
        NotReady: the program is not installed, or failed.

    """
    target = file or folder / f"{address.database}-{clock.now():%Y%m%d-%H%M%S}.sql"
    if target.exists():
        raise NeedsOperator(f"{target} exists already.", remedy="Choose another name, or move it away.")
    dump(server_engine(address.engine), address, target)
    return f"{address.location} is copied to {target} ({target.stat().st_size / 1e6:.1f} MB)."


def check(address: Address) -> str:
    """
    Read every table through; return what to tell.

    Raises:
        NeedsOperator: something is damaged, or the server refuses us.
        NotReady: the server does not answer.

    """
    engine = server_engine(address.engine)
    try:
        session = engine.connect(address, Limits(statement=None))
    except StewardError:
        raise
    except Exception as error:
        raise explain_at_opening(engine.fault(error), error, address.location) from error
    try:
        return _read_through(engine, session, address.location)
    finally:
        session.close()


def _read_through(engine: Engine, session: Session, location: str) -> str:
    faults = [fault for table in sorted(engine.tables(session)) for fault in engine.look_through(session, table)]
    if faults:
        raise NeedsOperator(
            f"The database {location} is damaged ({'; '.join(faults)}).",
            remedy="Stop Steward, and put the newest backup in its place.",
        )
    return f"{location} is sound ({engine.size_bytes(session) / 1e6:.1f} MB)."
