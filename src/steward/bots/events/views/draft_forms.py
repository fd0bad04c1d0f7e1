"""The forms of an event in the making; their fields are named as the details that they are."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from steward.bots.events.drafts.draft import EventDraft
from steward.bots.events.model.details import LONGEST_DESCRIPTION, LONGEST_TITLE, MAX_ROLES, BadEvent
from steward.bots.events.model.field_lines import read_fields
from steward.bots.events.model.field_lines import written as facts
from steward.bots.events.model.option_lines import read_options, written
from steward.client.components import channel_select, labelled, role_select, text_input
from steward.client.panels.form import FormField, ModalForm, one_id
from steward.text.durations import minutes_of, spell

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
        title_field(texts.title),
        *([(when, str)] if new else []),
        (text_input("How long", "length", value=texts.length, placeholder="1h", required=False, most=50), str),
        (text_input("Seats", "seats", value=texts.seats, placeholder="no limit", required=False, most=6), str),
        description_field(texts.description),
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
    answers = text_input("Answers", "options", value=written(details.options), paragraph=True, most=LONGEST_FORM)
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
        facts_field(details.fields, "Bring: snacks"),
    )


def title_field(title: str) -> FormField:
    """Ask for an event's title."""
    return text_input("Title", "title", value=title, most=LONGEST_TITLE), str


def description_field(text: str) -> FormField:
    """Ask for an event's description."""
    field = text_input(
        "Description", "description", value=text, paragraph=True, required=False, most=LONGEST_DESCRIPTION
    )
    return field, str


def facts_field(fields: Sequence[tuple[str, str]], placeholder: str) -> FormField:
    """Ask for an event's further facts."""
    field = text_input(
        "More details, one per line",
        "fields",
        value=facts(fields),
        placeholder=placeholder,
        paragraph=True,
        required=False,
        most=LONGEST_FORM,
    )
    return field, read_fields


def _before_field(label: str, name: str, minutes: int, placeholder: str, read: Callable[[str], int]) -> FormField:
    value = spell(minutes) if minutes else ""
    return text_input(label, name, value=value, placeholder=placeholder, required=False, most=50), read


def _cutoff(text: str) -> int:
    return minutes_of(text, "The end of sign-up", empty=0)


def _lead(text: str) -> int:
    minutes = minutes_of(text, "The time of the post", empty=0)
    if minutes > LONGEST_LEAD:
        raise BadEvent("I can post an event a year before its start at most.", remedy="Choose a shorter time.")
    return minutes


def _some(value: int | None) -> Sequence[int]:
    return () if value is None else (value,)
