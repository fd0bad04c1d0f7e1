"""The music bot, put together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import time, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from steward.bots.bot import Part
from steward.bots.music.commands.listening import ListeningCommands
from steward.bots.music.commands.music import MusicCommands
from steward.bots.music.commands.now_playing import NowPlayingCommand
from steward.bots.music.commands.playlists import PlaylistCommands
from steward.bots.music.commands.recommend import RecommendCommand
from steward.bots.music.commands.setup import MusicSetup
from steward.bots.music.commands.weekly import WeeklyPosts
from steward.bots.music.privacy.retention import old_music
from steward.bots.music.providers.services import MusicServices
from steward.bots.music.recommend.learning.learning_work import LearningWork
from steward.bots.music.recommend.learning.rebuild import Learning
from steward.bots.music.section import MusicSection
from steward.bots.music.settings import MusicSettings
from steward.bots.music.taste.importing import HistoryImports
from steward.bots.music.taste.members import forget_taste
from steward.client.members.who_left import WhoLeft
from steward.guilds.host import Host
from steward.guilds.privacy.kept import Kept
from steward.guilds.retention import Retention
from steward.runtime.tasks import Work
from steward.store import DailyAt, JobOccurrence
from steward.store.due.work import DueWork
from steward.store.export.personal import PersonalData
from steward.text.plurals import counted

LEARN_AT = DailyAt(time(5), ZoneInfo("UTC"))


class MusicPart(Part):
    """What to listen to, in every guild."""

    def __init__(self, host: Host) -> None:
        self._store = host.store
        settings = host.settings.of(MusicSettings)
        self.section = host.guilds.settings.section("music", MusicSection())
        self.services = MusicServices(settings, host.clock, host.cache)
        self.learning = Learning(host.store)
        host.jobs.register("music.learn", LEARN_AT, self._learn, coalesce=True)
        keep = settings.keep_listens_days
        self._imports = HistoryImports(host.store, host.clock, self.services, timedelta(days=keep))
        self._due = DueWork(host.store, host.clock, {**self._imports.kinds, **LearningWork(self.learning).kinds})
        MusicCommands(host, self.services, keep)
        who_left = WhoLeft(host.client, host.cache, "music_absent")
        RecommendCommand(host, self.section, self.services, who_left)
        PlaylistCommands(host, self.section, self.services)
        self._weekly = WeeklyPosts(host, self.section, who_left)
        self.reports = self._weekly.scheduled
        self.setup = MusicSetup(host, self.section, self.reports)
        ListeningCommands(host, self.section)
        NowPlayingCommand(host, self.section, self.services)
        idle = settings.keep_idle_listeners_days
        until = f"deleted after {counted(idle, 'day')} without the music bot" if idle else ""
        self.kept = Kept("Music", _music_data, self.flush, self._forget, until, loss="your taste in music")
        forget_after = timedelta(days=idle) if idle else None
        self.retention = Retention(host.store, host.clock, lambda _: old_music(forget_after))

    async def _forget(self, _: int, user_id: int) -> None:
        await self._store.write(partial(forget_taste, user_id=user_id))

    async def _learn(self, _: JobOccurrence) -> None:
        await self.learning.run()

    @property
    def problems(self) -> Sequence[str]:
        return [*self.services.problems, *self._due.problems, *self._weekly.scheduled.problems.values()]

    def offline_work(self) -> Iterator[tuple[str, Work]]:
        """Yield the background work that asks music services."""
        yield "music services", self.services.run
        yield "import music", self._due.run


def _music_data() -> Sequence[PersonalData]:
    from steward.bots.music.privacy.personal import MUSIC_DATA

    return MUSIC_DATA
