"""Places by their common names."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from steward.text import places as place_names
from steward.text.places import find_places, guessed_zone, is_place, meant_places, zone_named

JANUARY, JULY = datetime(2026, 1, 15, 12, tzinfo=UTC), datetime(2026, 7, 15, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("typed", "zone"),
    [
        ("Berlin", "Europe/Berlin"),
        ("europe/berlin", "Europe/Berlin"),
        ("Europe/Berlin", "Europe/Berlin"),
        ("München", "Europe/Berlin"),
        ("munich", "Europe/Berlin"),
        ("Germany", "Europe/Berlin"),
        ("Deutschland", "Europe/Berlin"),
        ("CET", "Europe/Berlin"),
        ("est", "America/New_York"),
        ("PST", None),
        ("JST", "Asia/Tokyo"),
        ("Japan", "Asia/Tokyo"),
        ("new york", "America/New_York"),
        ("San Francisco", "America/Los_Angeles"),
        ("US/Pacific", "America/Los_Angeles"),
        ("eastern time", "America/New_York"),
        ("Österreich", "Europe/Vienna"),
        ("uk", "Europe/London"),
        ("lond", "Europe/London"),
        ("Sao Paulo", "America/Sao_Paulo"),
        ("utc", "UTC"),
        ("GMT", "UTC"),
        ("IST", None),
        ("USA", None),
        ("Berlni", None),
        ("UTC+2", None),
        ("localtime", None),
        ("Factory", None),
        ("posixrules", None),
        ("right/UTC", None),
        ("EST5EDT", None),
        ("Etc/GMT+5", None),
        ("xyzzy", None),
        ("", None),
        (".", None),
    ],
)
def test_submitted_text_gives_one_place_if_clear(typed, zone):
    meant = meant_places(typed, JANUARY)
    assert (meant[0].zone if len(meant) == 1 else None) == zone


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("IST", ["Asia/Kolkata", "Asia/Jerusalem", "Europe/Dublin"]),
        ("usa", ["America/New_York", "America/Chicago", "America/Denver", "America/Los_Angeles"]),
        ("ber", ["Europe/Berlin"]),
        ("berlni", ["Europe/Berlin"]),
        ("", ["America/New_York", "America/Chicago"]),
    ],
)
def test_ambiguous_text_offers_the_most_likely_place_first(typed, first):
    assert [place.zone for place in find_places(typed, JANUARY)][: len(first)] == first


def test_an_offset_offers_the_places_at_that_offset_on_that_day():
    assert find_places("UTC+2", JULY)[0].zone == "Europe/Berlin"
    assert find_places("+2", JANUARY)[0].zone == "Europe/Athens"
    assert find_places("GMT-5", JANUARY)[0].zone == "America/New_York"
    assert find_places("UTC+5:30", JANUARY)[0].zone == "Asia/Kolkata"


@given(typed=st.text(max_size=30))
def test_only_places_are_ever_found_and_nothing_raises(typed):
    for place in (*find_places(typed, JANUARY), *meant_places(typed, JANUARY)):
        assert is_place(place.zone)
        assert place.zone in available_timezones()


def test_every_place_is_found_by_its_own_name():
    for zone in available_timezones():
        if is_place(zone):
            assert [place.zone for place in meant_places(zone, JANUARY)] == [zone]


def test_the_tables_name_places_only():
    named = {*place_names.CITIES.values(), *place_names.LOCALES.values(), *place_names.PROMINENT}
    named |= {zone for zones in place_names.ABBREVIATIONS.values() for zone in zones}
    assert [zone for zone in named if not is_place(zone)] == []


def test_a_label_shows_the_local_time():
    assert find_places("köln", JULY)[0].label(JULY) == "Köln, Germany: 14:00 now (Europe/Berlin)"


def test_the_first_zone_is_guessed_from_the_locale():
    assert guessed_zone("en-US", "de") == "Europe/Berlin"
    assert guessed_zone("fr", "de") == "Europe/Paris"
    assert guessed_zone("en-US", "en-US") is None


def test_an_unknown_stored_zone_is_none():
    assert zone_named("Europe/Berlin") == ZoneInfo("Europe/Berlin")
    assert zone_named("Europe/Atlantis") is None
