"""The tracks of a new playlist: what somebody hears, or else one that a service names of each artist."""

import asyncio

from steward.bots.music.catalogue.artists import artists_of
from steward.bots.music.catalogue.keeping import ToldArtist, keep_artists
from steward.bots.music.playlists.choosing import chosen_tracks, track_of_each
from steward.bots.music.playlists.playlist import PlaylistTrack, TrackSource
from steward.bots.music.providers.deezer import Deezer
from steward.bots.music.taste.favourites import add_favourites
from steward.bots.music.taste.listens import KeptListen, keep_listens
from steward.bots.music.taste.members import own_listener
from steward.bots.music.taste.opinions import ArtistVerdict, keep_opinion, note_shown
from tests.bots.music.kept import music_store
from tests.bots.music.providers.fakes import FakeDeezer, page_of_html, serving

ADA = 11
NAMES = ("Air", "Justice", "Cassius", "!!!")


def found(artist, title, ref=1):
    return {"id": ref, "title": title, "link": f"https://www.deezer.com/track/{ref}", "artist": {"name": artist}}


def told(tx):
    """Artists; Ada has heard some tracks of the first, was shown the first three, and likes the last two."""
    numbers = keep_artists(tx, [ToldArtist(name) for name in NAMES])
    ada = own_listener(tx, ADA)
    titles = ("Kelly Watch the Stars", "La femme d'argent", "La femme d'argent")
    keep_listens(tx, ada, [KeptListen(tx.now_ms - 1000 * at, numbers[0], title) for at, title in enumerate(titles, 1)])
    note_shown(tx, ada, numbers[:3])
    keep_opinion(tx, ada, numbers[2], ArtistVerdict.LIKE)
    add_favourites(tx, ada, numbers[3:])
    return numbers, ada


async def test_of_each_artist_the_track_that_the_member_hears_or_that_a_service_finds_is_taken(clock, tmp_path):
    fake = FakeDeezer(clock)
    async with music_store(clock, f"sqlite:///{tmp_path}/db") as store, serving(clock, fake) as served:
        _, ada = await store.write(told)
        services = [Deezer(served.http, clock, served.caches, address=fake.url)]
        fake.tracks = [found("Justice vs Simian", "We Are Your Friends"), found("JUSTICE", "Genesis", 2)]
        picks = await chosen_tracks(TrackSource.PICKS, ada, store, services, clock)
        assert picks == [
            PlaylistTrack("Air", "La femme d'argent"),
            PlaylistTrack("Justice", "Genesis", "", "https://www.deezer.com/track/2"),
            PlaylistTrack("Cassius"),
        ]
        liked = await chosen_tracks(TrackSource.LIKED, ada, store, [], clock)
        assert {track.artist for track in liked} == {"Cassius", "!!!"}
        month = await chosen_tracks(TrackSource.MONTH, ada, store, [], clock)
        assert [track.title for track in month] == ["La femme d'argent", "Kelly Watch the Stars"]


async def test_services_that_are_slow_or_broken_leave_the_artists_as_they_are_within_two_seconds(clock, tmp_path):
    fake = FakeDeezer(clock)
    async with music_store(clock, f"sqlite:///{tmp_path}/db") as store, serving(clock, fake) as served:
        numbers, _ = await store.write(told)
        known = await store.read(lambda tx: artists_of(tx, numbers))
        services = [Deezer(served.http, clock, served.caches, address=fake.url)]

        async def hanging():
            await asyncio.sleep(3600)

        for trouble in (lambda _: hanging(), page_of_html):
            fake.trouble = trouble
            began = clock.monotonic()
            tracks = await track_of_each([(known[one], "") for one in numbers], services, clock)
            assert tracks == [PlaylistTrack(name) for name in NAMES]
            assert clock.monotonic() - began < 2.5
