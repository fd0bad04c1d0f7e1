"""The bets bot: bets with play money, on games and on members' own questions."""

from __future__ import annotations

from pathlib import Path

from steward.bots.bets.settings import BetsSettings
from steward.bots.bot import Bot

BOT = Bot(
    "bets",
    "Bets",
    "steward.bots.bets.part:BetsPart",
    settings=BetsSettings,
    migrations=Path(__file__).parent / "migrations",
    personal="steward.bots.bets.privacy.personal:BETS_DATA",
    on_by_default=False,  # it takes memory, and has no games without a feed
)
