"""The forms of an event in the making, and of the weekly plan; fields are named as the details that they are."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import time
from functools import partial

from steward.bots.events.editing.draft import EventDraft
from steward.bots.events.editing.weekly_plan import PlanEntry
from steward.bots.events.model.details import LONGEST_DESCRIPTION, LONGEST_TITLE, MAX_ROLES, BadEvent, Details
from steward.bots.events.model.lines import fields_text, options_text, read_fields, read_options
from steward.client.components import channel_select, labelled, role_select, text_input
from steward.client.panels.form import FormField, ModalForm, one_id
from steward.text.clock_times import time_of_day
from steward.text.durations import minutes_of, spell
from steward.text.names import DAY_NAMES

VOICE_CHANNELS = (2, 13)
LONGEST_FORM = 4000
LONGEST_LEAD = 365 * 24 * 60


def text_form(draft: EventDraft) -> ModalForm:
    """Ask for what an event is; the draft reads it."""
    texts, new = draft.texts, draft.occurrence_id is None
    when = text_input(
        "When", "when", value=texts.when, placeholder="friday 8pm, in 3 hours, 2026-11-27 20:00", most=100
    )
    return ModalForm(
        "New event" if new else "Change the event",
        _title_field(texts.title),
        *([(when, str)] if new else []),
        (text_input("How long", "length", value=texts.length, placeholder="1h", required=False, most=50), str),
        (text_input("Seats", "seats", value=texts.seats, placeholder="no limit", required=False, most=6), str),
        _description_field(texts.description),
    )


def people_form(draft: EventDraft) -> ModalForm:
    """Ask who may answer, and where it takes place."""
    details = draft.details
    roles = role_select("roles", least=0, most=MAX_ROLES, chosen=sorted(details.roles))
    voice = channel_select("voice_channel_id", kinds=VOICE_CHANNELS, least=0, chosen=_some(details.voice_channel_id))
    given = role_select("role_id", least=0, chosen=_some(details.role_id))
    place = text_input("Or somewhere else, in words", "place", value=details.place, required=False, most=LONGEST_TITLE)
    return ModalForm(
        "Who and where",
        (labelled("Only these roles can sign up", roles, required=False), lambda chosen: frozenset(map(int, chosen))),
        (labelled("Voice channel", voice, required=False), one_id),
        (labelled("Role for attendees, until it's over", given, required=False), one_id),
        (place, str),
    )


def more_form(draft: EventDraft) -> ModalForm:
    """Ask for what few events need."""
    details = draft.details
    answers = text_input("Answers", "options", value=options_text(details.options), paragraph=True, most=LONGEST_FORM)
    image = text_input(
        "Picture", "image_url", value=details.image_url, placeholder="https://…", required=False, most=500
    )
    lead = _before_field("Posted before the start", "lead", draft.lead, "right away; or 3 days", _lead)
    return ModalForm(
        "More",
        (answers, partial(read_options, before=details.options, new=draft.id)),
        _before_field("Sign-ups close before the start", "cutoff", details.cutoff, "at the start; or 2h", _cutoff),
        *([lead] if draft.occurrence_id is None or draft.whole else []),
        (image, str),
        _facts_field(details.fields, "Bring: snacks"),
    )


def plan_form(weekday: int, before: PlanEntry | None, details: Details) -> ModalForm:
    """Ask what a weekday holds."""
    starts, posted = (None, None) if before is None else (before.starts, before.posted)
    return ModalForm(
        f"Each {DAY_NAMES[weekday]}",
        _title_field(details.title),
        _time_field("Starts at", "starts", starts, "20:00"),
        _time_field("Posted at (if later: the day before)", "posted", posted, "09:00"),
        _description_field(details.description),
        _facts_field(details.fields, "Raid: Molten Core"),
    )


def _title_field(title: str) -> FormField:
    return text_input("Title", "title", value=title, most=LONGEST_TITLE), str


def _description_field(text: str) -> FormField:
    field = text_input(
        "Description", "description", value=text, paragraph=True, required=False, most=LONGEST_DESCRIPTION
    )
    return field, str


def _facts_field(fields: Sequence[tuple[str, str]], placeholder: str) -> FormField:
    field = text_input(
        "More details, one per line",
        "fields",
        value=fields_text(fields),
        placeholder=placeholder,
        paragraph=True,
        required=False,
        most=LONGEST_FORM,
    )
    return field, read_fields


def _before_field(label: str, name: str, minutes: int, placeholder: str, read: Callable[[str], int]) -> FormField:
    value = spell(minutes) if minutes else ""
    return text_input(label, name, value=value, placeholder=placeholder, required=False, most=50), read


def _time_field(label: str, name: str, at: time | None, placeholder: str) -> FormField:
    value = "" if at is None else f"{at:%H:%M}"
    return text_input(label, name, value=value, placeholder=placeholder, most=20), time_of_day


def _cutoff(text: str) -> int:
    return minutes_of(text, "The end of sign-up", empty=0)


def _lead(text: str) -> int:
    minutes = minutes_of(text, "The time of the post", empty=0)
    if minutes > LONGEST_LEAD:
        raise BadEvent("I can post an event a year before its start at most.", remedy="Choose a shorter time.")
    return minutes


def _some(value: int | None) -> Sequence[int]:
    return () if value is None else (value,)
