from __future__ import annotations

from collections import Counter

import pytest

from steward.cli.demo.event_figures import EventFigures, EventTally, tally


def test_missing_and_surplus_things_are_distinguished():
    compared = tally(Counter("aabc"), Counter("abbd"))
    assert compared == EventTally(due=4, kept=2, surplus=2)
    assert not compared.holds


def test_other_things_do_not_make_up_for_missing_ones():
    assert tally(Counter("ab"), Counter("ab")).holds
    assert not tally(Counter("ab"), Counter("ac")).holds


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"answers": EventTally(3, 2)}, "answers were not recorded correctly"),
        ({"reminders": EventTally(3, 3, surplus=1)}, "a member was not reminded once"),
        ({"attendance": EventTally(1, 0)}, "an attendee was not counted"),
        ({"misfilled": 1}, "1 events have too many or too few seats taken"),
        ({"unanswered": 2}, "2 clicks or commands were not answered in time"),
        ({"hasty_edits": 3}, "3 edits of a post came within a second of another"),
        ({"failed": ("Mon 08:10: nothing came",)}, "Mon 08:10: nothing came"),
    ],
)
def test_each_fault_is_listed(wrong, said):
    assert EventFigures().wrong == []
    assert EventFigures(**wrong).wrong == [said]
