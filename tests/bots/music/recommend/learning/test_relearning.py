"""When it is learnt anew: soon after much has come, once for all of it, and not again and again."""

import asyncio
from datetime import timedelta

from steward.bots.music.catalogue.heard import NamedArtist
from steward.bots.music.recommend.learning.learning_work import LearningWork
from steward.bots.music.recommend.learning.rebuild import Learning, LearningFailed
from steward.bots.music.recommend.learning.relearning import EVERY, LEARN, SETTLED, learn_soon, note_learnt
from steward.bots.music.taste.links import HeardPage, link_account, take_page
from steward.store.due import due
from steward.store.due.work import DueWork
from tests.bots.music.kept import music_store
from tests.store.settable_clock import SettableClock

KEEP = timedelta(days=400)


def when(tx):
    return [item.at for item in due.waiting(tx, (LEARN,), 0)]


async def test_what_comes_together_is_learnt_from_once_and_the_first_sets_the_time(clock, database):
    async with music_store(clock, database) as store:
        began = clock.now()
        await store.write(learn_soon)
        first = await store.read(when)
        assert timedelta() <= first[0] - began - SETTLED < timedelta(seconds=1)
        await asyncio.sleep(60)
        await store.write(learn_soon)
        assert await store.read(when) == first, "or whoever imports all day would put it off all day"


async def test_after_learning_it_rests_for_half_an_hour_but_not_for_a_wrong_clock(clock, tmp_path):
    clock = SettableClock(clock)
    async with music_store(clock, tmp_path / "s.sqlite3") as store:
        learnt = clock.now()
        await store.write(note_learnt)
        clock.set_by(timedelta(minutes=5))
        await store.write(learn_soon)
        (at,) = await store.read(when)
        assert abs(at - learnt - EVERY) < timedelta(seconds=5)
        await store.write(lambda tx: due.forget(tx, (LEARN,), 0))
        clock.set_by(-timedelta(days=400))
        await store.write(learn_soon)
        (at,) = await store.read(when)
        assert at < clock.now() + SETTLED + timedelta(seconds=5)


class Counted(Learning):
    """Counts how often it learns, and fails as often as it is told to."""

    def __init__(self, store, clock, fails=0, meanwhile=None):
        super().__init__(store)
        self.clock, self.fails, self.meanwhile, self.at = clock, fails, meanwhile, []

    async def _learn(self):
        self.at.append(self.clock.monotonic())
        if self.meanwhile is not None:
            await self._store.write(self.meanwhile)
            self.meanwhile = None
        if len(self.at) <= self.fails:
            await self._store.write(note_learnt)
            raise LearningFailed("The child failed.")
        return await super()._learn()


async def learnt_at(clock, store, learning, hours=3):
    work = asyncio.create_task(DueWork(store, clock, LearningWork(learning).kinds).run())
    began = clock.monotonic()
    await store.write(learn_soon)
    await asyncio.sleep(hours * 3600)
    work.cancel()
    return [round((at - began) / 60) for at in learning.at]


async def test_it_is_learnt_once_in_the_child_and_then_nothing_waits(clock, tmp_path):
    async with music_store(clock, tmp_path / "s.sqlite3") as store:
        assert await learnt_at(clock, store, Counted(store, clock)) == [2]
        assert await store.read(when) == []


async def test_what_comes_while_it_learns_is_learnt_half_an_hour_later(clock, tmp_path):
    async with music_store(clock, tmp_path / "s.sqlite3") as store:
        late = Counted(store, clock, meanwhile=learn_soon)
        assert len(await learnt_at(clock, store, late)) == 2
        assert late.at[1] - late.at[0] >= 60


async def test_a_child_that_fails_is_tried_again_every_half_hour_not_at_once(clock, tmp_path):
    async with music_store(clock, tmp_path / "s.sqlite3") as store:
        assert await learnt_at(clock, store, Counted(store, clock, fails=2)) == [2, 32, 62]


async def test_a_members_import_that_brought_something_is_learnt_from_and_one_without_news_is_not(clock, tmp_path):
    def page(tx, *listens):
        link = link_account(tx, user_id=1, guild_id=2, service="lastfm", name="ada")
        take_page(tx, link, HeardPage(listens), KEEP)

    at = int(clock.now().timestamp()) - 3600
    async with music_store(clock, tmp_path / "s.sqlite3") as store:
        await store.write(page)
        assert await store.read(when) == []
        await store.write(lambda tx: page(tx, (at, NamedArtist("Low"), "Words")))
        assert len(await store.read(when)) == 1
        await store.write(lambda tx: due.forget(tx, (LEARN,), 0))
        await store.write(lambda tx: page(tx, (at, NamedArtist("Low"), "Words")))
        assert await store.read(when) == [], "it was known"
