from __future__ import annotations

from steward.store.jobs.due_jobs import Candidate
from steward.store.jobs.planning import LOOK_EVERY, Agenda

ONE = Candidate("job", "one", "due", 0)


def looked(agenda, *candidates, wake_at=None, began=0.0, took=0.0):
    agenda.begin_look()
    agenda.found(candidates, wake_at, began=began, ended=began + took)
    return agenda


def test_the_first_look_is_due_at_once():
    assert Agenda().look_in(0, 0.0) == 0


def test_a_job_that_ends_takes_the_next_candidate_without_a_look():
    assert looked(Agenda(), ONE).look_in(0, LOOK_EVERY / 2) is None


def test_candidates_are_refreshed_after_a_second():
    assert looked(Agenda(), ONE).look_in(0, LOOK_EVERY) == 0


def test_the_next_look_is_due_at_once_when_all_candidates_are_taken():
    agenda = looked(Agenda(), ONE)
    agenda.candidates.clear()
    assert agenda.look_in(0, 0.1) == 0


def test_after_an_empty_look_the_next_one_is_a_second_later():
    assert looked(Agenda(), began=10.0).look_in(0, 10.25) == LOOK_EVERY - 0.25


def test_a_job_that_is_registered_waits_for_the_second_to_pass_and_a_jump_of_the_clock_does_not():
    agenda = looked(Agenda(), ONE)
    agenda.outdate()
    assert agenda.look_in(0, 0.25) == LOOK_EVERY - 0.25
    agenda.outdate(urgent=True)
    assert agenda.look_in(0, 0.25) == 0


def test_a_look_is_due_when_the_next_job_is():
    agenda = looked(Agenda(), ONE, wake_at=5_000)
    assert agenda.look_in(4_999, 0.9) is None
    assert agenda.look_in(5_000, 0.9) == 0


def test_looks_take_at_most_a_tenth_of_the_time():
    agenda = looked(Agenda(), ONE, took=3.0)
    assert agenda.look_in(0, 29.0) is None
    assert agenda.look_in(0, 30.0) == 0
    assert looked(agenda, wake_at=1, took=3.0).look_in(1, 29.0) == 1.0
