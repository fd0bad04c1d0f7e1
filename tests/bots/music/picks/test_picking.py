"""What is shown, to whom it may be shown, and whom a reason may name: on tables alone, with an invented catalogue."""

from functools import partial
from itertools import islice

import pytest

from steward.bots.music.catalogue.invented import invented_catalogue
from steward.bots.music.catalogue.keeping import keep_artists
from steward.bots.music.picks.asks import PickAsk, PicksFor
from steward.bots.music.picks.picking import PickAsker, note_picks, picks_for
from steward.bots.music.picks.tastes import wanted_of_several
from steward.bots.music.picks.told import NearTold, ToldBy
from steward.bots.music.recommend.listening import heard_by, keep_listening
from steward.bots.music.recommend.reasons import AlikeListeners
from steward.bots.music.taste.members import own_listener
from steward.bots.music.taste.opinions import ArtistVerdict, keep_opinion
from steward.bots.music.taste.sharing import share_taste
from tests.bots.music.kept import learn_now, music_tables

GUILD, ADA, BO, CY = 1, 11, 12, 13


@pytest.fixture
def music():
    """A small catalogue, and three members who hear what invented listeners hear; yields the artists' numbers."""
    with music_tables() as tx:
        invented = invented_catalogue(artists=120, listeners=40)
        ids = keep_artists(tx, invented.artists)
        for place, plays in enumerate(invented.listeners):
            listener = own_listener(tx, (ADA, BO, CY)[place]) if place < 3 else -place
            keep_listening(tx, listener, {ids[index]: times for index, times in islice(plays.items(), 20)})
        learn_now(tx)
        yield tx, ids


def pick(tx, user_id=ADA, ask=PickAsk(), told=NearTold(), present=()):  # noqa: B008 - frozen
    return picks_for(tx, PickAsker(GUILD, user_id, present), ask, told)


def artists(found):
    return [one.artist.id for one in found.picks]


def test_after_never_again_a_thousand_calls_never_show_it(music):
    tx, ids = music
    own = own_listener(tx, ADA)
    never = {*artists(pick(tx)), ids[3], ids[50]}
    for artist in never:
        keep_opinion(tx, own, artist, ArtistVerdict.NEVER)
    share_taste(tx, GUILD, ADA)
    share_taste(tx, GUILD, BO)
    asks = (
        PickAsk(),
        PickAsk(PicksFor.VOICE),
        PickAsk(PicksFor.SERVER),
        PickAsk(artist=ids[3]),
        PickAsk(artist=ids[80]),
        PickAsk(tags={1: 1.0, 2: -0.5}),
    )
    shown = 0
    for turn in range(1000):
        found = pick(tx, ask=asks[turn % len(asks)], present=(ADA, BO))
        assert not never & {*artists(found)}
        if not found.picks:
            tx.execute("DELETE FROM music_shown")
        else:
            shown += len(found.picks)
            note_picks(tx, PickAsker(GUILD, ADA, (ADA, BO)), found)
    assert shown > 3000


def test_a_taste_that_is_not_shared_is_answered_to_its_owner_alone_and_names_nobody(music):
    tx, _ = music
    assert pick(tx).is_private
    share_taste(tx, GUILD, ADA)
    assert not pick(tx).is_private
    assert pick(tx, ask=PickAsk(PicksFor.SERVER)).members == [ADA]


def test_reasons_name_only_members_who_share_in_that_server(music):
    tx, ids = music
    share_taste(tx, GUILD, BO)
    share_taste(tx, GUILD + 1, CY)
    for artist in ids:
        found = pick(tx, ask=PickAsk(artist=artist))
        told = [one for one in found.picks if isinstance(one.reason, AlikeListeners)]
        assert {*found.names.values()} <= {BO}
        assert told or not found.names


def test_what_a_service_tells_of_comes_before_what_listeners_here_tell(music):
    tx, ids = music
    seed, *near = ids[60:66]
    told = NearTold({seed: dict.fromkeys(near, 0.9)}, dict.fromkeys(near, ToldBy("Last.fm", 0)))
    found = pick(tx, ask=PickAsk(artist=seed), told=told)
    assert len({*near} & {*artists(found)}) >= 3


def test_an_artist_counts_alone_whatever_else_the_member_hears_or_has_refused(music):
    tx, ids = music
    keep_opinion(tx, own_listener(tx, ADA), ids[70], ArtistVerdict.DISLIKE)
    keep_opinion(tx, own_listener(tx, ADA), ids[71], ArtistVerdict.LIKE)
    found = pick(tx, ask=PickAsk(artist=ids[70]))
    assert found.seed.id == ids[70]
    assert len(found.picks) == 5
    for one in found.picks:
        assert getattr(one.reason, "artists", (found.seed,)) == (found.seed,)


def test_of_a_server_each_member_counts_as_much_and_what_half_of_them_know_is_left_out(music):
    tx, _ = music
    wanted, known = wanted_of_several(tx, [ADA, BO, CY, 99])
    assert known == 3
    heard = [heard_by(tx, own_listener(tx, who)) for who in (ADA, BO, CY)]
    for artist in set.union(*heard):
        if sum(artist in of_one for of_one in heard) >= 2:
            assert artist in wanted.out
    keep_opinion(tx, own_listener(tx, BO), 5, ArtistVerdict.NEVER)
    assert 5 in wanted_of_several(tx, [ADA, BO])[0].out


def test_a_voice_channel_gets_a_list_for_those_who_share_and_whose_taste_is_known(music):
    tx, _ = music
    for who in (ADA, BO, 99):
        share_taste(tx, GUILD, who)
    found = pick(tx, ask=PickAsk(PicksFor.VOICE), present=(ADA, BO, CY, 99))
    assert (found.members, found.left_out) == ([ADA, BO], 2)
    assert {who for one in found.picks for who in one.members} == {ADA, BO}
    note_picks(tx, PickAsker(GUILD, ADA, (ADA, BO)), found)
    again = partial(pick, tx, ask=PickAsk(PicksFor.VOICE))
    assert not {*artists(found)} & {*artists(again(user_id=BO, present=(BO,)))}
    assert again(user_id=CY, present=(CY,)).is_blank
