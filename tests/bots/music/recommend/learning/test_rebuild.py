"""Learning anew, with a real child, on each engine."""

import sys

import pytest

from steward.bots.music.catalogue.invented import invented_catalogue
from steward.bots.music.catalogue.keeping import keep_artists
from steward.bots.music.recommend.learning.rebuild import Learning, LearningFailed
from steward.bots.music.recommend.listening import forget_listener, heard_by, keep_listening, profile_of
from steward.bots.music.recommend.reasons import MostHeard, NearArtists
from steward.bots.music.recommend.recommending import Wanted, recommend, recommend_to_group
from tests.bots.music.kept import music_store, music_tables

CATALOGUE = invented_catalogue(artists=300, listeners=60)


def keep_all(tx):
    ids = keep_artists(tx, CATALOGUE.artists)
    for number, plays in enumerate(CATALOGUE.listeners, 1):
        keep_listening(tx, number, {ids[index]: times for index, times in plays.items()})
    return ids


def wanted_by(tx, listener):
    return Wanted(profile_of(tx, listener), frozenset(heard_by(tx, listener)), frozenset({listener}))


async def test_what_is_learnt_is_used_and_what_is_gone_is_forgotten(clock, database):
    async with music_store(clock, database) as store:
        await store.write(keep_all)
        learnt = await Learning(store).run()
        assert (learnt.listeners, learnt.pairs) == (60, 3000)
        picks = await store.read(lambda tx: recommend(tx, wanted_by(tx, 7), 5))
        known = await store.read(lambda tx: heard_by(tx, 7))
        assert len({pick.artist.id for pick in picks}) == 5
        assert not known & {pick.artist.id for pick in picks}
        assert any(isinstance(pick.reason, NearArtists) for pick in picks)
        for_all = await store.read(
            lambda tx: recommend_to_group(tx, {member: wanted_by(tx, member) for member in (1, 2, 3, 4)}, 5)
        )
        assert len(for_all) == 5
        assert all(pick.members for pick in for_all)

        counts = await store.read(rows)
        assert await Learning(store).run() == learnt
        assert await store.read(rows) == counts, "the same is learnt again"

        for listener in range(1, 61):
            assert await store.write(lambda tx, listener=listener: forget_listener(tx, listener)) == 50
        assert (await Learning(store).run()).pairs == 0
        left = await store.read(rows)
        assert (left["music_listening"], left["music_audience"], left["music_listeners"]) == (0, 0, 0)
        assert left["music_vectors"] == 300, "tags stay"
        picks = await store.read(lambda tx: recommend(tx, Wanted(), 5))
        assert [type(pick.reason) for pick in picks] == [MostHeard] * 5


def rows(tx):
    tables = ("music_listening", "music_audience", "music_listeners", "music_vectors")
    return {table: tx.value(f"SELECT COUNT(*) FROM {table}") for table in tables}


@pytest.mark.parametrize(
    ("program", "within", "sentence"),
    [
        ("raise SystemExit('no memory')", 60, "failed: no memory"),
        ("import time; time.sleep(60)", 0.5, "took longer than 0.5"),
    ],
)
async def test_a_child_that_fails_leaves_what_was_learnt(clock, tmp_path, program, within, sentence):
    async with music_store(clock, tmp_path / "steward.sqlite3") as store:
        await store.write(keep_all)
        await Learning(store).run()
        before = await store.read(rows)
        failing = Learning(store, child=(sys.executable, "-c", program), within=within)
        with pytest.raises(LearningFailed, match=sentence):
            await failing.run()
        assert await store.read(rows) == before


async def test_without_memory_nothing_is_begun(clock, tmp_path):
    async with music_store(clock, tmp_path / "steward.sqlite3") as store:
        with pytest.raises(LearningFailed, match="short of memory"):
            await Learning(store, has_headroom=lambda: False).run()


def test_a_listener_who_comes_later_is_measured_at_once():
    with music_tables() as tx:
        keep_all(tx)
        assert tx.value("SELECT COUNT(*) FROM music_listeners") == 0, "nothing is known of how rare artists are yet"
        tx.execute("INSERT INTO music_audience (artist, listeners, rarity) SELECT id, 1, 2.0 FROM music_artists")
        keep_listening(tx, 99, {1: 5, 2: 1})
        assert tx.value("SELECT norm FROM music_listeners WHERE listener = 99") == 4.0
