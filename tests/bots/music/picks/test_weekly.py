from datetime import timedelta

from steward.bots.music.picks.weekly import weekly_picks
from steward.bots.music.recommend.listening import keep_listening
from steward.bots.music.taste.members import own_listener
from steward.bots.music.taste.opinions import ArtistVerdict, keep_opinion
from steward.store.dialect import SqliteDialect
from steward.store.transaction import Transaction
from tests.bots.music.kept import NOW, InventedMusic, music_tables

GUILD, ADA, BO = 1, 11, 12


def test_no_artist_comes_again_for_eight_weeks_and_one_that_a_member_refuses_never():
    with music_tables() as tx:
        music = InventedMusic(tx, artists=160, listeners=60)
        for user, number in ((ADA, 500), (BO, 501)):
            listener = own_listener(tx, user)
            keep_listening(tx, listener, dict.fromkeys(music.kept[number % 50][:10], 3))
        never = weekly_picks(tx, GUILD, [ADA, BO], "0")[0][0].artist.id
        keep_opinion(tx, own_listener(tx, BO), never, ArtistVerdict.NEVER)
        posted = []
        for week in range(20):
            later = Transaction(tx._connection, SqliteDialect(), NOW + timedelta(weeks=week))
            picks, members = weekly_picks(later, GUILD, [ADA, BO], str(week))
            again, _ = weekly_picks(later, GUILD, [ADA, BO], str(week))
            assert members == 2
            assert again == picks  # chosen anew before it was posted
            posted.append({one.artist.id for one in picks})
            assert len(posted[-1]) == 5
            assert never not in posted[-1]
            assert not posted[-1] & set().union(*posted[-8:-1])
        elsewhere, _ = weekly_picks(tx, GUILD + 1, [ADA, BO], "0")
        assert elsewhere
        assert weekly_picks(tx, GUILD, [], "0") == weekly_picks(tx, GUILD, [99], "0") == ([], 0)
