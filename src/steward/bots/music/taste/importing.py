"""Imports what members heard, page by page, as due work: killed anywhere, an import goes on at its page."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from functools import partial

from steward.bots.music.catalogue.heard import NamedArtist
from steward.bots.music.providers.answers import ListenPage
from steward.bots.music.providers.failures import UnreadablePage
from steward.bots.music.providers.provider import PAGE, MusicProvider
from steward.bots.music.providers.services import MusicServices
from steward.bots.music.taste.links import (
    UPDATE_EVERY,
    HeardPage,
    MusicLink,
    link_of,
    note_import_problem,
    take_page,
)
from steward.bots.music.taste.members import IMPORT
from steward.errors import NotReady, StewardError
from steward.runtime.clock import Clock
from steward.runtime.resilience import retry_after
from steward.store import Store, Transaction, Work
from steward.store.due.due import DueItem
from steward.store.due.work import DueKind

AGAIN, LONGEST_PAUSE = timedelta(minutes=2), timedelta(hours=1)
"""After a service is away, an import rests: the first, or as long as the service says, up to the second."""


class HistoryImports:
    """
    Imports histories.

    Args:
        keep: how long listens are kept; what was before isn't imported.

    Attributes:
        kinds: of due work.

    """

    def __init__(self, store: Store, clock: Clock, services: MusicServices, keep: timedelta) -> None:
        self._store = store
        self._clock = clock
        self._services = services
        self._keep = keep
        self.kinds: Mapping[str, DueKind] = {
            IMPORT: DueKind(self._prepare, lambda _: "A member's music isn't imported")
        }

    async def _prepare(self, item: DueItem) -> Work[None]:
        """Read the next page, and return what keeps it."""
        link = await self._store.read(partial(link_of, listener=item.number))
        if link is None:
            return _nothing
        await self._services.ready()
        service = self._services.of(link.service)
        if service is None:
            why = "The service of this account isn't set up here now."
            return partial(note_import_problem, asked=link, problem=why, again=UPDATE_EVERY)
        try:
            page = await self._read(service, link)
        except NotReady as away:
            rest = min(LONGEST_PAUSE, max(AGAIN, timedelta(seconds=retry_after(away))))
            return partial(note_import_problem, asked=link, problem=away.sentence, again=rest)
        except StewardError as error:
            why = error.for_members or str(error)
            return partial(note_import_problem, asked=link, problem=why, again=UPDATE_EVERY)
        return partial(take_page, asked=link, page=page, keep=self._keep)

    async def _read(self, service: MusicProvider, link: MusicLink) -> HeardPage:
        """Return a page; of one that can't be read, the cursor of the next."""
        since = link.since(self._clock.now(), self._keep)
        try:
            return _heard(await service.listens(link.name, since=since, cursor=link.page))
        except UnreadablePage as error:
            if not error.cursor:
                raise
            return HeardPage((), error.cursor, PAGE)


def _heard(page: ListenPage) -> HeardPage:
    listens = [
        (one.at, NamedArtist(one.track.artist.name, one.track.artist.mbid), one.track.title) for one in page.listens
    ]
    return HeardPage(listens, page.cursor, page.skipped)


def _nothing(_: Transaction) -> None:
    """Do nothing for an account that isn't linked any more."""
