"""A cache for any bot: bounded memory, categories with their own times to live, and Redis behind it if wanted."""

from typing import TYPE_CHECKING, Any

from steward.runtime.cache.cache import DEFAULT_TTLS, Cache
from steward.runtime.cache.category import Category
from steward.runtime.cache.sizes import approximate_size
from steward.runtime.cache.statistics import CacheStatistics

if TYPE_CHECKING:
    from steward.runtime.cache.redis import RedisTier

__all__ = ["DEFAULT_TTLS", "Cache", "CacheStatistics", "Category", "RedisTier", "approximate_size"]


def __getattr__(name: str) -> Any:
    """Import the way to Redis, which takes 0.4 MB, for whoever asks for it."""
    if name != "RedisTier":
        raise AttributeError(f"There is no {name!r} in {__name__}.")
    from steward.runtime.cache.redis import RedisTier

    return RedisTier
