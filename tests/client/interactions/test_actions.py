"""Custom ids: what goes in comes out, what is not ours is known, what is too long is refused in time."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from steward.client.interactions.actions import Action, BadCustomId, Named, read


def test_an_id_reads_as_people_write_it():
    assert Action("events", "rsvp", version=2).id(17, "yes") == "events:rsvp.2:17:yes"


@given(st.lists(st.text(max_size=8), max_size=4))
def test_arguments_come_out_as_they_went_in_whatever_they_hold(args):
    try:
        made = Action("events", "rsvp").id(*args)
    except BadCustomId:
        return
    assert read(made) == Named("events", "rsvp", 1, tuple(args))


def test_an_id_longer_than_discord_takes_is_refused_when_it_is_made():
    assert len(Action("a", "b").id("x" * 94)) == 100
    with pytest.raises(BadCustomId, match="101 characters; Discord takes 100"):
        Action("a", "b").id("x" * 95)


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
