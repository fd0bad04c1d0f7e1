"""Numbers with their noun."""

import pytest

from steward.text.plurals import counted


@pytest.mark.parametrize(
    ("number", "said"), [(0, "0 joins"), (1, "1 join"), (-1, "-1 join"), (2, "2 joins"), (1234, "1,234 joins")]
)
def test_only_one_is_singular(number, said):
    assert counted(number, "join") == said


def test_a_noun_with_a_plural_of_its_own():
    assert counted(3, "reply", "replies") == "3 replies"
