"""A cache for any bot: bounded memory, categories with their own times to live, and Redis behind it if wanted."""

from steward.runtime.cache.cache import DEFAULT_TTLS, Cache
from steward.runtime.cache.category import Category
from steward.runtime.cache.redis import RedisTier
from steward.runtime.cache.sizes import approximate_size
from steward.runtime.cache.statistics import CacheStatistics

__all__ = ["DEFAULT_TTLS", "Cache", "CacheStatistics", "Category", "RedisTier", "approximate_size"]
