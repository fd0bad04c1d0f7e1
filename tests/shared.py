"""Where real data is: the folder beside the clone, or the one named by STEWARD_SHARED."""

import os
from pathlib import Path


def shared_folder() -> Path:
    """Return the folder that has `data`, whether it exists or not."""
    named = os.environ.get("STEWARD_SHARED")
    return Path(named) if named else Path(__file__).resolve().parents[2] / "shared"
