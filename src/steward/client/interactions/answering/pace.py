"""How fast members may give commands: whoever is too fast is told when to try again."""

from __future__ import annotations

import math

import discord

from steward.errors import StewardError
from steward.runtime.clock import Clock
from steward.runtime.limits import Limiter, LimitReached


class TooFast(StewardError):
    """
    A command came too early.

    Args:
        at: from when on it works, in whole seconds since 1970.

    """

    def __init__(self, at: int) -> None:
        super().__init__(f"That was too many commands at once. Try again <t:{at}:R>.")
        self.at = at


class Pace:
    """Counts commands against a limiter, by `user`, `guild` and `command`, as far as it has rules for them."""

    def __init__(self, limiter: Limiter, clock: Clock) -> None:
        self._limiter = limiter
        self._clock = clock

    async def keep(self, interaction: discord.Interaction, command: str) -> None:
        """
        Count one command.

        Raises:
            TooFast: it comes too early.

        """
        try:
            await self._limiter.check(user=interaction.user.id, guild=interaction.guild_id, command=command)
        except LimitReached as reached:
            # Discord shows whole seconds: rounded up, so that it works when it says so.
            raise TooFast(math.ceil(self._clock.now().timestamp() + reached.retry_after)) from reached
