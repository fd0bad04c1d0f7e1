"""The operator's bot: how the program is doing, for those who run it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from steward.bots.bot import Bot, Part

if TYPE_CHECKING:
    from steward.bots.host import Host


def build(host: Host) -> Part:
    """Put it together."""
    from steward.bots.ops.part import OpsPart  # not where the bot is off

    return OpsPart(host)


BOT = Bot("ops", "Running the bot", build)
