"""A server's weekly post: five artists by the taste of members who agreed, posted once, none again for eight weeks."""

from __future__ import annotations

from dataclasses import replace
from datetime import time, timedelta
from functools import partial
from typing import TYPE_CHECKING

from steward.bots.music.picks.tastes import wanted_of_several, who_agreed
from steward.bots.music.recommend.recommending import recommend
from steward.bots.music.section import MusicSection
from steward.client.members.absent_members import AbsentMembers
from steward.errors import StewardError
from steward.guilds.host import Host
from steward.guilds.reports import GuildReports, Posting, Setter, Wished
from steward.guilds.settings_book import Section
from steward.store import DailyAt, JobOccurrence, Transaction, to_millis, weekly

if TYPE_CHECKING:
    from steward.bots.music.recommend.reasons import ArtistPick

AT_ONCE = 5
MONDAY = 0
NOT_AGAIN_FOR = timedelta(weeks=8)
REMEDY = "`/setup` chooses another channel."
GONE = f"{{channel}}, the channel for the weekly picks, was deleted: I post no more of them. {REMEDY}"


class WeeklyPosts:
    """
    Makes the weekly posts of the servers that want them, on Mondays on each server's own clock.

    Guarantee: each is posted once, across crashes and restarts. Where nobody lets others see their taste, none is.
    """

    def __init__(self, host: Host, section: Section[MusicSection]) -> None:
        self._store = host.store
        self._members = AbsentMembers(host.client)
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
        try:
            left = await self._members.among(guild_id, agreed)
        except StewardError:  # who has left since is counted once more
            left = set()
        members = [user_id for user_id in agreed if user_id not in left]
        work = partial(weekly_picks, guild_id=guild_id, members=members, week=occurrence.key)
        picks, known = await self._store.write(work)
        return Posting(weekly_post(picks, known)) if picks else None


def weekly_picks(tx: Transaction, guild_id: int, members: list[int], week: str) -> tuple[list[ArtistPick], int]:
    """
    Choose the artists of a week and note them; return them, and by the taste of how many members they are.

    Chosen again, such as after a crash before they were posted, they take the place of those of the same week.
    """
    tx.execute("DELETE FROM music_weekly_picks WHERE guild_id = ? AND week = ?", (guild_id, week))
    since = to_millis(tx.now - NOT_AGAIN_FOR)
    sql = "SELECT artist FROM music_weekly_picks WHERE guild_id = ? AND at > ?"
    wanted, known = wanted_of_several(tx, members, {artist for (artist,) in tx.all(sql, (guild_id, since))})
    picks = recommend(tx, wanted, AT_ONCE) if known else []
    for pick in picks:
        key = {"guild_id": guild_id, "artist": pick.artist.id}
        tx.upsert("music_weekly_picks", key=key, values={"week": week, "at": tx.now_ms})
    return picks, known


def _wished(settings: MusicSection) -> Wished | None:
    if settings.weekly_channel_id is None:
        return None
    return Wished(settings.weekly_channel_id, {"weekly": weekly(DailyAt(time(18), settings.zone_info), MONDAY)})
