"""Scores of several kinds as one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from steward.bots.music.recommend.feedback import DISLIKED_FACTOR
from steward.bots.music.recommend.mixing import WEIGHTS, mixed, scaled
from steward.bots.music.recommend.reasons import Component

SCORES = st.dictionaries(st.integers(1, 40), st.floats(0, 1e6), max_size=30)
PARTS = st.dictionaries(st.sampled_from(Component), SCORES)


@given(PARTS, st.frozensets(st.integers(1, 40)), st.integers(1, 10))
def test_the_best_are_in_order_once_each_and_without_what_is_out(parts, out, most):
    found = mixed(parts, most, out)
    artists = [one.artist for one in found]
    assert len(artists) == len(set(artists)) <= most
    assert not out & {*artists}
    assert [one.score for one in found] == sorted((one.score for one in found), reverse=True)
    for one in found:
        assert one.score == pytest.approx(sum(one.shares.values()))
        assert one.shares[one.strongest] == max(one.shares.values())


@given(SCORES, st.floats(0.1, 1000))
def test_the_size_of_a_part_does_not_count(scores, factor):
    larger = {artist: factor * score for artist, score in scores.items()}
    parts = {Component.ARTISTS: {7: 1.0, 8: 2.0}}
    one = mixed({**parts, Component.TAGS: scores}, 50)
    other = mixed({**parts, Component.TAGS: larger}, 50)
    assert {a.artist: a.score for a in one} == pytest.approx({a.artist: a.score for a in other}, rel=1e-6)


def test_parts_add_up_by_their_weights():
    (one, *_) = mixed({Component.ARTISTS: {1: 2.0}, Component.TAGS: {1: 5.0}}, 3)
    assert one.score == pytest.approx(WEIGHTS[Component.ARTISTS] + WEIGHTS[Component.TAGS])
    assert one.strongest is Component.ARTISTS


def test_what_is_next_to_something_disliked_counts_less():
    found = mixed({Component.ARTISTS: {1: 3.0, 2: 2.0}}, 2, weakened={1})
    assert [one.artist for one in found] == [2, 1]
    assert found[1].score == pytest.approx(1.2 * DISLIKED_FACTOR)


def test_among_some_only_these_count():
    assert [one.artist for one in mixed({Component.TAGS: {1: 1.0, 2: 2.0}}, 5, among=[1, 3])] == [1]


def test_nothing_has_no_size():
    assert scaled({}) == scaled({1: 0.0}) == {}
