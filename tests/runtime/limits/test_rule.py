import pytest

from steward.runtime.limits import Rule


def test_without_a_burst_the_whole_window_is_one():
    assert (Rule(3, per=60).burst, Rule(3, per=60).burst_per) == (3, 60)


@pytest.mark.parametrize(
    "wrong",
    [
        {"rate": 0, "per": 60},
        {"rate": 5, "per": 60, "burst": 6},
        {"rate": 5, "per": 60, "burst": -1},
        {"rate": 5, "per": 0},
        {"rate": 5, "per": 3, "burst": 2},
        {"rate": 5, "per": 60, "burst": 2, "burst_per": 0},
    ],
)
def test_values_out_of_range_are_refused(wrong):
    with pytest.raises(ValueError, match="burst"):
        Rule(**wrong)
