import pytest

from steward.runtime.limits import Rule


def test_without_a_burst_the_whole_window_is_one():
    assert (Rule(3, 60).burst, Rule(3, 60).burst_seconds) == (3, 60)


@pytest.mark.parametrize(
    "wrong",
    [
        {"count": 0, "seconds": 60},
        {"count": 5, "seconds": 60, "burst": 6},
        {"count": 5, "seconds": 60, "burst": -1},
        {"count": 5, "seconds": 0},
        {"count": 5, "seconds": 3, "burst": 2},
        {"count": 5, "seconds": 60, "burst": 2, "burst_seconds": 0},
    ],
)
def test_figures_out_of_range_are_refused_with_a_sentence(wrong):
    with pytest.raises(ValueError, match="A burst of"):
        Rule(**wrong)
