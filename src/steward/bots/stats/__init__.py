"""The statistics bot: counters, reports, heartbeat and numbers over time."""

from __future__ import annotations

from pathlib import Path

from steward.bots.bot import Bot
from steward.bots.stats.settings import StatsSettings

BOT = Bot(
    "stats",
    "Statistics",
    "steward.bots.stats.part:StatsPart",
    settings=StatsSettings,
    migrations=Path(__file__).parent / "migrations",
    personal="steward.bots.stats.privacy.personal:STATS_DATA",
)
