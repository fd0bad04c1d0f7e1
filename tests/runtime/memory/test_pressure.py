"""Four levels with hysteresis."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from steward.runtime.memory import Pressure, Thresholds


@pytest.mark.parametrize(
    ("share", "level"),
    [
        (0.0, Pressure.LOW),
        (0.4999, Pressure.LOW),
        (0.50, Pressure.MEDIUM),
        (0.70, Pressure.MEDIUM),
        (0.7001, Pressure.HIGH),
        (0.85, Pressure.HIGH),
        (0.8501, Pressure.CRITICAL),
        (1.5, Pressure.CRITICAL),
    ],
)
def test_the_levels_are_those_of_the_specification(share, level):
    assert Thresholds().level(share) is level


def test_a_level_is_left_only_when_clear_of_its_threshold():
    thresholds, level = Thresholds(), Pressure.LOW
    seen = []
    for share in (0.71, 0.69, 0.71, 0.68, 0.66, 0.71, 0.86, 0.83, 0.81, 0.3):
        level = thresholds.follow(level, share)
        seen.append(level.name)
    assert seen == ["HIGH", "HIGH", "HIGH", "HIGH", "MEDIUM", "HIGH", "CRITICAL", "CRITICAL", "HIGH", "LOW"]


@given(st.floats(0.1, 1.2), st.lists(st.floats(-0.0149, 0.0149), min_size=2, max_size=50))
def test_an_unsteady_share_changes_the_level_at_most_twice(centre, tremor):
    """Less than the slack from end to end: up once, or down once, never to and fro."""
    thresholds, level, changes = Thresholds(), Pressure.LOW, 0
    for off in tremor:
        new = thresholds.follow(level, centre + off)
        changes += new != level
        level = new
    assert changes <= 2


def test_thresholds_that_do_not_ascend_are_refused():
    with pytest.raises(ValueError, match="ascend"):
        Thresholds(medium=0.7, high=0.5)
    with pytest.raises(ValueError, match="slack"):
        Thresholds(slack=0.6)
