"""The database file that the settings name, for commands that need one."""

from __future__ import annotations

from pathlib import Path

from steward.errors import NeedsOperator
from steward.settings import Settings
from steward.store.opening import sqlite_path
from steward.store.sqlite.faults import refuse_lost_database
from steward.store.sqlite.maintenance.backups import existed_before, how_to_restore


def database_file(settings: Settings) -> Path:
    """
    Return where the database is.

    Raises:
        NeedsOperator: there is none, or it is on a server.

    """
    path = sqlite_path(settings.database)
    refuse_lost_database(path)
    if not path.is_file() and existed_before(path):
        raise NeedsOperator(f"The database {path} is gone.", remedy=how_to_restore(path))
    if not path.is_file():
        raise NeedsOperator(f"There is no database {path} yet.", remedy="The bot's first start creates it.")
    return path
