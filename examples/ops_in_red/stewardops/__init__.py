"""Steward's runtime as a package of cogs for Red-DiscordBot: `[p]load stewardops`."""

from steward.ops import setup, teardown

__all__ = ["setup", "teardown"]
__red_end_user_data_statement__ = (
    "Nothing is stored. Until the bot's next start it remembers who was refused a command of this cog."
)
