"""The services that are set up, reachable while the bot runs."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import TYPE_CHECKING

from steward.bots.music.providers.caches import ProviderCaches
from steward.bots.music.settings import MusicSettings
from steward.runtime.cache import Cache
from steward.runtime.clock import Clock

if TYPE_CHECKING:
    from steward.bots.music.providers.keyword_model import KeywordModel
    from steward.bots.music.providers.provider import MusicProvider


class MusicServices:
    """
    Holds the services between the start of `run` and its end; before and after there are none.

    Attributes:
        providers: in the order in which to ask them.
        keywords: None unless it was switched on.
        caches: of what they said.

    """

    def __init__(self, settings: MusicSettings, clock: Clock, cache: Cache) -> None:
        self._settings = settings
        self._clock = clock
        self._not_asked: Sequence[str] = ()
        self._there = asyncio.Event()
        self.caches = ProviderCaches(cache)
        self.providers: Sequence[MusicProvider] = ()
        self.keywords: KeywordModel | None = None

    @property
    def problems(self) -> list[str]:
        """What is wrong with services, a sentence each."""
        return [*self._not_asked, *(one.problem for one in self.providers if one.problem)]

    def of(self, name: str) -> MusicProvider | None:
        """Return the service of that name; None if it isn't set up."""
        return next((one for one in self.providers if one.name == name), None)

    async def ready(self) -> None:
        """Return once the services are there."""
        await self._there.wait()

    async def run(self) -> None:
        """Have the services there until cancelled."""
        from steward.bots.music.providers.calls import music_client
        from steward.bots.music.providers.installed import installed_providers

        async with music_client(self._clock) as http:
            found = installed_providers(self._settings, http, self._clock, self.caches)
            self.providers, self.keywords, self._not_asked = found
            self._there.set()
            try:
                await asyncio.Event().wait()
            finally:
                self._there.clear()
                self.providers, self.keywords = (), None
