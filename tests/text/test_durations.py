"""Durations in many languages, parsed and formatted."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from steward.text.durations import BadDuration, about, minutes_of, spell

AN_HOUR_AND_A_HALF = [
    *("90", "90m", "90 min", "90 minutes", "90mins", "1h30", "1h30m", "1h 30m", "1 h 30 min", "1hr30", "1hr 30min"),
    *("1:30", "01:30", "1:30h", "1:30 h", "1:30 hours", "1.5h", "1,5 h", "1.5 hours", "1½ hours", "1 1/2 hours"),
    *(
        "one and a half hours",
        "an hour and a half",
        "1 hour and a half",
        "one hour thirty",
        "1 hour 30",
        "1 hour, 30 min",
    ),
    *("1 hour and 30 minutes", "an hour and 30 minutes", "about an hour and a half", "for 1h30", "ninety minutes"),
    *("anderthalb Stunden", "eineinhalb Stunden", "1,5 Stunden", "1 Std. 30", "eine Stunde und 30 Minuten", "90 Min."),
    *("une heure et demie", "1 heure 30", "une heure trente", "1h et demie", "1 heure et demie", "90 minutes"),
    *("una hora y media", "hora y media", "1 hora y media", "1 hora 30 minutos", "una hora y 30 minutos"),
    *("uma hora e meia", "hora e meia", "1 hora e 30 minutos", "1h e meia"),
    *("un'ora e mezza", "ora e mezza", "1 ora e mezza", "un'ora e 30 minuti", "1 ora e 30 minuti"),
    *("anderhalf uur", "één uur en een half", "1,5 uur", "1 uur 30", "1u30", "1 uur en 30 minuten"),
    *("полтора часа", "1 час 30 минут", "1時間30分", "1時間半", "1小时30分钟", "1시간 30분"),
]


@pytest.mark.parametrize("text", AN_HOUR_AND_A_HALF)
def test_an_hour_and_a_half_is_parsed_in_every_notation(text):
    assert minutes_of(text, "The length") == 90


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("two hours", 120), ("half an hour", 30), ("eine halbe Stunde", 30), ("dreiviertelstunde", 45),
        ("media hora", 30), ("mezz'ora", 30), ("een kwartier", 15), ("demi-heure", 30), ("meia hora", 30),
        ("2 hours 15", 135),
        ("2 days before", 2880), ("3 Tage vorher", 4320), ("a week", 10080), ("fortnight", 20160), ("1.5 days", 2160),
        ("10080", 10080), ("twenty five minutes", 25), ("fünfundvierzig Minuten", 45), ("zweieinhalb Stunden", 150),
        ("two and a half hours", 150), ("deux heures et quart", 135), ("trois quarts d'heure", 45),
    ],
)  # fmt: skip
def test_other_lengths(text, minutes):
    assert minutes_of(text, "The length") == minutes


@pytest.mark.parametrize(
    "text",
    [
        "",
        "h",
        "hour hour",
        "two parsecs",
        "5 30",
        "-5",
        "1:75",
        "2h of fun",
        "a month",
        "friday",
        "9" * 101,
        "8pm",
        "2h 3h",
    ],
)
def test_other_text_is_refused(text):
    with pytest.raises(BadDuration, match="as a length of time"):
        minutes_of(text, "The length")


@given(st.integers(0, 60 * 24 * 60))
def test_a_formatted_duration_is_parsed_back(minutes):
    assert minutes_of(spell(minutes), "The length") == minutes


@pytest.mark.parametrize(
    ("span", "text"),
    [
        (timedelta(seconds=20), "0 minutes"),
        (timedelta(minutes=119), "1 hour 59 minutes"),
        (timedelta(hours=5, minutes=7), "5 hours"),
        (timedelta(hours=47), "47 hours"),
        (timedelta(days=10, hours=4), "10 days"),
        (timedelta(days=-3), "3 days"),
    ],
)
def test_a_duration_is_formatted_roughly(span, text):
    assert about(span) == text


@given(st.text(max_size=120))
def test_any_text_is_a_duration_or_a_readable_error(text):
    try:
        assert minutes_of(text, "The length") >= 0
    except BadDuration as refused:
        assert refused.remedy
