"""The categories of the cache that music services use, and how often each spares a request."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from steward.runtime.cache import Cache, Category

if TYPE_CHECKING:
    from steward.bots.music.providers.answers import Told

CATEGORIES = ("recommendations", "tokens", "keywords", "api_response")


class CacheCount(NamedTuple):
    """How often a category was asked, and had the answer."""

    hits: int
    asked: int


class ProviderCaches:
    """
    Categories of one cache.

    Attributes:
        recommendations: similar artists.
        tokens: of services that give them out for an hour.
        keywords: what a model made of words.
        api_responses: everything else.

    """

    def __init__(self, cache: Cache) -> None:
        self._cache = cache
        self.recommendations: Category[Told[Any]] = cache.category("recommendations")
        self.tokens: Category[Any] = cache.category("tokens")
        self.keywords: Category[Told[Any]] = cache.category("keywords")
        self.api_responses: Category[Told[Any]] = cache.category("api_response")

    @property
    def counts(self) -> dict[str, CacheCount]:
        """Counts by category since the start."""
        found = self._cache.statistics
        return {name: CacheCount(found[name].hits, found[name].hits + found[name].misses) for name in CATEGORIES}
