"""The statistics bot: counters, reports, heartbeat and numbers over time."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from steward.bots.bot import Bot, Part
from steward.bots.stats.settings import StatsSettings

if TYPE_CHECKING:
    from steward.bots.host import Host


def build(host: Host) -> Part:
    """Put it together."""
    from steward.bots.stats.part import StatsPart  # not where the bot is off

    return StatsPart(host)


BOT = Bot("stats", "Statistics", build, settings=StatsSettings, migrations=Path(__file__).parent / "migrations")
