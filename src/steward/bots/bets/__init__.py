"""The bets bot: play money, and later bets on matches with it."""

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
    on_by_default=False,  # until there is something to bet on
)
