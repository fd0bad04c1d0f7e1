"""A database in which events live: what organisers and members do, and moments that happen when told."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

from steward.bots.events.editing.service import EventService
from steward.bots.events.model.details import Details
from steward.bots.events.model.lookups import Lookups
from steward.bots.events.model.series import Series
from steward.bots.events.privacy.forgetting import Forgetting
from steward.bots.events.rsvp.answers import Respondent
from steward.bots.events.rsvp.service import RsvpService
from steward.bots.installed import MIGRATIONS
from steward.store import open_store
from tests.bots.events.happening import gone, happens
from tests.bots.events.whole import whole

GUILD, OLGA, HALL = 1, 2, 3
UTC = ZoneInfo("UTC")
HOUR, A_DAY = timedelta(hours=1), timedelta(days=1)


class Life:
    """A database whose moments happen when told."""

    def __init__(self, store, clock):
        self.store, self.clock, self.lookups = store, clock, Lookups(store)
        self.answering, self.organising = RsvpService(store), EventService(store, gone)

    async def made(self, *, rule=None, lead=0, ahead=2 * HOUR, id_=7, zone=UTC, **details):
        start = (self.clock.now() + ahead).astimezone(zone).replace(tzinfo=None, second=0, microsecond=0)
        what = Details(**{"title": "Raid"} | details)
        made = await self.organising.create(Series(id_, GUILD, HALL, OLGA, zone, start, rule, lead, what))
        await self.happens()
        return (await whole(self.store, made.id)).event

    async def happens(self):
        await happens(self.store)

    async def after(self, span):
        """Live through a span, in steps of an hour or less."""
        while span > timedelta(0):
            await asyncio.sleep(min(span, HOUR).total_seconds())
            span -= HOUR
            await self.happens()

    async def said(self, words):
        rows = await self.store.read(lambda tx: tx.all("SELECT payload FROM outbox ORDER BY id"))
        return [payload for (payload,) in rows if words in payload]

    async def answer(self, event, *users, option="yes"):
        for user in users:
            await self.answering.answer(event.id, Respondent(user, f"guest {user}"), option)

    async def forget(self, user):
        async def flush():
            """Nobody is measured."""

        await Forgetting(self.store, self.answering, flush).forget(GUILD, user)

    async def details(self, event):
        return (await whole(self.store, event.id)).event.details


def detailed(**details):
    """A change of a series' details."""
    return lambda series: replace(series, details=replace(series.details, **details))


def living(clock, folder):
    return open_store(folder / "s.sqlite3", clock, migrations=MIGRATIONS)
