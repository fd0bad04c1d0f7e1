"""Number formatting, and axes that cover their values."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from steward.charts.card import figure, scale_for

finite = st.floats(-1e100, 1e100)


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (0, "", "0"),
        (7, "", "7"),
        (34, "%", "34 %"),
        (12_345, "", "12,345"),
        (-12, "", "\u221212"),
        (123_456, "", "123.5k"),
        (999_999, "", "1M"),
        (2_000_000, "", "2M"),
        (3.14159, "min", "3.1 min"),
        (0.5, "", "0.5"),
        (1e30, "", "1.0e+30"),
    ],
)
def test_numbers_are_formatted_for_people(value, unit, text):
    assert figure(value, unit) == text


def test_the_labels_of_an_axis_differ():
    assert scale_for([12_010, 12_940]).labels() == ["12,000", "12,250", "12,500", "12,750", "13,000"]
    assert scale_for([0, 14_000]).labels() == ["0", "5k", "10k", "15k"]
    assert scale_for([0, 4_100_000]).labels() == ["0", "2M", "4M", "6M"]
    assert scale_for([0, 95]).labels("%") == ["0 %", "25 %", "50 %", "75 %", "100 %"]
    assert scale_for([0, 1]).labels() == ["0", "1"]
    assert scale_for([-3, 3]).labels() == ["\u22124", "\u22122", "0", "2", "4"]
    assert scale_for([0, 0.3]).labels() == ["0", "0.1", "0.2", "0.3"]


@given(values=st.lists(finite, min_size=1), from_zero=st.booleans())
def test_an_axis_covers_all_values_with_few_ticks(values, from_zero):
    scale = scale_for(values, from_zero=from_zero)
    slack = (scale.high - scale.low) * 1e-6
    assert scale.low < scale.high
    assert scale.low - slack <= min(values)
    assert max(values) <= scale.high + slack
    assert 2 <= len(scale.ticks) <= 9
    assert len(scale.labels()) == len(scale.ticks)


@given(value=finite)
def test_a_constant_is_not_drawn_on_the_edge(value):
    scale = scale_for([value, value])
    assert scale.low < scale.high
    assert scale.share(value) < 1
