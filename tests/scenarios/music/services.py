"""The music bot beside services on ports of this process, with a member who has linked an account."""

import asyncio
from contextlib import asynccontextmanager
from dataclasses import dataclass

from steward.bots.music.taste.links import link_of
from steward.bots.music.taste.members import listener_of
from tests.bots.music.providers.fakes import KEY, FakeLastFm, FakeListenBrainz, FakeMusicBrainz, ago, scrobble, serving
from tests.stage import CONTACT, QUIET, admin, stage

MUSIC = {"STEWARD_BOTS": "music", **CONTACT, **QUIET}


@dataclass
class Services:
    """The services, as they stand in tests, and the settings that lead the bot there."""

    last_fm: FakeLastFm
    listenbrainz: FakeListenBrainz
    musicbrainz: FakeMusicBrainz

    @property
    def all(self):
        return self.last_fm, self.listenbrainz, self.musicbrainz

    @property
    def settings(self):
        return {
            "STEWARD_MUSIC_SERVICES": "listenbrainz, lastfm, musicbrainz",
            "STEWARD_LASTFM_ADDRESS": f"{self.last_fm.url}/2.0",
            "STEWARD_LASTFM_KEY": KEY,
            "STEWARD_LISTENBRAINZ_ADDRESS": self.listenbrainz.url,
            "STEWARD_MUSICBRAINZ_ADDRESS": f"{self.musicbrainz.url}/ws/2",
        }

    def down(self, trouble):
        """Have all of them answer in a way of their own from now on."""
        for fake in self.all:
            fake.trouble = trouble


@asynccontextmanager
async def services(clock):
    found = Services(FakeLastFm(clock), FakeListenBrainz(clock), FakeMusicBrainz(clock))
    async with serving(clock, *found.all):
        yield found


@asynccontextmanager
async def jukebox(clock, folder, **settings):
    """The stage with the music bot alone, and the services; the bot isn't started."""
    async with services(clock) as found, stage(clock, folder, **{**MUSIC, **found.settings, **settings}) as scene:
        yield scene, found


@asynccontextmanager
async def playing(clock, folder, **settings):
    """The music bot alone, running, with its services; yields the stage, the bot, the services and a member."""
    async with jukebox(clock, folder, **settings) as (scene, found), scene.steward() as steward:
        await admin(scene, steward)
        yield scene, steward, found, scene.guild.join("ada")


def history(clock, count, artist="Air", every=1):
    """A history of so many tracks, one an hour, the latest first."""
    return [scrobble(f"{artist} {n % 7}", f"Song {n}", ago(clock, hours=every * (n + 1))) for n in range(count)]


async def own_link(steward, member):
    return await steward.store.read(lambda tx: link_of(tx, listener_of(tx, member.id)))


async def imported(steward, member, within=600.0):
    """Wait until a member's import is complete, and return the link."""
    async with asyncio.timeout(within):
        while (link := await own_link(steward, member)) is None or link.imported_ms is None or link.page:
            await asyncio.sleep(0.5)
    return link


async def count(steward, table):
    return await steward.store.read(lambda tx: tx.value(f"SELECT COUNT(*) FROM {table}"))
