"""Where the migrations of all tables are, in the order in which they run: for commands that need no bot, too."""

from pathlib import Path

_HERE = Path(__file__).parent
MIGRATIONS = (
    ("client", _HERE / "client/migrations"),
    ("guilds", _HERE / "guilds/migrations"),
    ("stats", _HERE / "bots/stats/migrations"),
    ("events", _HERE / "bots/events/migrations"),
)
