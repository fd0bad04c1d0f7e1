"""
What Discord allows a bot by the number of its guilds: shards, logins and requests.

Sources: discord-api-docs, events/gateway.mdx, "Sharding for Large Bots". That the number of shards must be a multiple
of 16: issue #387, and discord.js #5672, whose bot in 167,000 guilds is recommended 176 shards and refused with 71. The
global limit of large bots is not documented; it is what nirn-proxy takes it to be.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil
from typing import Self

from steward.sim.limits import Limits, Rate

_GUILDS_A_SHARD = 1000
_LOGINS_A_SHARD = 5
_REQUESTS = 50  # a second


@dataclass(slots=True, frozen=True)
class Allowance:
    """
    What a bot is allowed.

    Args:
        shards: the recommended number.
        shard_step: the number of shards must be a multiple of it.
        logins: IDENTIFYs.
        max_concurrency: how many shards may log in at once.
        requests: to all routes together.

    """

    shards: int
    shard_step: int
    logins: Rate
    max_concurrency: int
    requests: Rate

    @classmethod
    def of(cls, guilds: int, limits: Limits) -> Self:
        """Return what a bot in so many guilds is allowed."""
        large, logins, requests = limits.large_bots, limits.identifies, _REQUESTS
        concurrency, step = limits.max_concurrency, 1
        if guilds > large.above:
            concurrency = max(concurrency, large.max_concurrency)
            step = concurrency
            a_day = max(logins.calls, large.identifies, guilds * _LOGINS_A_SHARD // _GUILDS_A_SHARD)
            logins = Rate(a_day, logins.seconds)
        if concurrency > 1:
            requests = max(requests, large.requests, large.requests_a_key * concurrency)
        shards = max(1, ceil(guilds / _GUILDS_A_SHARD / step)) * step
        return cls(shards, step, logins, concurrency, limits.requests or Rate(requests, 1.0))
