import pytest

from steward.runtime.http import AdaptivePause


def test_it_is_short_while_something_moves_and_long_while_nothing_does():
    pause = AdaptivePause(60, 600)
    assert [pause.after(changed=changed) for changed in (True, False, False, False, False, False, True, False)] == [
        *(60, 120, 240, 480, 600, 600),
        *(60, 120),
    ]


def test_it_is_never_shorter_than_the_other_side_asks_and_forgets_that_again():
    pause = AdaptivePause(60, 600)
    assert pause.after(changed=True, least=1000) == 1000
    assert pause.after(changed=True) == 60


@pytest.mark.parametrize("wrong", [(0, 60, 2), (60, 30, 2), (1, 60, 1)])
def test_a_pause_that_never_grows_or_never_waits_is_refused(wrong):
    shortest, longest, growth = wrong
    with pytest.raises(ValueError, match="A pause needs"):
        AdaptivePause(shortest, longest, growth=growth)
