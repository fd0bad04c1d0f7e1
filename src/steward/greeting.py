"""The greeting on the terminal once the bot is up."""

from __future__ import annotations

import steward
from steward.client.access.permissions import invite_link
from steward.running import Steward


async def greeting(bot: Steward) -> str:
    """Return the greeting, after the first gateway connection."""
    await bot.health.first_connection.wait()
    user, servers = bot.client.user, len(bot.client.guilds)
    name = user.name if user is not None else "the bot"
    where = "no server yet" if not servers else f"{servers:,} server{'' if servers == 1 else 's'}"
    lines = [f"Steward {steward.__version__} is running as {name}, in {where}."]
    if bot.pages is not None:
        lines.append(f"Health  {bot.pages.address}/readyz" if bot.pages.address else f"Health  {bot.pages.problem}")
    if bot.settings.log_dir is not None:
        lines.append(f"Log     {bot.settings.log_dir} (steward logs)")
    if not servers and user is not None:
        lines.append(f"Next    invite it to your server: {invite_link(user.id)}")
    else:
        lines.append("Next    type /setup in your server for counters and reports, /event create for a first event")
    lines.append("Ctrl-C stops it.")
    return "\n".join(lines)
