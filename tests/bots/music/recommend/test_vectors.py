"""Sparse vectors as bytes."""

from hypothesis import given
from hypothesis import strategies as st

from steward.bots.music.recommend.vectors import as_vector, dot, packed, summed, unpacked

NUMBERS = st.integers(0, 2**32 - 1)
VECTORS = st.dictionaries(NUMBERS, st.floats(-1e6, 1e6, width=32), max_size=30)


@given(VECTORS)
def test_what_is_packed_comes_back_in_its_order(vector):
    ids, weights = packed(vector.items())
    assert as_vector(ids, weights) == vector
    assert list(unpacked(ids, weights)[0]) == list(vector)
    assert len(ids) == len(weights) == 4 * len(vector)


@given(VECTORS, VECTORS)
def test_the_product_is_of_what_both_have(one, other):
    assert dot(one, other) == dot(other, one)


def test_a_piece_of_a_vector_is_no_error():
    ids, weights = packed([(1, 0.5), (2, 0.25)])
    assert as_vector(ids[:-1], weights) == {1: 0.5}


def test_a_sum_is_weighted():
    assert summed([({1: 1.0, 2: 2.0}, 2), ({2: 1.0}, -4)]) == {1: 2.0, 2: 0.0}
