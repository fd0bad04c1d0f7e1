"""Thinning of long series keeps what is visible."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from steward.charts.chart import recorded
from steward.charts.kinds.line import thinned

values = st.lists(st.one_of(st.none(), st.floats(-1e100, 1e100)), max_size=300)


@given(values=values, columns=st.integers(1, 40))
def test_extremes_ends_and_breaks_are_kept_in_order(values, columns):
    readings = [(float(at), value) for at, value in enumerate(values)]
    kept = thinned(readings, columns)
    assert kept == sorted(set(kept), key=lambda reading: reading[0])
    assert set(kept) <= set(readings)
    assert len(kept) <= max(len(readings) if len(readings) <= columns else 0, (columns + 1) * 5)
    assert (None in values) == (None in [value for _, value in kept])
    if readings:
        assert kept[0] == readings[0]
        assert kept[-1] == readings[-1]
    if recorded(values):
        shown = recorded(value for _, value in kept)
        assert min(shown) == min(recorded(values))
        assert max(shown) == max(recorded(values))
