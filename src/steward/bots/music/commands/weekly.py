"""A server's weekly post of artists to discover, once a week where `/setup` names a channel for it."""

from __future__ import annotations

from dataclasses import replace
from datetime import time
from functools import partial

from steward.bots.music.picks.tastes import who_agreed
from steward.bots.music.picks.weekly import weekly_picks
from steward.bots.music.section import MusicSection
from steward.client.members.who_left import WhoLeft
from steward.guilds.host import Host
from steward.guilds.reports import GuildReports, Posting, Setter, Wished
from steward.guilds.settings_book import Section
from steward.store import DailyAt, JobOccurrence, weekly

MONDAY = 0
REMEDY = "`/setup` chooses another channel."
GONE = f"{{channel}}, the channel for the weekly picks, was deleted: I post no more of them. {REMEDY}"


class WeeklyPosts:
    """
    Makes the weekly posts of the servers that want them, on Mondays on each server's own clock.

    Guarantee: each is posted once, across crashes and restarts. Where nobody lets others see their taste, none is.
    """

    def __init__(self, host: Host, section: Section[MusicSection], who_left: WhoLeft) -> None:
        self._store = host.store
        self._who_left = who_left
        self.scheduled = GuildReports(
            host,
            section,
            _wished,
            self._draw,
            gone=GONE,
            setter=Setter("the weekly picks", REMEDY, lambda now: replace(now, weekly_channel_id=None)),
        )
        section.watch(self.scheduled.configured)

    async def _draw(self, guild_id: int, _: str, occurrence: JobOccurrence) -> Posting | None:
        from steward.bots.music.views.weekly import weekly_post

        agreed = await self._store.read(partial(who_agreed, guild_id=guild_id))
        if not agreed:
            return None
        left = await self._who_left.among(guild_id, agreed)
        members = [user_id for user_id in agreed if user_id not in left]
        work = partial(weekly_picks, guild_id=guild_id, members=members, week=occurrence.key)
        picks, known = await self._store.write(work)
        return Posting(weekly_post(picks, known)) if picks else None


def _wished(settings: MusicSection) -> Wished | None:
    if settings.weekly_channel_id is None:
        return None
    return Wished(settings.weekly_channel_id, {"weekly": weekly(DailyAt(time(18), settings.zone_info), MONDAY)})
