"""
The approximate counts of a guild: members and who is online, as Discord tells them over REST.

Discord does not say how far they are from the truth; `Limits.counts` sets it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from steward.sim.people.user import Json

if TYPE_CHECKING:
    from steward.sim.guilds.guild import Guild


class ApproximateCounts:
    """The counts of one guild, the same wherever they are asked for."""

    def __init__(self, guild: Guild) -> None:
        self._guild = guild
        self._counted_at = float("-inf")
        self._counts = (0, 0)

    def payload(self) -> Json:
        """Return the two fields of Discord's guild, invite and preview objects."""
        now = self._guild.world.clock.monotonic()
        if now - self._counted_at >= self._guild.world.limits.counts.lag:
            self._counted_at, self._counts = now, self._count()
        members, online = self._counts
        return {"approximate_member_count": members, "approximate_presence_count": online}

    def _count(self) -> tuple[int, int]:
        members = self._about(self._guild.member_count)
        return members, min(members, self._about(self._guild.online_count))

    def _about(self, count: int) -> int:
        noise = self._guild.world.limits.counts.noise
        return count + round(count * self._guild.world.random.uniform(-noise, noise)) if noise else count
