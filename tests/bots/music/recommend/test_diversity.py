"""Picks differ from each other, and cost little of what is best."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from steward.bots.music.recommend.diversity import diverse
from steward.bots.music.recommend.mixing import MixedScore

BEST = st.lists(st.floats(0, 10), max_size=130).map(
    lambda scores: [MixedScore(index, score, {}) for index, score in enumerate(sorted(scores, reverse=True))]
)


def vector(tag):
    return {tag: 1.0}


@given(BEST, st.lists(st.integers(0, 6), min_size=130, max_size=130), st.integers(0, 30))
def test_each_is_chosen_once_and_as_many_as_there_are(best, tags, count):
    found = diverse(best, {index: vector(tag) for index, tag in enumerate(tags)}, count)
    artists = [one.artist for one in found]
    assert len(set(artists)) == len(artists) == min(count, len(best))
    assert found[:1] == best[: min(1, count)]


@given(BEST, st.lists(st.integers(0, 6), min_size=130, max_size=130))
def test_a_tag_has_three_places_of_five_unless_nothing_else_is_left(best, tags):
    found = diverse(best, {index: vector(tag) for index, tag in enumerate(tags)}, 5)
    of_tag = Counter(tags[one.artist] for one in found)
    others = [one for one in best[:100] if tags[one.artist] not in {tag for tag, times in of_tag.items() if times >= 3}]
    assert max(of_tag.values(), default=0) <= 3 or len(others) <= len(found)


def test_of_two_that_are_alike_and_one_that_is_different_the_different_one_comes_second():
    best = [MixedScore(1, 1.0, {}), MixedScore(2, 0.9, {}), MixedScore(3, 0.8, {})]
    found = diverse(best, {1: vector(7), 2: vector(7), 3: vector(8)}, 2)
    assert [one.artist for one in found] == [1, 3]


def test_each_may_have_a_tag_that_was_asked_for():
    best = [MixedScore(index, 1 - index / 100, {}) for index in range(9)]
    tags = {index: {7: 0.9, index + 10: 0.1} for index in range(9)} | {8: {9: 1.0}}
    assert 8 in {one.artist for one in diverse(best, tags, 5)}
    assert [one.artist for one in diverse(best, tags, 5, asked={7}, relevance=1)] == [0, 1, 2, 3, 4]


def test_what_has_no_tags_is_like_nothing():
    best = [MixedScore(index, 1.0, {}) for index in range(9)]
    assert [one.artist for one in diverse(best, {}, 5)] == [0, 1, 2, 3, 4]
