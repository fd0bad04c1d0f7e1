"""A cache with bounded memory, a time to live per category, and optionally Redis as a second tier."""

from typing import TYPE_CHECKING, Any

from steward.runtime.cache.cache import DEFAULT_TTLS, Cache
from steward.runtime.cache.category import Category
from steward.runtime.cache.sizes import approximate_size
from steward.runtime.cache.statistics import CacheStatistics

if TYPE_CHECKING:
    from steward.runtime.cache.redis import RedisTier

__all__ = ["DEFAULT_TTLS", "Cache", "CacheStatistics", "Category", "RedisTier", "approximate_size"]


def __getattr__(name: str) -> Any:
    """Import the Redis tier on first use; it takes 0.4 MB."""
    if name != "RedisTier":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from steward.runtime.cache.redis import RedisTier

    return RedisTier
