"""Calendar files, read back by a library that had no part in writing them."""

from datetime import UTC, datetime, timedelta

import icalendar
from hypothesis import given
from hypothesis import strategies as st

from steward.text.ics import CalendarEntry, calendar_file

AT = datetime(2026, 11, 27, 18, tzinfo=UTC)
# What iCalendar has no place for: control characters. What it has no other word for: the several ends of a line.
WORDS = st.text(st.characters(blacklist_categories=("Cc", "Cs"), blacklist_characters="\u2028\u2029"), max_size=300)


def entry(**fields):
    return CalendarEntry(
        **{
            "uid": "1-20261127T1900@steward",
            "sequence": 3,
            "revised_at": AT,
            "starts_at": AT,
            "ends_at": AT,
            "title": "Raid",
        }
        | fields
    )


def read(*entries):
    return icalendar.Calendar.from_ical(calendar_file(entries, name="Events of Penguins"))


def test_an_entry_is_read_back_as_it_was():
    written = entry(
        ends_at=AT + timedelta(hours=2),
        description="Bring food;\nand, drink\\",
        location="Hall 1, left",
        url="https://discord.com/channels/1/2/3",
        cancelled=True,
    )
    calendar = read(written)
    (found,) = calendar.walk("VEVENT")
    assert found.DTSTART == AT
    assert found.duration == timedelta(hours=2)
    assert found["DTSTAMP"].dt == AT
    names = ("UID", "SEQUENCE", "SUMMARY", "DESCRIPTION", "LOCATION", "URL", "STATUS")
    assert [found[name] for name in names] == [
        written.uid,
        3,
        "Raid",
        "Bring food;\nand, drink\\",
        "Hall 1, left",
        "https://discord.com/channels/1/2/3",
        "CANCELLED",
    ]
    assert calendar["X-WR-CALNAME"] == "Events of Penguins"
    assert calendar.errors == []


def test_an_empty_calendar_is_one():
    assert read().walk("VEVENT") == []


@given(title=WORDS, description=WORDS)
def test_any_words_are_read_back_and_no_line_is_longer_than_75_octets(title, description):
    written = calendar_file([entry(title=title, description=description)], name=title)
    assert max(map(len, written.split(b"\r\n"))) <= 75
    (found,) = icalendar.Calendar.from_ical(written).walk("VEVENT")
    assert found["SUMMARY"] == title
    assert found.get("DESCRIPTION", "") == description


def test_control_characters_are_left_out_and_every_end_of_a_line_is_one():
    (found,) = read(entry(description="a\x00b\r\nc\x0bd\ud800")).walk("VEVENT")
    assert found["DESCRIPTION"] == "ab\nc\nd"
