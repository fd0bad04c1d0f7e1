"""
Rate limits: sliding windows with a burst, in memory or shared through Redis.

    limiter = Limiter({"user": Rule(15, per=60, burst=5), "guild": Rule(300, per=60)})
    try:
        await limiter.check(user=user_id, guild=guild_id)
    except LimitReached as reached:
        ...  # reached.retry_after, in seconds
"""

from steward.runtime.limits.limiter import Limiter, LimitReached
from steward.runtime.limits.memory import MemoryWindows
from steward.runtime.limits.redis import RedisWindows
from steward.runtime.limits.rule import Rule

__all__ = ["LimitReached", "Limiter", "MemoryWindows", "RedisWindows", "Rule"]
