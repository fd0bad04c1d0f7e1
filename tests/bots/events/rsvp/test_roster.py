"""Who has a seat and who waits: exact, whatever is answered, moved, cut or added."""

from dataclasses import replace

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from steward.bots.events.model.details import LATE, MAYBE, NO, YES
from steward.bots.events.rsvp.roster import RsvpTally
from tests.bots.events.roster_model import Roster
from tests.bots.events.seated import Seated

USERS = st.integers(1, 12)
SEATS = st.none() | st.integers(1, 5)
OPTIONS = (YES, LATE, MAYBE, NO)


def seated(roster, option="yes"):
    return [place.user_id for place in roster.places if place.option == option and place.seated]


def waiting(roster):
    return [place.user_id for place in roster.places if not place.seated]


def filled(count, seats=10, options=OPTIONS):
    roster = Roster(options, seats)
    for number in range(1, count + 1):
        roster.answer(number, "yes", number)
    return roster


def test_two_hundred_for_ten_seats_are_ten_who_come_and_the_rest_in_the_order_of_arrival():
    roster = filled(200)
    assert seated(roster) == list(range(1, 11))
    assert waiting(roster) == list(range(11, 201))
    assert roster.line(11) == 1
    assert roster.line(200) == 190


def test_whoever_leaves_lets_the_first_in_line_in():
    roster = filled(13)
    roster.answer(4, "no", 14)
    assert [place.user_id for place in roster.move_up()] == [11]
    roster.take_out(1)
    assert [place.user_id for place in roster.move_up()] == [12]
    assert waiting(roster) == [13]


def test_whoever_leaves_the_line_and_comes_back_is_last_in_it():
    roster = filled(13)
    roster.answer(11, "no", 14)
    roster.answer(11, "yes", 15)
    assert waiting(roster) == [12, 13, 11]


def test_the_same_answer_again_keeps_the_place_in_line():
    roster = filled(12)
    roster.answer(11, "yes", 13)
    assert waiting(roster) == [11, 12]


def test_a_change_between_two_answers_that_come_keeps_the_seat_of_the_event():
    roster = filled(11)
    assert roster.answer(3, "late", 12).seated
    assert roster.move_up() == []


def test_an_answer_that_needs_no_seat_is_never_full():
    assert filled(20).answer(99, "maybe", 21).seated


def test_an_answer_with_its_own_bound_holds_up_no_other():
    options = (replace(YES, seats=1), replace(LATE, seats=1))
    roster = Roster(options, None)
    roster.answer(1, "yes", 1)
    roster.answer(2, "yes", 2)
    roster.answer(3, "late", 3)
    assert waiting(roster) == [2]
    assert seated(roster, "late") == [3]


def test_seats_that_are_cut_send_nobody_away():
    kept = filled(10).places
    roster = Roster(OPTIONS, 5, kept)
    assert roster.move_up() == []
    assert len(seated(roster)) == 10
    roster.answer(11, "yes", 11)
    for user in range(1, 6):
        roster.take_out(user)
        assert roster.move_up() == []
    roster.take_out(6)
    assert [place.user_id for place in roster.move_up()] == [11]


def test_an_answer_that_was_taken_from_the_event_takes_no_seat():
    roster = Roster((YES,), 1, filled(1, options=OPTIONS).places)
    assert roster.answer(1, "yes", 2) == roster.of(1)
    old = Roster((LATE,), 1, roster.places)
    assert old.answer(2, "late", 3).seated


class AnyHistory(RuleBasedStateMachine):
    """Whatever happens, in whatever order: the database says what the whole roster says."""

    @initialize(event=SEATS, yes=SEATS, late=SEATS, no=SEATS)
    def begin(self, event, yes, late, no):
        self.options = (replace(YES, seats=yes), replace(LATE, seats=late), MAYBE, replace(NO, seats=no))
        self.seats = event
        self.roster = Roster(self.options, event)
        self.kept = Seated(self.options, event)
        self.arrivals = 0
        self.answers = {}

    def teardown(self):
        if hasattr(self, "kept"):
            self.kept.connection.close()

    @rule(user=USERS, option=st.sampled_from([option.key for option in OPTIONS]))
    def answer(self, user, option):
        if option not in {one.key for one in self.options}:
            return
        self.arrivals += 1
        before = self.seated_now()
        self.roster.answer(user, option, self.arrivals)
        self.answers[user] = option
        self.kept.answer(user, option)
        self.moves_up(before, {user})
        assert self.kept.line == self.roster.line(user)

    @rule(user=USERS)
    def take_out(self, user):
        self.arrivals += 1
        before = self.seated_now()
        self.roster.take_out(user)
        self.answers.pop(user, None)
        self.kept.take_out(user)
        self.moves_up(before, {user})

    @rule(users=st.sets(USERS, max_size=6))
    def several_leave_the_server_together(self, users):
        self.arrivals += 1
        before = self.seated_now()
        for user in users:
            self.roster.take_out(user)
            self.answers.pop(user, None)
        self.kept.take_all_out(users)
        self.moves_up(before, users)
        assert not [user for user in users if self.roster.of(user) is not None]

    @rule(event=SEATS, yes=SEATS, late=st.none() | SEATS)
    def change_what_is_offered(self, event, yes, late):
        self.arrivals += 1
        self.options = (replace(YES, seats=yes), replace(LATE, seats=late), *self.options[-2:])
        self.seats = event
        before = self.seated_now()
        self.roster = Roster(self.options, event, self.roster.places)
        self.kept.change(self.options, event)
        self.moves_up(before, set())

    @rule()
    def offer_late_no_more(self):
        self.arrivals += 1
        self.options = tuple(option for option in self.options if option.key != "late")
        before = self.seated_now()
        self.roster = Roster(self.options, self.seats, self.roster.places)
        self.kept.change(self.options, self.seats)
        self.moves_up(before, set())

    def seated_now(self):
        return {place.user_id for place in self.roster.places if place.seated}

    def moves_up(self, before, by):
        line = {place.user_id: place for place in self.roster.places if not place.seated}
        moved = self.roster.move_up()
        assert before - by <= self.seated_now(), "nobody loses a seat by what another does"
        for place in moved:
            ahead = [
                other
                for other in line.values()
                if other.option == place.option
                and other.arrival < place.arrival
                and not self.roster.of(other.user_id).seated
            ]
            assert not ahead, "nobody is passed over"
        assert self.kept.moved_up == [place for place in moved if place.user_id not in by]

    @invariant()
    def the_database_has_the_same_answers_in_the_same_order(self):
        assert self.kept.places == self.roster.places

    @invariant()
    def the_counters_count_what_is_there(self):
        counted = {}
        for place in self.roster.places:
            counted.setdefault(place.option, RsvpTally()).count(place)
        assert self.kept.counted == counted

    @invariant()
    def what_is_shown_is_who_is_there(self):
        shown, line = self.kept.shown
        assert line == waiting(self.roster)
        assert shown == {key: seated(self.roster, key) for key in shown}
        assert sum(map(len, shown.values())) == len(self.seated_now())

    @invariant()
    def everybody_has_the_last_answer_given(self):
        assert {place.user_id: place.option for place in self.roster.places} == self.answers

    @invariant()
    def nobody_waits_to_decline(self):
        assert all(place.seated for place in self.roster.places if place.option == "no")

    @invariant()
    def nobody_waits_beside_a_free_seat(self):
        taken = {option.key: len(seated(self.roster, option.key)) for option in self.options}
        coming = sum(taken[option.key] for option in self.options if option.comes)
        for option in self.options:
            free = option.seats is None or taken[option.key] < option.seats
            free &= not option.comes or self.seats is None or coming < self.seats
            if free:
                assert not [p for p in self.roster.places if p.option == option.key and not p.seated]

    @invariant()
    def what_the_roster_says_survives_being_kept(self):
        again = Roster(self.options, self.seats, self.roster.places)
        assert again.places == self.roster.places
        assert again.move_up() == []


TestAnyHistory = AnyHistory.TestCase
TestAnyHistory.settings = settings(max_examples=30, stateful_step_count=30)
