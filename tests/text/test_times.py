"""Parsing of times: meanings, alternatives, refusals."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from steward.text.phrases.lexicon import lexicon
from steward.text.times import FURTHEST, BadTime, TypedMoment, understand

BERLIN = ZoneInfo("Europe/Berlin")
ZONES = sorted(available_timezones() - {"Factory", "localtime"})
NOW = datetime(2026, 11, 25, 12, tzinfo=BERLIN)  # a Wednesday
BACK = datetime(2026, 10, 24, 22, tzinfo=BERLIN)  # the clocks go back in the night: 02:00 to 03:00 comes twice
FORWARD = datetime(2026, 3, 28, 22, tzinfo=BERLIN)  # they go forward: 02:00 to 03:00 never comes


def understood(text: str, now: datetime = NOW, zone: ZoneInfo = BERLIN, *, month_first: bool = False) -> TypedMoment:
    return understand(text, now, zone, month_first=month_first)


def shown(moment: TypedMoment) -> str:
    return f"{moment.wall:%Y-%m-%d %H:%M}"


CLOCKS_UNKNOWN = ["8pm Narnia time", "20 Uhr Narnier Zeit", "20 uur Narnische tijd", "20h heure de Narnia"]
CLOCKS_UNKNOWN += ["20:00 hora de Narnia", "20h horário de Narnia", "20:00 ora di Narnia", "8pm server time"]


@pytest.mark.parametrize("text", CLOCKS_UNKNOWN)
def test_an_unknown_zone_is_named_with_a_remedy(text):
    with pytest.raises(BadTime) as refused:
        understood(text)
    named = text.split(" ", 2)[2] if " Uhr " in text or " uur " in text else text.split(" ", 1)[1]
    assert refused.value.sentence == f"I don't know which clock “{named}” is."
    assert refused.value.remedy == "Name a large city or an offset: `8pm London time`, `20:00 UTC+1`."


def test_the_full_name_of_an_unknown_zone_is_quoted():
    for text in ("friday 8pm New Zork time", "tomorrow 20:00, New Zork time!"):
        with pytest.raises(BadTime, match="I don't know which clock “New Zork time” is"):
            understood(text)


@pytest.mark.parametrize(
    "text",
    [
        "friday same time",
        "tomorrow any time",
        "lunch time",
        "zur selben Zeit",
        "a la hora de cenar",
        "viernes hora de cenar",
    ],
)
def test_ordinary_words_without_a_time_are_no_unknown_zone(text):
    with pytest.raises(BadTime, match=f"I couldn't read “{text}” as a time"):
        understood(text)


def test_a_known_zone_is_not_reported_as_the_problem():
    with pytest.raises(BadTime, match="I couldn't read “purple 8pm London time” as a time"):
        understood("purple 8pm London time")


PHRASES = """
next friday 8pm | 2026-11-27 20:00
in 3 hours | 2026-11-25 15:00
tomorrow 19:30 | 2026-11-26 19:30
tonight at 9 | 2026-11-25 21:00
friday 20:00 EST | 2026-11-28 02:00
2026-12-24 18:00 | 2026-12-24 18:00
24.12. 18:00 | 2026-12-24 18:00
the 5th at noon | 2026-12-05 12:00
first monday of december 7pm | 2026-12-07 19:00
end of month | 2026-11-30 20:00
in half an hour | 2026-11-25 12:30
2h30m from now | 2026-11-25 14:30
2h30m | 2026-11-25 14:30
<t:1796061600:F> | 2026-11-30 19:00
<t:1796061600> | 2026-11-30 19:00
at 8 | 2026-11-25 20:00
20:00 | 2026-11-25 20:00
9am | 2026-11-26 09:00
0:30 | 2026-11-26 00:30
tmrw 8pm | 2026-11-26 20:00
today at 9 | 2026-11-25 21:00
tonight | 2026-11-25 20:00
tonight at 1am | 2026-11-26 01:00
tonight at midnight | 2026-11-26 00:00
tomorrow night at 11 | 2026-11-26 23:00
tomorrow, 8 o'clock in the evening | 2026-11-26 20:00
8 in the evening tomorrow | 2026-11-26 20:00
sunday morning at 10 | 2026-11-29 10:00
saturday afternoon at 3 | 2026-11-28 15:00
sunday afternoon | 2026-11-29 15:00
noon tomorrow | 2026-11-26 12:00
midnight | 2026-11-26 00:00
friday midnight | 2026-11-28 00:00
friday 24:00 | 2026-11-28 00:00
12am friday | 2026-11-27 00:00
12pm friday | 2026-11-27 12:00
half past 7 | 2026-11-25 19:30
quarter to 8 | 2026-11-25 19:45
friday at half past eight pm | 2026-11-27 20:30
8 pm on friday | 2026-11-27 20:00
8:30 p.m. friday | 2026-11-27 20:30
8.30pm friday | 2026-11-27 20:30
friday, 27 november, 8 pm | 2026-11-27 20:00
Fri 27 Nov 2026 20:00 | 2026-11-27 20:00
this coming sunday at 6:30 pm | 2026-11-29 18:30
wednesday 20:00 | 2026-11-25 20:00
wednesday 10:00 | 2026-12-02 10:00
next wednesday 20:00 | 2026-12-02 20:00
monday next week 18:00 | 2026-11-30 18:00
friday the 13th 20:00 | 2027-08-13 20:00
on the 1st at 8pm | 2026-12-01 20:00
the 31st at 8pm | 2026-12-31 20:00
tuesday the 1st of december at 20:00 | 2026-12-01 20:00
december 24th, 2026 at 18:00 | 2026-12-24 18:00
Dec. 12, 21:00 | 2026-12-12 21:00
dec 24 6pm | 2026-12-24 18:00
24 nov 20:00 | 2027-11-24 20:00
11/28 8pm | 2026-11-28 20:00
28/11 20:00 | 2026-11-28 20:00
2027/01/02 10:00 | 2027-01-02 10:00
28.11.26 20:00 | 2026-11-28 20:00
2026-12-24T18:00 | 2026-12-24 18:00
2026-12-24T18:00Z | 2026-12-24 19:00
2026-12-24T18:00+02:00 | 2026-12-24 17:00
2026-12-24T18:00-05:00 | 2026-12-25 00:00
last friday of december 20:00 | 2026-12-25 20:00
second sunday in january at 3pm | 2027-01-10 15:00
the last day of the year at 23:00 | 2026-12-31 23:00
end of next month 18:00 | 2026-12-31 18:00
christmas eve 18:00 | 2026-12-24 18:00
new year's eve 22:00 | 2026-12-31 22:00
in an hour and a half | 2026-11-25 13:30
in two and a half hours | 2026-11-25 14:30
in 1.5 hours | 2026-11-25 13:30
in 90 minutes | 2026-11-25 13:30
in 2 days | 2026-11-27 12:00
in 2 weeks at 19:00 | 2026-12-09 19:00
1 day and 3 hours from now | 2026-11-26 15:00
a month from now | 2026-12-25 12:00
three weeks from today 20:00 | 2026-12-16 20:00
+2h | 2026-11-25 14:00
20:00 UTC | 2026-11-25 21:00
20:00 utc+2 | 2026-11-25 19:00
5pm ET | 2026-11-25 23:00
sunday 14:00 Europe/London | 2026-11-29 15:00
sat 3pm (PST) | 2026-11-29 00:00
heute um 20 uhr | 2026-11-25 20:00
morgen um 20 uhr | 2026-11-26 20:00
morgen früh um 8 | 2026-11-26 08:00
morgen abend um sieben | 2026-11-26 19:00
heute abend um 8 | 2026-11-25 20:00
freitag morgen um 9 | 2026-11-27 09:00
übermorgen 18 uhr | 2026-11-27 18:00
am samstag den 28.11. um 20:15 uhr | 2026-11-28 20:15
am 28. november um 20 uhr 30 | 2026-11-28 20:30
am freitag um halb acht | 2026-11-27 19:30
nächste woche mittwoch 20 uhr | 2026-12-02 20:00
am ersten montag im dezember um 19 uhr | 2026-12-07 19:00
in einer halben stunde | 2026-11-25 12:30
in anderthalb stunden | 2026-11-25 13:30
ende des monats 18 uhr | 2026-11-30 18:00
demain à 20h | 2026-11-26 20:00
demain soir à 20h | 2026-11-26 20:00
ce soir à 21h | 2026-11-25 21:00
le 24 décembre à 18h | 2026-12-24 18:00
samedi prochain à 20h30 | 2026-11-28 20:30
le premier lundi de décembre à 19h | 2026-12-07 19:00
dans une demi-heure | 2026-11-25 12:30
dans trois jours à 19h | 2026-11-28 19:00
"""
TABLE = [tuple(part.strip() for part in line.split(" | ")) for line in PHRASES.strip().splitlines()]


@pytest.mark.parametrize(("text", "expected"), TABLE)
def test_usual_phrases_are_read(text, expected):
    assert shown(understood(text)) == expected


@pytest.mark.parametrize(
    "text",
    [
        *("now", "soon", "pizza", "5", "10.", "november", "next month", "2027", "3 hours ago", "last monday 9pm"),
        *("not friday 20:00", "friday 25:00", "20:61", "8pm or 9pm friday", "mon-fri 20:00"),
        *("13pm friday", "friday and saturday 20:00", "friday (pizza) 20:00", "quarter to 12 pm"),
        *("<t:99999999999999:F>", "in half a month", "friday to sunday", "20:00 ST", "20:00 get", "<script>", "\x00"),
    ],
)
def test_f74_uncertain_text_is_refused_with_the_right_form(text):
    with pytest.raises(BadTime, match="I couldn't read") as refused:
        understood(text)
    assert "in 3 hours" in refused.value.remedy


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "No time was given."),
        ("  ", "No time was given."),
        ("friday " * 20, "A time takes no more than 100 characters."),
        ("until 22:00", "“until 22:00” says when it ends, but not when it begins."),
        ("8pm-8pm", "“8pm-8pm” is no possible time. It ends before it starts, or lasts more than a month."),
        (
            "29 february",
            "“29 february” is no possible time. The next such date is in 2028: write the year.",
        ),
        ("yesterday 8pm", "“yesterday 8pm” has passed: that was Tuesday 24 November 2026, 20:00 (Europe/Berlin)."),
        ("today 11:00", "“today 11:00” has passed: that was Wednesday 25 November 2026, 11:00 (Europe/Berlin)."),
        (
            "2025-01-01 20:00",
            "“2025-01-01 20:00” has passed: that was Wednesday 1 January 2025, 20:00 (Europe/Berlin).",
        ),
        ("<t:1764000000:F>", "“<t:1764000000:F>” has passed: that was Monday 24 November 2025, 17:00 (Europe/Berlin)."),
        ("in 0 minutes", "“in 0 minutes” has passed: that was Wednesday 25 November 2026, 12:00 (Europe/Berlin)."),
        ("31 february 20:00", "“31 february 20:00” is no possible time. There is no such date."),
        ("2027-02-29 20:00", "“2027-02-29 20:00” is no possible time. There is no such date."),
        ("13/13 20:00", "“13/13 20:00” is no possible time. There is no such date."),
        (
            "monday 27 november 20:00",
            "“monday 27 november 20:00” is no possible time. 27 November 2026 is a Friday.",
        ),
        ("this morning 20:00", "“this morning 20:00” is no possible time. That time is not in the morning."),
        ("in 2 hours friday", "“in 2 hours friday” is no possible time. It names both a time and a duration."),
        (
            "in 6 years",
            "“in 6 years” is more than five years away: that is Thursday 25 November 2032, 12:00 (Europe/Berlin).",
        ),
        ("in 9999 years", "“in 9999 years” is more than five years away."),
        ("friday 8 in the pub", "I couldn't read “friday 8 in the pub” as a time."),
    ],
)
def test_a_refusal_says_why(text, sentence):
    with pytest.raises(BadTime) as refused:
        understood(text)
    assert refused.value.sentence == sentence
    assert refused.value.remedy


@pytest.mark.parametrize(
    ("text", "first", "others"),
    [
        ("3/4 18:00", "2027-04-03 18:00", ["2027-03-04 18:00"]),
        ("next friday 8pm", "2026-11-27 20:00", ["2026-12-04 20:00"]),
        ("next monday 8pm", "2026-11-30 20:00", []),
        ("at 8", "2026-11-25 20:00", ["2026-11-26 08:00"]),
        ("friday at 8", "2026-11-27 20:00", ["2026-11-27 08:00"]),
        ("friday at 10", "2026-11-27 10:00", ["2026-11-27 22:00"]),
        ("friday 8:30", "2026-11-27 08:30", ["2026-11-27 20:30"]),
        ("friday 08:30", "2026-11-27 08:30", []),
        ("freitag 8 uhr", "2026-11-27 08:00", []),
        ("friday midnight", "2026-11-28 00:00", ["2026-11-27 00:00"]),
        ("friday 20:00 CST", "2026-11-28 03:00", ["2026-11-27 13:00"]),
        ("1 july 20:00 EST", "2027-07-02 03:00", ["2027-07-02 02:00"]),
        ("1 july 20:00 ET", "2027-07-02 02:00", []),
    ],
)
def test_f74_alternatives_are_offered(text, first, others):
    moment = understood(text)
    assert shown(moment) == first
    assert [shown(other) for other in moment.alternatives] == others


def test_where_months_come_first_three_four_is_in_march():
    moment = understood("3/4 18:00", month_first=True)
    assert [shown(moment), *map(shown, moment.alternatives)] == ["2027-03-04 18:00", "2027-04-03 18:00"]


@pytest.mark.parametrize(
    ("text", "notes"),
    [
        ("friday 20:00", ()),
        ("friday", ("You didn't give a time, so I assumed 20:00.",)),
        ("tomorrow morning", ("You didn't give a time, so I assumed 09:00.",)),
        ("24 nov 20:00", ("That date has passed this year, so I took the next one.",)),
        ("24 dec 20:00", ()),
    ],
)
def test_assumptions_are_noted(text, notes):
    assert understood(text).notes == notes


def test_the_caller_sets_the_default_time_of_day():
    moment = understand("end of month", NOW, BERLIN, unsaid=time(23, 59))
    assert shown(moment) == "2026-11-30 23:59"


@pytest.mark.parametrize(
    ("now", "text", "instant", "others"),
    [
        (BACK, "sunday 02:30", "2026-10-25T02:30+02:00", ["2026-10-25T02:30+01:00"]),
        (BACK, "tonight at 3", "2026-10-25T03:00+01:00", []),
        (BACK, "in 5 hours", "2026-10-25T02:00+01:00", []),
        (BACK, "in 4 hours", "2026-10-25T02:00+02:00", []),
        (BACK, "in 1 day", "2026-10-25T22:00+01:00", []),
        (BACK, "in 24 hours", "2026-10-25T21:00+01:00", []),
        (BACK, "tomorrow 20:00", "2026-10-25T20:00+01:00", []),
        (BACK, "02:30 UTC+1", "2026-10-25T02:30+01:00", []),
        (FORWARD, "sunday 02:30", "2026-03-29T03:00+02:00", []),
        (FORWARD, "in 5 hours", "2026-03-29T04:00+02:00", []),
        (FORWARD, "in 1 day", "2026-03-29T22:00+02:00", []),
        (FORWARD, "tomorrow 20:00", "2026-03-29T20:00+02:00", []),
    ],
)
def test_meanings_are_the_same_in_nights_of_clock_changes(now, text, instant, others):
    moment = understood(text, now)
    assert moment.instant == datetime.fromisoformat(instant)
    assert [other.instant for other in moment.alternatives] == [datetime.fromisoformat(other) for other in others]
    assert moment.wall == moment.instant.astimezone(BERLIN).replace(tzinfo=None)


def test_ambiguous_and_skipped_times_are_noted():
    twice, never = understood("02:30", BACK), understood("02:30", FORWARD)
    assert twice.notes == ("The clocks go back there, so 02:30 comes twice; I took the first.",)
    assert twice.said == "Sunday 25 October 2026, 02:30 (Europe/Berlin, UTC+02:00)"
    assert [other.said for other in twice.alternatives] == ["Sunday 25 October 2026, 02:30 (Europe/Berlin, UTC+01:00)"]
    assert never.notes == ("The clocks go forward over 02:30 there, so I took 03:00.",)
    assert never.said == "Sunday 29 March 2026, 03:00 (Europe/Berlin)"


def test_after_midnight_tonight_is_the_current_night():
    assert shown(understood("tonight at 3", datetime(2026, 11, 25, 1, tzinfo=BERLIN))) == "2026-11-25 03:00"
    assert shown(understood("tonight at 9", datetime(2026, 11, 25, 1, tzinfo=BERLIN))) == "2026-11-25 21:00"


def test_a_duration_is_counted_from_the_nearest_minute():
    assert understood("in 1 minute", NOW.replace(second=59)).wall == NOW.replace(minute=2, tzinfo=None)
    assert understood("in 3 hours", NOW.replace(second=20)).wall == NOW.replace(hour=15, tzinfo=None)
    assert understood("in 30 seconds", NOW.replace(second=20)).wall == NOW.replace(second=50, tzinfo=None)


FORMS = (
    "{moment.said}",
    "<t:{stamp}:F>",
    "{wall:%Y-%m-%d %H:%M:%S}",
    "{wall:%Y-%m-%dT%H:%M:%S}",
    "{wall:%d.%m.%Y %H:%M:%S}",
    "{wall:%d/%m/%Y} at {wall:%H:%M:%S}",
    "{wall:%A} {wall.day} {wall:%B} {wall.year}, {wall:%I:%M:%S %p}",
    "{wall:%B} {wall.day}, {wall.year} {wall:%H:%M:%S}",
    "{aware}",
)


@given(st.integers(60, int(FURTHEST.total_seconds()) - 86400), st.sampled_from(ZONES), st.sampled_from(FORMS))
@settings(max_examples=400)
@example(int((datetime(2027, 10, 31, 0, 30, tzinfo=UTC) - NOW).total_seconds()), "Europe/Berlin", FORMS[0])
@example(int((datetime(2027, 10, 31, 1, 30, tzinfo=UTC) - NOW).total_seconds()), "Europe/Berlin", FORMS[0])
@example(int((datetime(2027, 7, 1, 1, 30, tzinfo=UTC) - NOW).total_seconds()), "CET", FORMS[0])
def test_every_printed_form_of_a_moment_is_parsed_back(seconds, zone_name, form):
    zone = ZoneInfo(zone_name)
    moment = TypedMoment.at(NOW + timedelta(seconds=seconds), zone)
    stamp, aware = int(moment.instant.timestamp()), moment.instant.astimezone(zone).isoformat()
    text = form.format(moment=moment, wall=moment.wall, stamp=stamp, aware=aware)
    again = understood(text, zone=zone)
    assert again.wall == moment.wall
    if "moment" in form or "stamp" in form or "aware" in form:
        assert again == moment
    else:
        assert moment in (again, *again.alternatives)


WORDS = sorted(
    {
        *lexicon().senses,
        "EST",
        "UTC",
        "+",
        "-",
        ":",
        "/",
        ".",
        "<t:",
        ">",
        "Europe/London",
        "8pm",
        "20:00",
        "1796061600",
    }
)
SOUP = st.lists(st.one_of(st.sampled_from(WORDS), st.integers(0, 9999).map(str)), min_size=1, max_size=7)


@given(st.one_of(SOUP.map(" ".join), SOUP.map("".join), st.text(max_size=60)), st.sampled_from(ZONES))
@settings(max_examples=500)
def test_f74_any_text_gives_a_future_moment_or_a_readable_error(text, zone_name):
    zone = ZoneInfo(zone_name)
    try:
        moment = understood(text, zone=zone)
    except BadTime as refused:
        assert refused.sentence.endswith(".")
    else:
        for one in (moment, *moment.alternatives):
            assert NOW < one.instant <= NOW + FURTHEST
            assert one.instant.astimezone(zone).replace(tzinfo=None) == one.wall
            assert one.zone is zone


@pytest.mark.parametrize(
    ("text", "wall", "rule"),
    [
        ("friday 8pm", "2026-11-28 02:00", ""),
        ("every friday 8pm", "2026-11-28 02:00", "FREQ=WEEKLY;BYDAY=SA"),
        ("8pm Europe/Berlin", "2026-11-25 20:00", ""),
    ],
)
def test_a_time_in_the_members_zone_is_converted_to_the_events_zone(text, wall, rule):
    moment = understand(text, NOW, BERLIN, written_in=ZoneInfo("America/New_York"))
    assert (shown(moment), moment.rule, moment.zone) == (wall, rule, BERLIN)
