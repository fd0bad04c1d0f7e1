"""
The approximate member and presence counts of a guild, as REST returns them.

Discord documents no error bounds; `Limits.counts` sets them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from steward.sim.people.user import Json

if TYPE_CHECKING:
    from steward.sim.guilds.guild import Guild


class ApproximateCounts:
    """The counts of one guild, the same on every route."""

    def __init__(self, guild: Guild) -> None:
        self._guild = guild
        self._counted_at = float("-inf")
        self._counts = (0, 0)

    def payload(self) -> Json:
        """Return the two fields that the guild, invite and preview objects share."""
        now = self._guild.world.clock.monotonic()
        if now - self._counted_at >= self._guild.world.limits.counts.lag:
            self._counted_at, self._counts = now, self._count()
        members, online = self._counts
        return {"approximate_member_count": members, "approximate_presence_count": online}

    def _count(self) -> tuple[int, int]:
        members = self._with_noise(self._guild.member_count)
        return members, min(members, self._with_noise(self._guild.online_count))

    def _with_noise(self, count: int) -> int:
        noise = self._guild.world.limits.counts.noise
        return count + round(count * self._guild.world.random.uniform(-noise, noise)) if noise else count
