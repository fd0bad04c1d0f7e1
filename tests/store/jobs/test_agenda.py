from __future__ import annotations

from steward.store.jobs.agenda import LOOK_EVERY, Agenda
from steward.store.jobs.due_jobs import Candidate

ONE = Candidate("job", "one", "due", 0)


def looked(agenda, *candidates, wake_at=None, began=0.0, took=0.0):
    agenda.begin_look()
    agenda.found(candidates, wake_at, began=began, ended=began + took)
    return agenda


def test_the_first_look_is_due_at_once():
    assert Agenda().look_in(0, 0.0) == 0


def test_a_job_that_ends_takes_what_was_found_and_asks_for_no_look():
    assert looked(Agenda(), ONE).look_in(0, LOOK_EVERY / 2) is None


def test_what_was_found_is_looked_at_anew_after_a_second():
    assert looked(Agenda(), ONE).look_in(0, LOOK_EVERY) == 0


def test_where_all_that_was_found_is_taken_there_may_be_more_now():
    agenda = looked(Agenda(), ONE)
    agenda.candidates.clear()
    assert agenda.look_in(0, 0.1) == 0


def test_where_nothing_was_found_the_next_look_is_a_second_later():
    assert looked(Agenda(), began=10.0).look_in(0, 10.25) == LOOK_EVERY - 0.25


def test_a_job_that_is_registered_waits_for_the_second_to_pass_and_a_jump_of_the_clock_does_not():
    agenda = looked(Agenda(), ONE)
    agenda.outdate()
    assert agenda.look_in(0, 0.25) == LOOK_EVERY - 0.25
    agenda.outdate(urgent=True)
    assert agenda.look_in(0, 0.25) == 0


def test_what_is_due_next_is_looked_for_at_its_time():
    agenda = looked(Agenda(), ONE, wake_at=5_000)
    assert agenda.look_in(4_999, 0.9) is None
    assert agenda.look_in(5_000, 0.9) == 0


def test_looks_take_a_tenth_of_the_time_at_most():
    agenda = looked(Agenda(), ONE, took=3.0)
    assert agenda.look_in(0, 29.0) is None
    assert agenda.look_in(0, 30.0) == 0
    assert looked(agenda, wake_at=1, took=3.0).look_in(1, 29.0) == 1.0
