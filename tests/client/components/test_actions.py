"""Custom ids: what goes in comes out, what is not ours is known, what is too long is refused in time."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from steward.client.components.actions import LARGEST, Action, BadCustomId, Named, number, read


def test_an_id_reads_as_people_write_it():
    assert Action("events", "rsvp", version=2, args=(number, str)).id(17, "yes") == "events:rsvp.2:17:yes"


@given(st.lists(st.text(max_size=8), max_size=4))
def test_arguments_come_out_as_they_went_in_whatever_they_hold(args):
    try:
        made = Action("events", "rsvp", args=[str] * len(args)).id(*args)
    except BadCustomId:
        return
    assert read(made) == Named("events", "rsvp", 1, tuple(args))


def test_an_id_longer_than_discord_takes_is_refused_when_it_is_made():
    made = Action("a", "b", args=(str,))
    assert len(made.id("x" * 94)) == 100
    with pytest.raises(BadCustomId, match="101 characters; Discord takes 100"):
        made.id("x" * 95)


def test_arguments_are_those_that_were_declared():
    made = Action("events", "rsvp", args=(number, str), optional=(number,))
    assert made.id(17, "yes") == "events:rsvp.1:17:yes"
    assert made.takes(["17", "", "0"])
    for args in ((), ("17",), ("17", "yes", "x"), ("17", "yes", "1", "2"), ("-1", "yes"), ("x", "yes"), ("", "yes")):
        assert not made.takes(args)
    with pytest.raises(BadCustomId, match="does not take"):
        made.id("yes", 17)


@pytest.mark.parametrize("text", ["", "-1", "+1", " 1", "1_0", "1.0", "١٢", "²", "1e3", str(LARGEST + 1), "9" * 90])
def test_a_number_is_an_id_a_page_or_a_position(text):
    assert number(str(LARGEST)) == LARGEST
    with pytest.raises(ValueError, match="is no number"):
        number(text)


@pytest.mark.parametrize("name", ["", "RSVP", "rs:vp", "rs.vp", "1st", "rs vp"])
def test_a_name_that_could_not_be_read_again_is_refused(name):
    with pytest.raises(BadCustomId, match="small letters"):
        Action("events", name)


@pytest.mark.parametrize(
    "custom_id", ["", "events", "events:rsvp", "events:rsvp:1", "8c1f0a", "events:rsvp.x:1", "é:b.1"]
)
def test_an_id_that_is_none_of_ours_is_known(custom_id):
    assert read(custom_id) is None


@given(st.text(max_size=100))
def test_no_text_breaks_the_reading(custom_id):
    found = read(custom_id)
    assert found is None or custom_id.startswith(f"{found.bot}:{found.name}.")
