"""The time zone of this machine."""

from __future__ import annotations

import os
from pathlib import Path
from zoneinfo import available_timezones

LOCALTIME = Path("/etc/localtime")


def local_zone(localtime: Path = LOCALTIME) -> str | None:
    """Return its name, such as `Europe/Berlin`, from TZ or from where /etc/localtime leads; None if not told."""
    named = os.environ.get("TZ", "").lstrip(":")
    target = str(localtime.resolve()) if localtime.exists() else ""
    for name in (named, target.partition("/zoneinfo/")[2]):
        if name in available_timezones():
            return "UTC" if name == "Etc/UTC" else name
    return None
