"""
Rate limits: sliding windows with a burst, in memory or shared through Redis.

    limiter = Limiter({"user": Rule(15, per=60, burst=5), "guild": Rule(300, per=60)})
    try:
        await limiter.check(user=user_id, guild=guild_id)
    except LimitReached as reached:
        ...  # reached.retry_after, in seconds
"""

from steward.runtime.limits.limiter import Limiter, LimitReached
from steward.runtime.limits.memory import MemoryWindows, Rule
from steward.runtime.limits.redis import RedisWindows

__all__ = ["LimitReached", "Limiter", "MemoryWindows", "RedisWindows", "Rule"]
