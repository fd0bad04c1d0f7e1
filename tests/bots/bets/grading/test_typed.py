"""Results that people type are read, and refused where a game can't end so."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from steward.bots.bets.errors import BetsError
from steward.bots.bets.grading.results import GameResult
from steward.bots.bets.grading.typed import read_score, typed_result

scores = st.tuples(st.integers(0, 999), st.integers(0, 999))


@given(scores, st.sampled_from(["{}-{}", " {}:{} ", "{} – {}", "{} - {}"]))  # noqa: RUF001 - a dash that people type
def test_a_score_is_read_however_it_is_written(score, form):
    assert read_score(form.format(*score)) == score


@pytest.mark.parametrize("typed", ["", "2", "2-", "-1-2", "2-1-0", "two-one", "2/1", "1e3-1", "1000-1", "½-1"])
def test_what_is_no_score_is_refused(typed):
    with pytest.raises(BetsError, match="can't read that score"):
        read_score(typed)


def test_what_overtime_brought_is_kept_apart_from_regular_time():
    found = typed_result("soccer", (1, 1), (3, 1), (0, 1))
    assert found == GameResult(regulation=(1, 1), overtime=(2, 0), periods={"h1": (0, 1)})


@pytest.mark.parametrize(
    ("sport", "scores", "said"),
    [
        ("soccer", ((2, 1), (1, 1)), "less than before"),
        ("soccer", ((2, 1), None, (3, 0)), "At half-time"),
        ("nba", ((100, 100),), "goes on until one side wins"),
        ("nba", ((100, 90), (110, 100)), "no overtime"),
        ("nhl", ((2, 2), (3, 2), None, "home"), "no shoot-out"),
    ],
)
def test_a_result_that_cannot_be_is_refused(sport, scores, said):
    with pytest.raises(BetsError, match=said):
        typed_result(sport, *scores)


def test_a_shoot_out_decides_a_level_game():
    assert typed_result("nhl", (2, 2), (2, 2), None, "away").shootout == "away"
    assert typed_result("nfl", (20, 20), (20, 20)).overtime == (0, 0)
