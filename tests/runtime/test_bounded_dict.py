"""A dict of bounded size, against a model."""

from hypothesis import given
from hypothesis import strategies as st

from steward.runtime.bounded_dict import BoundedDict

KEYS = st.integers(0, 9)


@given(st.integers(1, 5), st.lists(st.tuples(st.sampled_from(["set", "delete"]), KEYS)))
def test_it_keeps_the_newest_entries(most, deeds):
    held, model = BoundedDict[int, int](most), list[int]()
    for number, (deed, key) in enumerate(deeds):
        if deed == "set":
            held[key] = number
            model = [*(one for one in model if one != key), key][-most:]
        elif key in held:
            del held[key]
            model.remove(key)
        assert list(held) == model
