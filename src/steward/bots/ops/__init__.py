"""The operator's bot: how the program is doing, for those who run it."""

from __future__ import annotations

from steward.bots.bot import Bot

BOT = Bot("ops", "Running the bot", "steward.bots.ops.part:OpsPart")
