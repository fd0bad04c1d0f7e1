"""A post within Discord's limits, whatever an event is and however many answer."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from steward.bots.events.model.details import (
    LONGEST_DESCRIPTION,
    LONGEST_FIELD,
    LONGEST_FIELD_NAME,
    LONGEST_LABEL,
    LONGEST_TITLE,
    MAX_FIELDS,
    MAX_OPTIONS,
    MAX_ROLES,
    BadEvent,
    Details,
    Option,
)
from steward.bots.events.model.occurrences import Occurrence, State
from steward.bots.events.rsvp.answers import Rsvp
from steward.bots.events.rsvp.lineup import A_PAGE, NAMED, Lineup, NamesPage
from steward.bots.events.rsvp.roster import RsvpTally
from steward.bots.events.views.post import line, post
from steward.bots.events.views.replies import who
from steward.text.emoji import is_emoji

NOW = datetime(2026, 1, 5, tzinfo=UTC)


def at_its_fullest(mark="x"):
    options = tuple(
        Option(f"a{number}", f"{number}".ljust(LONGEST_LABEL, mark), "🛡️", comes=True, seats=9999)
        for number in range(MAX_OPTIONS)
    )
    details = Details(
        mark * LONGEST_TITLE,
        mark * LONGEST_DESCRIPTION,
        options=options,
        seats=10_000,
        cutoff=60,
        roles=frozenset(range(10**19, 10**19 + MAX_ROLES)),
        place=mark * LONGEST_TITLE,
        fields=tuple((f"{n}".ljust(LONGEST_FIELD_NAME, mark), mark * LONGEST_FIELD) for n in range(MAX_FIELDS)),
    ).checked()
    answers = [
        Rsvp(number, f"{number:04}".ljust(32, mark), f"a{number % MAX_OPTIONS}", seated=number < 300, note=mark * 200)
        for number in range(320)
    ]
    event = Occurrence(
        1, 1, 1, 1, None, 1, ZoneInfo("UTC"), NOW.replace(tzinfo=None), NOW + timedelta(days=1),
        NOW + timedelta(days=1, hours=1), State.CANCELLED, False, details, False, 0, 0,
    )  # fmt: skip
    return event, answers


def tallies_of(answers):
    tallies = {}
    for answer in answers:
        tally = tallies.setdefault(answer.option, RsvpTally())
        tally.seated += answer.seated
        tally.waiting += not answer.seated
    return tallies


def lineup_of(answers):
    tallies = tallies_of(answers)
    seated = {key: [one for one in answers if one.option == key and one.seated][:NAMED] for key in tallies}
    return Lineup(tallies, seated, [one for one in answers if not one.seated][:NAMED])


def page_with(answers, number):
    """The page that has most headings: in the order of arrival, the answers take turns."""
    last = (len(answers) - 1) // A_PAGE
    return NamesPage(tallies_of(answers), answers[number * A_PAGE : (number + 1) * A_PAGE], number, last)


@pytest.mark.parametrize("mark", ["x", "_", "@"])
def test_the_fullest_event_makes_a_post_that_discord_takes(mark):
    event, answers = at_its_fullest(mark)
    (embed,) = post(event, lineup_of(answers), NOW)["embeds"]
    fields = embed["fields"]
    assert len(fields) <= 25
    assert all(0 < len(field["name"]) <= 256 and 0 < len(field["value"]) <= 1024 for field in fields)
    written = sum(len(field["name"]) + len(field["value"]) for field in fields)
    assert len(embed["title"]) + len(embed["description"]) + written <= 6000


@pytest.mark.parametrize("mark", ["x", "_"])
def test_each_page_of_those_who_come_is_a_message_that_discord_takes(mark):
    event, answers = at_its_fullest(mark)
    seen, page = set(), 0
    while True:
        shown = who(event, page_with(answers, page))
        assert len(shown["embeds"][0]["description"]) <= 4096
        seen |= set(re.findall(r"^(?:⏳ )?(\d{4})", shown["embeds"][0]["description"], re.MULTILINE))
        if not shown["components"] or shown["components"][0]["components"][1].get("disabled"):
            break
        page += 1
    assert len(seen) == len(answers)


def test_a_note_that_is_cut_says_so():
    assert line(Rsvp(1, "ada", "yes", seated=True, note="n" * 41)).endswith("n…)")
    assert line(Rsvp(1, "ada", "yes", seated=True, note="n" * 40)).endswith("n)")


@pytest.mark.parametrize("text", ["😀😀", "🛡️⚔️", "❤️🔥", "🇫🇷🇩🇪", "😀 "])
def test_several_signs_are_no_emoji_of_a_button(text):
    assert not is_emoji(text)


@pytest.mark.parametrize("text", ["👍🏽", "👩‍👩‍👧‍👦", "🧑🏽‍🚀", "🏴󠁧󠁢󠁳󠁣󠁴󠁿", "🏳️‍⚧️", "5️⃣", "🇩🇪", "⚔", "⚔️", "❤️‍🔥"])
def test_one_sign_is_an_emoji_of_a_button_of_however_many_parts(text):
    assert is_emoji(text)


@pytest.mark.parametrize("address", ["https://", "https://a b.c/x.png", "http://nowhere", "https:///x.png"])
def test_a_picture_that_discord_would_refuse_is_said_before_it_is_saved(address):
    with pytest.raises(BadEvent, match="picture"):
        replace(Details("a"), image_url=address).checked()
