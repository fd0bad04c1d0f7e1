"""What a driver's errors mean, and their messages."""

from __future__ import annotations

from enum import Enum, auto

from steward.errors import Broken, StewardError
from steward.store.unavailable import StoreNeedsOperator, StoreUnavailable


class ServerFault(Enum):
    """What an error of a driver means to the caller."""

    LOST = auto()
    """The connection is gone, or the server is stopping or starting."""
    CONFLICT = auto()
    """The server has rolled the transaction back in favour of another."""
    FULL = auto()
    """The server accepts no more connections now."""
    HELD = auto()
    """Another program holds a lock."""
    NO_SPACE = auto()
    """The server's disk is full."""
    READ_ONLY = auto()
    """The transaction, or the whole server, is read-only."""
    REFUSED = auto()
    """The server rejects the user or the password, or the user lacks the rights."""
    NO_DATABASE = auto()
    """There is no database of that name."""
    CONTENT = auto()
    """A value fits no column, or violates a constraint: it is refused every time."""
    NO_TABLE = auto()
    """A table is missing: the statement is wrong, or our tables were dropped."""
    SQL = auto()
    """The statement was wrong, or the error is unknown."""


ENDS_TRANSACTION = frozenset({ServerFault.LOST, ServerFault.CONFLICT})
TRIED_AGAIN = frozenset({ServerFault.LOST, ServerFault.CONFLICT, ServerFault.FULL})


class InDoubt(StoreUnavailable):
    """The connection was lost during a commit and did not come back: only the server knows the outcome."""

    for_members = (
        "I lost my database just then, so I don't know whether that was saved. Please look before you try again."
    )


_SENTENCES: dict[ServerFault, tuple[type[StewardError], str, str]] = {
    ServerFault.LOST: (
        StoreUnavailable,
        "The database server of {location} does not answer ({detail}). Everything confirmed so far is safe.",
        "Check that the server runs and can be reached from here; writing resumes by itself.",
    ),
    ServerFault.FULL: (
        StoreUnavailable,
        "The database server of {location} accepts no more connections ({detail}).",
        "Lower STEWARD_DB_CONNECTIONS, or raise max_connections of the server.",
    ),
    ServerFault.HELD: (
        StoreUnavailable,
        "Another program is holding tables of {location}, so they cannot be written ({detail}).",
        "Close the program that has them open (a database browser, a backup script).",
    ),
    ServerFault.NO_SPACE: (
        StoreUnavailable,
        "The disk is full at the database server of {location}. Everything confirmed so far is safe.",
        "Free some space there; writing resumes by itself.",
    ),
    ServerFault.READ_ONLY: (
        StoreUnavailable,
        "The database server of {location} doesn't accept writes now ({detail}).",
        "Name the primary server, not a replica, or switch its read-only mode off.",
    ),
    ServerFault.REFUSED: (
        StoreNeedsOperator,
        "The database server refuses {location} ({detail}).",
        "Correct user and password in the database URL, or grant the user all rights on the database.",
    ),
    ServerFault.NO_DATABASE: (
        StoreNeedsOperator,
        "There is no database {location} ({detail}).",
        "Create it, or correct the database URL.",
    ),
}
_SENTENCES[ServerFault.CONFLICT] = _SENTENCES[ServerFault.HELD]


def database_lost(location: str) -> StoreUnavailable:
    """Return the error for a database that was dropped, emptied or recreated while it is open."""
    return StoreUnavailable(
        f"The database {location} was dropped or emptied: nothing is confirmed.",
        remedy="Stop Steward, restore the newest backup (steward db restore FILE), and start it again; without one,"
        " its next start begins with an empty database.",
    )


def explain(fault: ServerFault, error: BaseException, location: str) -> StewardError | None:
    """Return the error for a fault of the server, or None if the SQL itself was wrong."""
    if fault not in _SENTENCES:
        return None
    kind, sentence, remedy = _SENTENCES[fault]
    detail = " ".join(str(error).split()) or type(error).__name__
    return kind(sentence.format(location=location, detail=detail), remedy=remedy)


def explain_at_opening(fault: ServerFault, error: BaseException, location: str) -> StewardError:
    """Return the error for a database that cannot be opened."""
    return explain(fault, error, location) or Broken(f"The database {location} cannot be opened ({error}).")
