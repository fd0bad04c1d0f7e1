"""Computed crowds."""

from __future__ import annotations

import tracemalloc

from hypothesis import given
from hypothesis import strategies as some

from steward.sim.people.population import Population, Roll


def test_ids_are_ascending_and_map_back_to_their_index():
    crowd = Population(1000, salt=3)
    ids = [crowd.id_of(place) for place in range(1000)]
    assert ids == sorted(set(ids))
    assert [crowd.index_of(user_id) for user_id in ids] == list(range(1000))
    assert crowd.index_of(ids[0] + 1) is None
    assert crowd.index_of(crowd.id_of(1000)) is None


def test_crowds_share_no_user():
    one, two = Population(100, salt=1), Population(100, salt=2)
    assert not {one.id_of(place) for place in range(100)} & {two.id_of(place) for place in range(100)}
    assert one.user(two.id_of(5)) is None


def test_a_user_of_the_crowd_is_always_the_same():
    crowd = Population(100, salt=1)
    first, again = crowd.user(crowd.id_of(5)), crowd.user(crowd.id_of(5))
    assert first is not None
    assert again is not None
    assert first.payload() == again.payload()


@given(some.integers(0, 30), some.lists(some.tuples(some.booleans(), some.integers(0, 40)), max_size=30))
def test_a_roll_behaves_like_a_sorted_set(size: int, acts: list[tuple[bool, int]]):
    crowd = Population(size, salt=1)
    universe = [crowd.id_of(place) for place in range(size)] + [7, crowd.id_of(3) + 1, 1 << 62, *range(40, 45)]
    roll, plain = Roll(crowd), {crowd.id_of(place) for place in range(size)}
    for add, number in acts:
        user_id = universe[number % len(universe)]
        if add:
            roll.add(user_id)
            plain.add(user_id)
        else:
            roll.discard(user_id)
            plain.discard(user_id)
    assert len(roll) == len(plain)
    assert all((user_id in roll) == (user_id in plain) for user_id in universe)
    for edge in (0, 41, *universe):
        assert roll.after(edge, 5) == sorted(found for found in plain if found > edge)[:5]
        assert roll.before(edge, 5) == sorted(found for found in plain if found < edge)[-5:]


def test_a_crowd_of_a_million_takes_no_memory():
    tracemalloc.start()
    try:
        roll = Roll(Population(1_000_000, salt=1))
        roll.discard(roll.population.id_of(500_000))
        assert len(roll) == 999_999
        assert len(roll.after(roll.population.id_of(499_998), 10)) == 10
        assert tracemalloc.get_traced_memory()[1] < 100_000
    finally:
        tracemalloc.stop()
