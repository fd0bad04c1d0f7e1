"""Schema migrations: numbered SQL files, each applied once and recorded in the same transaction."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from steward.errors import Broken, NeedsOperator
from steward.runtime.logs.loggers import get_logger
from steward.store.dialect import Dialect

log = get_logger(__name__)

CORE = Path(__file__).parent / "migrations"
_COMMENT = re.compile(r"--[^\n]*|/\*.*?\*/", re.DOTALL)
_NAME = re.compile(r"V(?P<version>\d+)__(?P<title>[a-z0-9_]+)\.sql")

VERSIONS_TABLE = """
CREATE TABLE IF NOT EXISTS schema_versions (
    name VARCHAR(64) NOT NULL,
    version INTEGER NOT NULL,
    file VARCHAR(190) NOT NULL,
    applied_at BIGINT NOT NULL,
    PRIMARY KEY (name, version)
)
"""


@dataclass(frozen=True, slots=True)
class Migration:
    """One migration of one part of the schema: `core`, or a bot."""

    part: str
    version: int
    file: str
    sql: str

    def __str__(self) -> str:
        return f"{self.part} V{self.version}"


@dataclass(frozen=True, slots=True)
class Schema:
    """All migrations of this program, in the order in which they apply."""

    migrations: tuple[Migration, ...]

    def up_to(self, versions: Mapping[str, int]) -> Schema:
        """Return the migrations that were applied to a database of these versions."""
        return Schema(tuple(step for step in self.migrations if step.version <= versions.get(step.part, 0)))

    def pending(self, applied: dict[str, int]) -> tuple[Migration, ...]:
        """
        Return the migrations that are still to be applied.

        Args:
            applied: the version of each part in the database.

        Raises:
            NeedsOperator: the database was written by a newer Steward.

        """
        for part in {migration.part for migration in self.migrations}:
            known = max(migration.version for migration in self.migrations if migration.part == part)
            if applied.get(part, 0) > known:
                raise NeedsOperator(
                    f"The database was written by a newer Steward: its {part} tables have version {applied[part]}, "
                    f"this program knows version {known}.",
                    remedy="Start the newer program again, or restore the backup made before the upgrade.",
                )
        return tuple(step for step in self.migrations if step.version > applied.get(step.part, 0))


def load_schema(bots: Sequence[tuple[str, Path]] = ()) -> Schema:
    """
    Read the migrations of the core and of each bot.

    Args:
        bots: (name, folder) of each bot with tables of its own; the folder holds `V1__what.sql` and so on,
            such as `Path(__file__).parent / "migrations"`.

    Raises:
        Broken: a file's name does not follow the rule, or a number is missing or duplicated.

    """
    parts = [("core", CORE), *bots]
    return Schema(tuple(step for part, folder in parts for step in _read(part, folder)))


def log_upgrade(location: str, steps: Sequence[Migration], *, new: bool) -> None:
    """Log that a database was created, or to which version each part was migrated."""
    if new:
        log.info("database_created", database=location)
        return
    newest = {step.part: step for step in steps}
    log.info("database_migrated", database=location, steps=len(steps), now=", ".join(map(str, newest.values())))


def statements(sql: str, dialect: Dialect) -> Iterator[str]:
    """Split a script into statements for `dialect`; strings, comments and triggers are respected."""
    for name in ("auto_key", "blob", "compact"):
        sql = sql.replace(f"{{{name}}}", getattr(dialect, name))
    statement = ""
    for piece in re.split("(?<=;)", sql):
        statement += piece
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""
    if _COMMENT.sub("", statement).strip():  # the last one may lack its semicolon
        yield statement


def _read(part: str, folder: Path) -> Iterator[Migration]:
    found: dict[int, Path] = {}
    for entry in folder.iterdir():
        if not entry.name.endswith(".sql"):
            continue
        match = _NAME.fullmatch(entry.name)
        if match is None:
            raise Broken(f"The migration {entry.name} of {part} must be named like V1__what_it_brings.sql.")
        version = int(match["version"])
        if version in found:
            raise Broken(f"Two migrations of {part} have the number {version}: {found[version].name}, {entry.name}.")
        found[version] = entry
    if sorted(found) != list(range(1, len(found) + 1)):
        raise Broken(f"The migrations of {part} must be numbered 1, 2, 3 ... without a gap; found {sorted(found)}.")
    for version in sorted(found):
        yield Migration(part, version, found[version].name, found[version].read_text(encoding="utf-8"))
