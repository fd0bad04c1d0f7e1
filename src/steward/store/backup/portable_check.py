"""Check whether this program can use a portable backup."""

from __future__ import annotations

from pathlib import Path

from steward.errors import NeedsOperator
from steward.store.backup.blueprint import blueprint
from steward.store.backup.portable import Contents, check_portable
from steward.store.migrate import Schema


def check_backup(path: Path, schema: Schema) -> Contents:
    """
    Check a backup to its end, and that this program knows all its tables and columns.

    Raises:
        NeedsOperator: it is incomplete, was written by a newer Steward, holds tables of bots not installed, or lacks
            tables or columns.

    """
    contents = check_portable(path)
    if not contents.versions:
        raise NeedsOperator(f"{path} holds no tables of Steward's.", remedy="Name a backup of Steward's.")
    schema.pending(dict(contents.versions))
    made = blueprint(schema.up_to(contents.versions))
    unknown = contents.tables.keys() - set(made.tables)
    if unknown:
        raise NeedsOperator(
            f"{path} holds tables that this program does not know: {', '.join(sorted(unknown))}.",
            remedy="Restore it with the program that wrote it, which has the bots that these tables belong to.",
        )
    missing = set(made.tables) - contents.tables.keys()
    missing |= {table for table, names in contents.columns.items() if set(names) != made.columns[table].keys()}
    if missing:
        raise NeedsOperator(
            f"{path} lacks tables or columns: {', '.join(sorted(missing))}.", remedy="Use another backup."
        )
    return contents
