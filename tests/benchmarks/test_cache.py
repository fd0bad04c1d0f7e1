"""The cache benchmark: its optimum is right, and it measures what it says."""

from __future__ import annotations

from functools import cache as remembered

from hypothesis import given
from hypothesis import strategies as st

from benchmarks import cache
from benchmarks.cache_rivals import belady, lru
from benchmarks.run import Run


def by_trying_all(keys, room):
    """Return the most hits of all eviction choices, by brute force."""

    @remembered
    def most(at, kept):
        if at == len(keys):
            return 0
        key = keys[at]
        ways = [kept | {key}] if len(kept | {key}) <= room else [(kept | {key}) - {one} for one in kept | {key}]
        return (key in kept) + max(most(at + 1, frozenset(way)) for way in ways)

    return most(0, frozenset()) / len(keys)


@given(st.lists(st.sampled_from("abcde"), min_size=1, max_size=12).map(tuple), st.integers(1, 3))
def test_no_cache_has_a_better_hit_rate_than_belady(keys, room):
    assert belady(keys, room) == by_trying_all(keys, room)


def test_lru_evicts_the_least_recently_used_key():
    ask = lru(2)
    assert [ask(key) for key in "abacab"] == [False, False, True, False, True, False]


def test_a_trace_is_skewed_and_its_scans_ask_for_each_key_once():
    keys = cache.zipfian(5000)
    assert keys.count("user:0") > 8 * keys.count("user:20") > 0
    scanned = [key for key in cache.with_scans(keys) if key.startswith("scan:")]
    assert len(scanned) == len(set(scanned)) == 1000


async def test_every_figure_is_found_and_the_targets_are_met(monkeypatch):
    monkeypatch.setattr(cache, "QUICK_REQUESTS", 5000)
    monkeypatch.setattr(cache, "HITS", 1000)
    monkeypatch.setattr(cache, "ENTRIES", 500)
    run = Run(quick=True)
    await cache.measure(run)
    values = {figure.name: figure.value for figure in run.figures}
    for trace in ("zipf.1000", "scan.1000", "zipf.10000", "scan.10000"):
        assert values[f"cache.{trace}.lru"] <= values[f"cache.{trace}.hit_rate"] <= values[f"cache.{trace}.belady"]
    assert values["cache.loads_of_1000_misses"] == 1
    assert 100 < values["cache.bytes_per_entry"] < 500
