"""Picks for several: nobody is left without, and each is told whom it is for."""

from hypothesis import given
from hypothesis import strategies as st

from steward.bots.music.recommend.groups import fair_picks

SCORES = st.dictionaries(
    st.integers(1, 6), st.dictionaries(st.integers(1, 15), st.floats(0, 5), max_size=12), max_size=5
)


@given(SCORES, st.integers(0, 8))
def test_each_artist_is_picked_once_for_somebody_who_gains(scores, count):
    found = fair_picks(scores, count)
    artists = [one.artist for one in found]
    wanted = {artist for of_one in scores.values() for artist, score in of_one.items() if score > 0}
    assert len(set(artists)) == len(artists) == min(count, len(wanted))
    for one in found:
        assert one.members
        assert all(scores[member][one.artist] > 0 for member in one.members)


def test_a_member_whose_taste_nobody_shares_gets_something():
    crowd = {1: 3.0, 2: 3.0, 3: 3.0, 4: 3.0}
    found = fair_picks({10: crowd, 11: crowd, 12: {9: 3.0}}, 3)
    assert [(one.artist, one.members) for one in found if one.artist == 9] == [(9, (12,))]
    assert found[0] == (1, (10, 11))


def test_the_order_of_members_does_not_matter():
    scores = {1: {5: 2.0, 6: 1.0}, 2: {6: 2.0, 7: 1.0}, 3: {7: 2.0}}
    assert fair_picks(scores, 3) == fair_picks(dict(reversed(scores.items())), 3)


def test_nobody_gets_nothing():
    assert fair_picks({}, 5) == fair_picks({1: {}}, 5) == fair_picks({1: {2: 0.0}}, 5) == []
