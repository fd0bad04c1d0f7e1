"""What the bot has kept of members, read beside it, and which of its tasks fail."""

import sqlite3
from contextlib import closing


def joins(folder):
    """The ids of all whose join is kept."""
    with closing(sqlite3.connect(f"file:{folder}/steward.sqlite3?mode=ro", uri=True)) as database:
        return {row[0] for row in database.execute("SELECT user_id FROM member_events WHERE kind = 'join'")}


def failing(steward):
    return [(state.name, state.last_error) for state in steward.tasks.states if state.failures]
