"""What is learnt of listening: the equations are solved, near artists are near, and a child needs no more than that."""

from collections import Counter
from math import isclose
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from steward.bots.music.recommend.learning import learning
from steward.bots.music.recommend.learning.learning import Listeners, learn, solve, tag_vectors


@given(st.integers(1, 12), st.integers(0, 2**32))
def test_the_equations_are_solved(size, seed):
    chance = Random(seed)
    root = [[chance.uniform(-1, 1) for _ in range(size)] for _ in range(size)]
    matrix = [[sum(a * b for a, b in zip(one, other, strict=True)) + (one is other) for other in root] for one in root]
    wanted = [chance.uniform(-10, 10) for _ in range(size)]
    found = solve([row[: index + 1] for index, row in enumerate(matrix)], wanted)
    for row, value in zip(matrix, wanted, strict=True):
        assert isclose(sum(a * b for a, b in zip(row, found, strict=True)), value, abs_tol=1e-6)


def listeners_of(baskets):
    listeners = Listeners()
    for basket in baskets:
        listeners.add(basket)
    return listeners


def near(baskets):
    listeners = listeners_of(baskets)
    return {
        listeners.artists[index]: [listeners.artists[other] for other in indexes]
        for index, (indexes, _) in enumerate(learn(listeners))
    }


@given(st.lists(st.lists(st.integers(1, 15), max_size=8), max_size=25))
def test_nobody_is_near_themselves_and_weights_fall(baskets):
    listeners = listeners_of(baskets)
    for index, (indexes, weights) in enumerate(learn(listeners)):
        assert index not in indexes
        assert len(set(indexes)) == len(indexes) == len(weights)
        assert list(weights) == sorted(weights, reverse=True)
        assert all(weight > 0 for weight in weights)
        for other in indexes:
            assert set(listeners.heard_by[index]) & set(listeners.heard_by[other])


def test_those_with_common_listeners_are_near_and_what_everybody_has_is_not_nearest():
    baskets = [[1, 2, 9], [1, 2, 9], [1, 2, 9], [3, 4, 9], [3, 4, 9], [3, 4, 9], [9], [9]] * 4
    found = near(baskets)
    assert found[1][0] == 2
    assert found[3][0] == 4
    assert 3 not in found[1]


def test_what_one_alone_listens_to_is_near_nothing_and_yet_speaks_for_others():
    found = near([[1, 2], [1, 2], [1, 2, 7]])
    assert all(7 not in others for others in found.values())
    assert set(found[7]) == {1, 2}


def test_nothing_is_learnt_of_nobody():
    assert near([]) == near([[]]) == {}


def test_of_a_listener_the_dearest_are_learnt_from_and_each_once():
    listeners = listeners_of([[*range(1000), *range(10)]])
    assert listeners.baskets == [list(range(learning.MOST_A_LISTENER))]


def test_many_listeners_are_sampled_and_near_artists_stay_near(monkeypatch):
    monkeypatch.setattr(learning, "MOST_SAMPLED", 64)
    chance = Random(5)
    baskets = [
        chance.sample(range(10), 4) if chance.random() < 0.5 else chance.sample(range(10, 20), 4) for _ in range(500)
    ]
    for artist, others in near(baskets).items():
        assert all((other < 10) == (artist < 10) for other in others[:5])


def test_rare_artists_say_more_about_a_listener():
    listeners = listeners_of([[1, 2]] * 9 + [[1]])
    assert listeners.rarity(1) > listeners.rarity(0) > 0


def test_tags_that_many_gave_and_few_artists_have_count_most():
    tagged = [(1, [10, 20], [5, 5]), (2, [10], [5]), (3, [10, 30], [5, 50])]
    found = dict(tag_vectors(tagged, Counter({10: 3, 20: 1, 30: 1}), 3))
    assert [tag for tag, _ in found[1]] == [20, 10]
    assert found[2] == [(10, 1.0)]
    for vector in found.values():
        assert sum(weight * weight for _, weight in vector) == pytest.approx(1)
