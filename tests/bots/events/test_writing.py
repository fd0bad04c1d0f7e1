"""What organisers write, read: lengths, answers, facts, and drafts that are kept."""

from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from steward.bots.events.editing.draft import EventDraft, Texts, changes, taken_over
from steward.bots.events.model.details import MAX_OPTIONS, USUAL, BadEvent, Details, Option, Reach, Reminder
from steward.bots.events.model.lines import fields_text, options_text, read_fields, read_options
from steward.client.panels.typed_times import TimeReading
from steward.store.json_values import from_json, to_json
from steward.text.durations import BadDuration, minutes_of, spell
from steward.text.emoji import is_emoji
from steward.text.recurrence.usual import Frequency, offered, rule_of


def at(day):
    """Eight in the evening in November."""
    return datetime(2026, 11, day, 20)  # noqa: DTZ001 - a wall time


words = st.text("abcdefghijklmnopqrstuvwxyzäöü", min_size=1, max_size=12)


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("90", 90), ("90 min", 90), ("2h", 120), ("1h30", 90), ("1h 30m", 90), ("1:30", 90), ("1.5 hours", 90),
        ("1,5h", 90), ("2 hours and 15 minutes", 135), ("3 days", 4320), ("2 days before", 2880), ("1 week", 10080),
        (" for 45 MINUTES ", 45), ("0", 0),
    ],
)  # fmt: skip
def test_a_length_is_read_as_people_write_it(text, minutes):
    assert minutes_of(text, "The length") == minutes


@pytest.mark.parametrize("text", ["", "long", "h", "2 parsecs", "5 30", "-5", "1:75", "12h of fun", "a month"])
def test_what_is_no_length_is_said(text):
    with pytest.raises(BadDuration, match="as a length of time"):
        minutes_of(text, "The length")


@given(st.integers(0, 60 * 24 * 60))
def test_a_length_that_is_said_is_read_back(minutes):
    assert minutes_of(spell(minutes), "The length") == minutes


options = st.builds(
    Option,
    key=st.just(""),
    label=words,
    emoji=st.sampled_from(["", "✅", "🛡️", "⚔️", "1️⃣", "🇩🇪", "👩‍🚀"]),
    comes=st.booleans(),
    seats=st.none() | st.integers(1, 99),
)


@given(st.lists(options, min_size=1, max_size=MAX_OPTIONS, unique_by=lambda option: option.label))
def test_answers_that_are_written_are_read_back(choices):
    choices[0] = replace(choices[0], comes=True)
    read = read_options(options_text(choices), USUAL, new=7)
    assert [replace(option, key="") for option in read] == choices
    assert len({option.key for option in read}) == len(read)


def test_an_answer_keeps_its_key_when_it_is_renamed_or_moved():
    assert read_options(options_text(USUAL), USUAL, new=7) == USUAL
    renamed = read_options("+ ✅ Yay\n+ 🕒 Late\n❔ Maybe\n- ❌ No", USUAL, new=7)
    assert [option.key for option in renamed] == ["yes", "late", "maybe", "no"]
    moved = read_options("- ❌ No\n+ ✅ Yes | 5", USUAL, new=7)
    assert [option.key for option in moved] == ["no", "yes"]
    more = read_options("+ ✅ Yes\n+ Perhaps\n- ❌ No", USUAL, new=7)
    assert [option.key for option in more] == ["yes", "7_1", "no"]


def test_the_key_of_an_answer_that_was_removed_is_never_given_to_another():
    first = read_options("+ Tank\n+ Healer", USUAL, new=2**63 - 1)
    without = read_options("+ Healer", first, new=8)
    again = read_options("+ Healer\n+ Bard", without, new=9)
    assert {option.label for option in again if option.key in {one.key for one in first}} == {"Healer"}
    assert max(len(option.key) for option in first) <= 32  # of the column


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "1 to 10 answers"),
        ("\n".join(f"+ {number}" for number in range(11)), "answers, not 11"),
        ("Tank", "None of the answers"),
        ("+ Tank | some", "no number of seats"),
        ("+ ✅", "has no text"),
        ("+ Tank\n+ tank", "the same"),
        ("+ <:tank:123456> Tank", "own emoji"),
    ],
)
def test_what_is_no_answer_is_said(text, words):
    with pytest.raises(BadEvent, match=words):
        read_options(text, (), new=7)


def test_signs_that_discord_takes_on_a_button_are_told_from_others():
    assert [sign for sign in ("✅", "❤️", "🏳️‍🌈", "#️⃣", "🇫🇷") if not is_emoji(sign)] == []
    assert [sign for sign in ("✓", "→", "★", "a", "1", "", "\ufe0f", "(╯°□°)", ":)") if is_emoji(sign)] == []


def test_facts_are_read_and_written():
    assert read_fields("Raid: Molten Core\n\n Bring :a: b\n") == (("Raid", "Molten Core"), ("Bring", "a: b"))
    assert read_fields(fields_text((("Raid", "MC"),))) == (("Raid", "MC"),)
    with pytest.raises(BadEvent, match="a detail"):
        read_fields("potions")


def test_a_draft_is_read_back_as_it_was_kept():
    start = at(27)
    details = Details("Raid", reminders=(Reminder(60, Reach.DM),), roles=frozenset({5}), fields=(("a", "b"),))
    draft = EventDraft(
        1, 2, ZoneInfo("Europe/Berlin"), Texts("Raid", "friday", "1h", "", "x"), details, start,
        doubts=(TimeReading(start, "Fri"),), notes=("a guess",), problem="p", repeats=Frequency.CUSTOM,
        rule="FREQ=DAILY", lead=30, occurrence_id=7, whole=True, base=Details("Before"),
    )  # fmt: skip
    assert from_json(EventDraft, to_json(draft)) == draft


def test_what_differs_is_said_and_taken_over_and_what_others_changed_stays():
    before = Details("Raid", minutes=60)
    after = replace(before, title="Quiz", seats=5)
    assert changes(before, after) == "it's now called Quiz, 5 seats"
    assert changes(before, before) == ""
    now = replace(before, description="by somebody else")
    assert taken_over(now, before, after) == replace(after, description="by somebody else")


def test_the_last_weekday_is_offered_where_it_is_the_last():
    first, last = at(6), at(27)
    assert Frequency.LAST_WEEKDAY not in offered(first, written=False)
    assert Frequency.LAST_WEEKDAY in offered(last, written=False)
    assert Frequency.CUSTOM not in offered(last, written=False)
    assert rule_of(Frequency.LAST_WEEKDAY, last).describe() == "every month on the last Friday"
    assert rule_of(Frequency.ONCE, last) is None
