"""The forms of an event in the making."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, replace

from steward.bots.events.drafts.draft import EventDraft
from steward.bots.events.model.details import LONGEST_DESCRIPTION, LONGEST_TITLE, MOST_ROLES
from steward.bots.events.model.field_lines import written as facts
from steward.bots.events.model.option_lines import written
from steward.bots.events.rsvp import actions
from steward.client.embeds import Message
from steward.client.interactions import channel_select, labelled, modal, role_select, text_input
from steward.text.durations import spell

VOICE_CHANNELS = (2, 13)
LONGEST_FORM = 4000


def text_form(draft: EventDraft, refused: Mapping[str, str]) -> Message:
    """Ask for what an event is."""
    texts = replace(draft.texts, **{name: text for name, text in refused.items() if name in asdict(draft.texts)})
    id_ = actions.WRITTEN.id(draft.id)
    title = text_input("Title", "title", value=texts.title, most=LONGEST_TITLE)
    when = text_input(
        "When", "when", value=texts.when, placeholder="friday 8pm, in 3 hours, 2026-11-27 20:00", most=100
    )
    rest = (
        text_input("How long", "length", value=texts.length, placeholder="1h", required=False, most=50),
        text_input("Seats", "seats", value=texts.seats, placeholder="no limit", required=False, most=6),
        text_input(
            "Description",
            "description",
            value=texts.description,
            paragraph=True,
            required=False,
            most=LONGEST_DESCRIPTION,
        ),
    )
    if draft.occurrence_id is not None:
        return modal("Change the event", id_, title, *rest)
    return modal("New event", id_, title, when, *rest)


def people_form(draft: EventDraft, refused: Mapping[str, str]) -> Message:
    """Ask who may answer, and where it takes place."""
    details = draft.details
    voice = () if details.voice_channel_id is None else (details.voice_channel_id,)
    return modal(
        "Who and where",
        actions.PEOPLE_SET.id(draft.id),
        labelled(
            "Only these roles can sign up",
            role_select("roles", least=0, most=MOST_ROLES, chosen=sorted(details.roles)),
            required=False,
        ),
        labelled("Voice channel", channel_select("voice", kinds=VOICE_CHANNELS, least=0, chosen=voice), required=False),
        labelled(
            "Role for attendees, until it's over",
            role_select("given", least=0, chosen=() if details.role_id is None else (details.role_id,)),
            required=False,
        ),
        text_input(
            "Or somewhere else, in words",
            "place",
            value=refused.get("place", details.place),
            required=False,
            most=LONGEST_TITLE,
        ),
    )


def more_form(draft: EventDraft, refused: Mapping[str, str]) -> Message:
    """Ask for what few events need."""
    details = draft.details
    lead = text_input(
        "Posted before the start",
        "lead",
        value=refused.get("lead", spell(draft.lead) if draft.lead else ""),
        placeholder="right away; or 3 days",
        required=False,
        most=50,
    )
    return modal(
        "More",
        actions.MORE_SET.id(draft.id),
        text_input(
            "Answers",
            "answers",
            value=refused.get("answers", written(details.options)),
            paragraph=True,
            most=LONGEST_FORM,
        ),
        text_input(
            "Sign-ups close before the start",
            "cutoff",
            value=refused.get("cutoff", spell(details.cutoff) if details.cutoff else ""),
            placeholder="at the start; or 2h",
            required=False,
            most=50,
        ),
        *([lead] if draft.occurrence_id is None or draft.whole else []),
        text_input(
            "Picture",
            "image",
            value=refused.get("image", details.image_url),
            placeholder="https://…",
            required=False,
            most=500,
        ),
        text_input(
            "More details, one per line",
            "fields",
            value=refused.get("fields", facts(details.fields)),
            placeholder="Bring: snacks",
            paragraph=True,
            required=False,
            most=LONGEST_FORM,
        ),
    )
