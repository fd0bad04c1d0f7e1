"""A draft takes the length and the repetition that the words of its time name."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from steward.bots.events.editing.draft import EventDraft, Texts
from steward.client.panels.typed_times import TimeReading, TypedTime
from steward.store.json_values import from_json, to_json
from steward.text.recurrence.usual import Frequency, usual

FRIDAY = datetime(2026, 1, 9, 20)  # noqa: DTZ001 - a wall time
EVERY_FRIDAY = "FREQ=WEEKLY;BYDAY=FR"
TEXTS = Texts(title="Raid", when="friday")


def read(draft: EventDraft, texts: Texts, *readings: TimeReading) -> EventDraft:
    async def listen(text: str, zone: ZoneInfo) -> TypedTime:
        return TypedTime(text, readings)

    return asyncio.run(draft.read(texts, listen))


def drafted(*readings: TimeReading, texts: Texts = TEXTS) -> EventDraft:
    return read(EventDraft(1, 2, ZoneInfo("UTC")), texts, *readings)


def test_a_length_beside_the_time_is_that_of_the_event_and_stands_in_the_form():
    draft = drafted(TimeReading(FRIDAY, "", minutes=120))
    assert (draft.details.minutes, draft.texts.length) == (120, "2 hours")
    changed = read(draft, replace(draft.texts, length="3h"))
    assert (changed.details.minutes, changed.start) == (180, FRIDAY)


def test_a_repetition_beside_the_time_is_chosen_in_the_menu():
    draft = drafted(TimeReading(FRIDAY, "", rule=EVERY_FRIDAY))
    assert (draft.repeats, draft.rule) == (Frequency.WEEKLY, "")
    draft = drafted(TimeReading(FRIDAY, "", rule="FREQ=WEEKLY;BYDAY=FR,SA"))
    assert (draft.repeats, draft.rule) == (Frequency.CUSTOM, "FREQ=WEEKLY;BYDAY=FR,SA")


def test_another_time_without_a_repetition_takes_back_that_of_the_words_and_no_other():
    draft = drafted(TimeReading(FRIDAY, "", rule=EVERY_FRIDAY))
    assert read(draft, replace(TEXTS, when="friday 20:00"), TimeReading(FRIDAY, "")).repeats is Frequency.ONCE
    chosen = replace(drafted(TimeReading(FRIDAY, "")), repeats=Frequency.DAILY)
    assert read(chosen, replace(TEXTS, when="friday 20:00"), TimeReading(FRIDAY, "")).repeats is Frequency.DAILY


def test_of_two_readings_each_brings_its_own_length_across_a_restart():
    morning, evening = TimeReading(FRIDAY.replace(hour=8), "8", 120), TimeReading(FRIDAY, "20", 90, EVERY_FRIDAY)
    draft = from_json(EventDraft, to_json(drafted(morning, evening)))
    assert draft.doubts == (morning, evening)
    picked = draft.meaning(draft.doubts[1])
    assert (picked.start, picked.details.minutes, picked.repeats, picked.doubts) == (FRIDAY, 90, Frequency.WEEKLY, ())


def test_a_length_that_cannot_be_is_said_and_the_texts_stay():
    draft = drafted(TimeReading(FRIDAY, "", minutes=9 * 24 * 60))
    assert "one minute to a week" in draft.problem
    assert draft.texts.when == "friday"


@pytest.mark.parametrize(
    ("rule", "repeats"),
    [
        (EVERY_FRIDAY, Frequency.WEEKLY),
        ("FREQ=WEEKLY", Frequency.WEEKLY),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=FR", Frequency.FORTNIGHTLY),
        ("FREQ=DAILY", Frequency.DAILY),
        ("FREQ=MONTHLY;BYDAY=2FR", Frequency.BY_WEEKDAY),
        ("FREQ=MONTHLY;BYMONTHDAY=9", Frequency.BY_DATE),
        ("FREQ=WEEKLY;COUNT=3", Frequency.CUSTOM),
    ],
)
def test_a_rule_is_the_usual_way_that_means_the_same(rule, repeats):
    assert usual(rule, FRIDAY) is repeats
