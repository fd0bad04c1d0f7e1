"""Nothing is committed into files that were taken away; what was confirmed is saved as far as it can be."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, suppress
from glob import escape
from itertools import count
from pathlib import Path

from steward.errors import NotReady
from steward.runtime.logs.loggers import get_logger
from steward.store.sqlite.maintenance.backups import RESCUED, how_to_restore
from steward.store.sqlite.maintenance.copying import copy_database
from steward.store.sqlite.open_files import LOG, Loss, OpenFiles
from steward.store.unavailable import StoreUnavailable

log = get_logger(__name__)


ASIDE = f"{LOG}.aside-"
"""How the name of a log ends that was put aside."""

_left_open: list[sqlite3.Connection] = []
"""What must not be closed, not even by being forgotten."""


class TakenAway(StoreUnavailable):
    """Somebody has deleted, moved, replaced or overwritten the database while it is open."""


class FileGuard:
    """
    Gives the connection that writes, while its files are what they should be; in the writer's thread.

    - Moved: what the log holds is folded into the file, wherever it is. Put back, it goes on.
    - Deleted, or another file put in its place: as long as this process lives it has the contents, and saves them
      beside the place. It does not go on: which of the files is wanted, a person knows.
    - Overwritten: nothing can be saved, and nothing is written into it any more; its log is put aside.
    - The log or its index deleted: what they hold is folded into the file, and they are made anew. A log that somebody
      has put there instead is put aside.

    Args:
        connection: the one that writes.
        reopen: opens another connection that writes.
        without_readers: keeps reads out, and their connections closed, for a `with` block.

    """

    def __init__(
        self,
        connection: sqlite3.Connection,
        files: OpenFiles,
        path: Path,
        *,
        reopen: Callable[[], sqlite3.Connection],
        without_readers: Callable[[], AbstractContextManager[None]],
    ) -> None:
        self._connection: sqlite3.Connection | None = connection
        self._files = files
        self._path = path
        self._reopen = reopen
        self._without_readers = without_readers
        self._found: Loss | None = None
        self._said = ""
        self._rescued: Path | None = None
        self._aside: Path | None = None

    def connection(self) -> sqlite3.Connection:
        """
        Return the connection to write on.

        Raises:
            TakenAway: the files are not what they should be.
            sqlite3.Error: the log could not be made anew.

        """
        loss = self._files.loss()
        connection = self._connection
        if loss is Loss.LOG or (loss is None and connection is None):
            connection = self._with_log_anew()
            loss = self._files.loss()
        self._found = loss
        self._refuse(loss)
        if connection is None:
            raise self._sentence(Loss.LOG)
        if self._said:
            log.info("database_back", database=str(self._path))
            self._said, self._rescued, self._aside = "", None, None
        return connection

    def check(self) -> None:
        """
        Look once more, before a commit.

        Raises:
            TakenAway: the files are not what they should be.

        """
        self._refuse(self._files.loss())

    def committed(self) -> None:
        """Remember the file as a commit has left it."""
        self._files.committed()

    @property
    def trouble(self) -> TakenAway | None:
        """
        What is wrong at this moment; None when writing goes on, or will put it right. On the event loop, too.

        On file systems of a network, which may not answer for minutes, it is what the last write has found.
        """
        loss = self._files.loss() if self._files.are_local else self._found
        return None if loss is None or loss is Loss.LOG else self._sentence(loss)

    def close(self) -> None:
        """Close the connection: SQLite then folds the log into the file and removes it, if that is still ours."""
        loss = self._files.loss()
        if loss is Loss.LOG:  # what is in use is folded in by closing, which removes whatever is there under its name
            self._put_foreign_log_aside()
        else:
            with suppress(TakenAway):
                self._refuse(loss)
        if self._connection is not None:
            if loss is Loss.OVERWRITTEN and not self._files.keep_from_folding():
                _left_open.append(self._connection)
            else:
                self._connection.close()
        self._files.close()

    def _refuse(self, loss: Loss | None) -> None:
        if loss is None:
            return
        if loss in {Loss.GONE, Loss.REPLACED}:
            self._save()
        if loss in {Loss.OVERWRITTEN, Loss.REPLACED} and self._files.has_own_log:
            self._aside = self._put_log_aside()  # for the next start would apply it to a file that is not ours
        error = self._sentence(loss)
        if self._said != error.sentence:
            self._said = error.sentence
            log.error("database_taken_away", error=error.sentence, remedy=error.remedy)
        raise error

    def _put_foreign_log_aside(self) -> None:
        if self._files.has_own_log:
            return
        aside = self._put_log_aside()
        if aside is not None:
            log.error("database_log_aside", database=str(self._path), log=str(aside))

    def _put_log_aside(self) -> Path | None:
        logs = self._path.with_name(self._path.name + LOG)
        aside = _free_name(f"{self._path}{ASIDE}")
        try:
            if logs.stat().st_size:
                logs.rename(aside)
                return aside
        except OSError:
            pass
        return None

    def _save(self) -> None:
        """Have what was confirmed in the file itself, and in a copy where the file has no name any more."""
        if self._connection is None or self._rescued is not None:
            return
        if self._connection.in_transaction:
            self._connection.execute("ROLLBACK")
        if not self._said:
            with suppress(sqlite3.Error):
                _fold(self._connection)
        if self._files.deleted:
            target = _free_name(f"{self._path}{RESCUED}")
            with suppress(NotReady):  # no space, for instance: the next write tries again
                copy_database(self._connection, target)
                self._rescued = target

    def _with_log_anew(self) -> sqlite3.Connection:
        with self._without_readers():
            if self._connection is not None:
                if not _fold(self._connection):
                    raise StoreUnavailable(
                        f"The log of the database {self._path} was deleted, and another program still reads it.",
                        remedy="Close the program that has it open (a database browser, a backup script).",
                    )
                self._put_foreign_log_aside()
                self._connection.close()
                self._connection = None
            self._files.close()
            self._connection = self._reopen()
            self._files.opened()
        log.warning("database_log_made_anew", database=str(self._path))
        return self._connection

    def _sentence(self, loss: Loss) -> TakenAway:
        path = self._path
        if loss is Loss.LOG:
            return TakenAway(f"The log of the database {path} was deleted.", remedy="It's being recreated; try again.")
        if loss is Loss.OVERWRITTEN:
            return TakenAway(
                f"Another program has overwritten the database {path} or truncated it: nothing is confirmed."
                f"{self._put_aside}",
                remedy=f"Stop Steward. {how_to_restore(path)}",
            )
        what = (
            f"The database {path} was deleted or moved away"
            if loss is Loss.GONE
            else f"There's a different file at {path} now"
        )
        if not self._files.deleted:
            return TakenAway(
                f"{what}: nothing is confirmed until the database is back.{self._put_aside}",
                remedy=f"Move it back to {path}, and Steward continues; or stop Steward and restore a backup.",
            )
        if self._rescued is None:
            return TakenAway(
                f"{what}: nothing is confirmed. Data confirmed before is not saved yet.{self._put_aside}",
                remedy=f"Make sure {path.parent} has free space: Steward saves it there by itself, and says so.",
            )
        return TakenAway(
            f"{what}: nothing is confirmed. Everything confirmed before is in {self._rescued}.",
            remedy=f"Stop Steward, put it back (steward db restore {self._rescued}), and start Steward again.",
        )

    @property
    def _put_aside(self) -> str:
        return "" if self._aside is None else f" The newest commits may be only in its log, now {self._aside}."


def logs_aside(path: Path) -> list[Path]:
    """Return the logs of a database that were put aside and hold something."""
    found = path.parent.glob(f"{escape(path.name)}{ASIDE}*")
    return sorted(log for log in found if log.is_file() and log.stat().st_size)


def put_aside_before(path: Path, logs: Sequence[Path]) -> str:
    """Return the sentence for a start that finds logs put aside."""
    names = ", ".join(str(each) for each in logs)
    return (
        f"The database {path} was opened without {names}: that log was set aside after another program changed the"
        " database's files, and confirmed commits may only be there. If you don't need it, delete it. If you"
        f" do: stop Steward, put back the database file that the log belongs to, rename the log to {path.name}{LOG}"
        " beside it, and start Steward."
    )


def _free_name(prefix: str) -> Path:
    return next(path for number in count(1) if not (path := Path(f"{prefix}{number}")).exists())


def _fold(connection: sqlite3.Connection) -> bool:
    """Have SQLite write the whole log into the file; return whether it could."""
    busy: int = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
    return not busy
