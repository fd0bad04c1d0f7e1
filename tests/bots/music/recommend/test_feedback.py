"""What somebody says to a pick changes their profile, and takes it out of the next answers."""

from hypothesis import given
from hypothesis import strategies as st

from steward.bots.music.recommend.feedback import Feedback

SOME = st.frozensets(st.integers(1, 20))


@given(st.builds(Feedback, SOME, SOME, SOME, SOME, SOME), st.dictionaries(st.integers(1, 20), st.just(1.0)))
def test_whatever_was_said_of_it_is_out_and_what_is_refused_speaks_for_nothing(feedback, profile):
    found = feedback.profile(profile)
    assert not found.keys() & (feedback.never | feedback.disliked)
    assert feedback.out >= feedback.never | feedback.shown | feedback.liked | feedback.heard
    assert all(found[artist] >= 1 for artist in found)


def test_a_like_counts_beside_the_profile_and_twice_for_what_is_in_it():
    assert Feedback(liked=frozenset({1, 2}), heard=frozenset({3})).profile({1: 1.0}) == {1: 2.0, 2: 1.0, 3: 1.0}
