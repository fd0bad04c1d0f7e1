"""A member's taste is kept under a number of its own, shown to nobody unless shared, and forgotten in one go."""

from datetime import timedelta

from steward.bots.music.catalogue.keeping import ToldArtist, keep_artists
from steward.bots.music.privacy.retention import old_music
from steward.bots.music.recommend.similar import others_taste
from steward.bots.music.taste.favourites import MOST, add_favourites, favourites_of
from steward.bots.music.taste.listens import KeptListen, drop_listens, keep_listens, sum_up
from steward.bots.music.taste.members import forget_taste, listener_of, listeners_of, own_listener, users_of
from steward.bots.music.taste.opinions import ArtistVerdict, feedback_of, keep_opinion, note_shown
from steward.bots.music.taste.sharing import hide_taste, share_taste, shares_taste, who_shares
from steward.bots.music.taste.wanted import wanted_of
from steward.store import to_millis
from tests.bots.music.kept import learn_now, music_store, music_tables

ADA, BEN, HERE, THERE = 11, 12, 1, 2
EVERYTHING = ("music_members", "music_sharing", "music_links", "music_listens", "music_favourites", "music_opinions",
              "music_shown", "music_listening", "music_listeners")  # fmt: skip


def some_artists(tx, count=6):
    return keep_artists(tx, [ToldArtist(f"Band {number}") for number in range(count)])


def counts(tx):
    return {table: tx.value(f"SELECT COUNT(*) FROM {table}") for table in EVERYTHING}


def taste_of(tx, user, artists):
    listener = own_listener(tx, user)
    keep_listens(tx, listener, [KeptListen(1000 * at, artist, "Song") for at, artist in enumerate(artists)])
    add_favourites(tx, listener, artists[:2])
    keep_opinion(tx, listener, artists[3], ArtistVerdict.LIKE)
    note_shown(tx, listener, artists[4:])
    share_taste(tx, HERE, user)
    return listener


async def test_a_member_is_forgotten_in_one_go_and_nobody_else_is(clock, database):
    async with music_store(clock, database) as store:
        artists = await store.write(some_artists)
        ada, ben = [await store.write(lambda tx, user=user: taste_of(tx, user, artists)) for user in (ADA, BEN)]
        assert await store.read(lambda tx: users_of(tx, [ada, ben, 99])) == {ada: ADA, ben: BEN}
        assert await store.read(lambda tx: listeners_of(tx, [ADA, 99])) == {ADA: ada}
        before = await store.read(counts)
        rows = await store.write(lambda tx: forget_taste(tx, ADA))
        after = await store.read(counts)
        assert after == {table: many // 2 for table, many in before.items()}
        assert rows == sum(before.values()) - sum(after.values()) - (
            before["music_listeners"] - after["music_listeners"]
        )
        assert await store.read(lambda tx: (listener_of(tx, ADA), listener_of(tx, BEN))) == (None, ben)
        assert await store.write(lambda tx: forget_taste(tx, ADA)) == 0


def test_a_member_has_one_number_in_all_servers_and_shares_in_each_by_itself():
    with music_tables() as tx:
        ada = own_listener(tx, ADA)
        assert own_listener(tx, ADA) == ada
        share_taste(tx, HERE, ADA)
        share_taste(tx, HERE, ADA)
        assert (shares_taste(tx, HERE, ADA), shares_taste(tx, THERE, ADA)) == (True, False)
        assert who_shares(tx, HERE, [ADA, BEN]) == {ADA}
        hide_taste(tx, HERE, ADA)
        hide_taste(tx, HERE, BEN)
        assert not who_shares(tx, HERE, [ADA, BEN])


def test_who_shares_with_nobody_is_no_reason_for_anybody_s_pick():
    with music_tables() as tx:
        artists = some_artists(tx)
        ada, ben = (own_listener(tx, user) for user in (ADA, BEN))
        for listener, heard in ((ada, artists[:4]), (ben, artists[1:])):
            keep_listens(tx, listener, [KeptListen(1000 * at, artist, "Song") for at, artist in enumerate(heard)])
            sum_up(tx, listener)
        learn_now(tx)
        asked = {"profile": artists[:3], "without": [ben]}
        assert not others_taste(tx, **asked).listeners
        share_taste(tx, THERE, ADA)
        assert [*others_taste(tx, **asked).listeners] == [ada]
        learn_now(tx)
        assert [*others_taste(tx, **asked).listeners] == [ada]
        hide_taste(tx, THERE, ADA)
        assert not others_taste(tx, **asked).listeners


def test_each_listen_is_kept_once_however_often_it_is_told():
    with music_tables() as tx:
        artists, ada = some_artists(tx), own_listener(tx, ADA)
        page = [
            KeptListen(5000, artists[0], "Song"),
            KeptListen(5000, artists[0], "Other"),
            KeptListen(6000, 1, "x" * 900),
        ]
        assert keep_listens(tx, ada, [*page, *page]) == 3
        assert keep_listens(tx, ada, [*page, KeptListen(4000, artists[0], "Song")]) == 1
        assert keep_listens(tx, ada, []) == 0
        assert drop_listens(tx, ada, 5000) == 1
        assert drop_listens(tx, ada) == 3


def test_what_was_named_counts_beside_what_is_heard_and_the_oldest_goes():
    with music_tables() as tx:
        artists, ada = some_artists(tx, MOST + 3), own_listener(tx, ADA)
        keep_listens(tx, ada, [KeptListen(1000 * at, artists[0], "Song") for at in range(9)])
        add_favourites(tx, ada, artists[:2])
        wanted = wanted_of(tx, ada)
        assert wanted.profile == {artists[0]: 2.0, artists[1]: 2.0}
        assert wanted.known == {artists[0], artists[1]}
        assert wanted.listeners == {ada}
        assert tx.value("SELECT plays FROM music_listening WHERE artist = ?", (artists[0],)) == 9
        add_favourites(tx, ada, artists)
        assert len(favourites_of(tx, ada)) == MOST
        assert wanted_of(tx, None).profile == {}


def test_the_last_word_counts_and_a_dislike_and_what_was_shown_pass():
    with music_tables() as tx:
        artists, ada = some_artists(tx), own_listener(tx, ADA)
        for verdict in ArtistVerdict:
            keep_opinion(tx, ada, artists[0], verdict)
        keep_opinion(tx, ada, artists[0], ArtistVerdict.NEVER)
        keep_opinion(tx, ada, artists[1], ArtistVerdict.DISLIKE)
        keep_opinion(tx, ada, artists[2], ArtistVerdict.LIKE)
        keep_opinion(tx, ada, artists[3], ArtistVerdict.HEARD)
        note_shown(tx, ada, artists[4:])
        note_shown(tx, ada, artists[4:])
        said = feedback_of(tx, ada)
        assert (said.never, said.disliked, said.liked, said.heard, said.shown) == (
            {artists[0]}, {artists[1]}, {artists[2]}, {artists[3]}, {*artists[4:]},
        )  # fmt: skip
        long_ago = to_millis(tx.now - timedelta(days=61))
        for table in ("music_opinions", "music_shown"):
            tx.execute(f"UPDATE {table} SET at = ?", (long_ago,))
        said = feedback_of(tx, ada)
        assert (said.never, said.disliked, said.shown) == ({artists[0]}, set(), set())


async def test_who_has_not_used_the_bot_for_long_is_forgotten_and_who_has_is_not(clock, tmp_path):
    async with music_store(clock, tmp_path / "music.db") as store:
        artists = await store.write(some_artists)
        for user in (ADA, BEN):
            await store.write(lambda tx, user=user: taste_of(tx, user, artists))
        long_ago = to_millis(clock.now() - timedelta(days=401))
        await store.write(
            lambda tx: tx.execute("UPDATE music_members SET used_at = ? WHERE user_id = ?", (long_ago, ADA))
        )
        await store.write(lambda tx: own_listener(tx, BEN))
        for old in old_music(timedelta(days=400)):
            await old.prune(store, clock.now())
        assert await store.read(lambda tx: (listener_of(tx, ADA), tx.value("SELECT COUNT(*) FROM music_members"))) == (
            None,
            1,
        )
        await store.write(lambda tx: tx.execute("UPDATE music_members SET used_at = ?", (long_ago,)))
        for old in old_music(None):
            await old.prune(store, clock.now())
        assert await store.read(lambda tx: tx.value("SELECT COUNT(*) FROM music_members")) == 1
        listener = await store.write(lambda tx: own_listener(tx, BEN))
        used = await store.read(
            lambda tx: tx.value("SELECT used_at FROM music_members WHERE listener = ?", (listener,))
        )
        assert used > long_ago
