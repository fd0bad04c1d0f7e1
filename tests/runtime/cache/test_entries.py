"""The bounded storage: invariants against a model, hit rate against LRU."""

from __future__ import annotations

from collections import OrderedDict
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from steward.runtime.cache.entries import MISSING, Entries, Space

KEYS = st.sampled_from([f"{part}{number}" for part in "abc" for number in range(7)])
TAGS = st.lists(st.sampled_from(["red", "green"]), max_size=2, unique=True)


SPACES = st.sampled_from([0, 1])


class AgainstAModel(RuleBasedStateMachine):
    """The model keeps everything for its time; the store may have less, never more, and never anything else."""

    @initialize(entries=st.integers(1, 12), size=st.none() | st.integers(1, 60))
    def begin(self, entries, size):
        self.now = 0.0
        self.left = []
        self.store = Entries(entries, max_bytes=size, monotonic=lambda: self.now)
        self.spaces = [Space(self.store, left=self.left.append) for _ in range(2)]
        self.model = [{}, {}]
        self.value = 0

    @rule(space=SPACES, key=KEYS, lives=st.floats(0.1, 20), size=st.integers(0, 20), tags=TAGS)
    def set(self, space, key, lives, size, tags):
        self.value += 1
        self.spaces[space].set(key, self.value, expires=self.now + lives, size=size, tags=tags)
        self.model[space][key] = (self.value, self.now + lives, size, tags)

    @rule(space=SPACES, key=KEYS)
    def get(self, space, key):
        value, expires, *_ = self.model[space].get(key, (MISSING, 0, 0, ()))
        found = self.spaces[space].get(key)
        assert found is MISSING or (found == value and expires > self.now)

    @rule(space=SPACES, key=KEYS)
    def delete(self, space, key):
        self.spaces[space].delete(key)
        self.model[space].pop(key, None)

    @rule(space=SPACES, tag=st.sampled_from(["red", "green"]))
    def delete_tag(self, space, tag):
        self.spaces[space].delete_tag(tag)
        self.model[space] = {key: entry for key, entry in self.model[space].items() if tag not in entry[3]}

    @rule(space=SPACES, prefix=st.sampled_from(["", "a", "b", "c1"]))
    def delete_prefix(self, space, prefix):
        self.spaces[space].delete_prefix(prefix)
        self.model[space] = {key: entry for key, entry in self.model[space].items() if not key.startswith(prefix)}

    @rule(seconds=st.floats(0.1, 15))
    def wait(self, seconds):
        self.now += seconds

    @rule(share=st.floats(0, 1))
    def shrink(self, share):
        before, told = len(self.store), len(self.left)
        gone = self.store.shrink(share)
        assert len(self.store) == before - gone <= before * share
        assert len(self.left) == told + gone

    @rule()
    def sweep(self):
        told = len(self.left)
        gone = self.store.sweep()
        assert all(self.model[space][key][1] > self.now for space in (0, 1) for key in self.spaces[space])
        assert self.left[told:] == [True] * gone

    @invariant()
    def bounds_hold_and_what_is_counted_is_there(self):
        if not hasattr(self, "store"):
            return
        store = self.store
        kept = [self.model[space][key] for space in (0, 1) for key in self.spaces[space]]
        assert len(kept) == len(store) == sum(map(len, self.spaces)) <= store.max_entries
        assert store.bytes == sum(entry[2] for entry in kept)
        assert store.max_bytes is None or store.bytes <= store.max_bytes
        for space, model in zip(self.spaces, self.model, strict=True):
            tagged = {(tag, key) for key in space for tag in model[key][3]}
            assert {(tag, key) for tag, members in space._by_tag.items() for key in members} == tagged
        assert store._in_small == sum(entry.space is not None for entry in store._small)
        assert len(store._small) + len(store._main) <= 2 * store.max_entries + 18
        assert len(store._ghosts) <= store.max_entries + 2


TestAgainstAModel = AgainstAModel.TestCase


def room(entries, **bounds):
    return Space(Entries(entries, monotonic=lambda: 0.0, **bounds))


@given(st.lists(st.tuples(KEYS, st.booleans()), max_size=200))
def test_with_room_for_all_it_behaves_like_a_dict(steps):
    store, same = room(100), {}
    for number, (key, write) in enumerate(steps):
        if write:
            store.set(key, number)
            same[key] = number
        assert store.get(key) == same.get(key, MISSING)


@pytest.mark.parametrize(("entries", "size"), [(0, None), (-1, None), (1, 0)])
def test_a_cache_without_room_is_refused(entries, size):
    with pytest.raises(ValueError, match="needs room"):
        Entries(entries, max_bytes=size, monotonic=lambda: 0.0)


def test_a_value_larger_than_the_cache_only_removes_the_old_one():
    store = room(10, max_bytes=100)
    store.set("a", "small", size=10)
    store.set("b", "other", size=10)
    store.set("a", "huge", size=101)
    assert (store.get("a"), store.get("b")) == (MISSING, "other")


def test_a_deleted_value_is_released_at_once():
    """The bound on bytes would mean little if a queue still held what nobody can get any more."""
    store = room(10)
    store.set("a", object())
    entry = store._by_key["a"]
    store.delete("a")
    assert entry.value is None


def test_shrinking_to_zero_empties_it():
    store = room(10)
    for number in range(10):
        store.set(str(number), number)
        store.get(str(number))
    assert store._entries.shrink(0) == 10
    assert len(store) == 0


def test_a_share_out_of_range_is_refused():
    with pytest.raises(ValueError, match="share must be from 0 to 1"):
        room(10)._entries.shrink(1.5)


def test_shrinking_keeps_used_entries():
    store = room(1000)
    for number in range(1000):
        store.set(str(number), number)
    for number in range(0, 1000, 10):
        store.get(str(number))
    store._entries.shrink(0.1)
    assert [store.get(str(number)) for number in range(0, 1000, 10)] == list(range(0, 1000, 10))


def lru(keys, most):
    kept, hits = OrderedDict(), 0
    for key in keys:
        if key in kept:
            kept.move_to_end(key)
            hits += 1
        else:
            kept[key] = None
            if len(kept) > most:
                kept.popitem(last=False)
    return hits


def ours(keys, most):
    store, hits = room(most), 0
    for key in keys:
        if store.get(key) is MISSING:
            store.set(key, None)
        else:
            hits += 1
    return hits


def skewed(count, population):
    weights = [1 / (rank + 1) for rank in range(population)]
    return [str(key) for key in Random(1).choices(range(population), weights, k=count)]


def test_it_beats_lru_on_skewed_traffic():
    keys = skewed(40_000, 5000)
    assert ours(keys, 300) > 1.08 * lru(keys, 300)


def test_a_scan_evicts_nothing_in_use():
    keys = skewed(20_000, 5000)
    scanned = [key for number, key in enumerate(keys) for key in (key, *([f"scan{number}"] * (number % 3 == 0)))]
    assert ours(scanned, 300) > 1.15 * lru(scanned, 300)
