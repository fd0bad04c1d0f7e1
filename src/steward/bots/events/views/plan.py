"""The form of the weekly plan."""

from __future__ import annotations

from steward.bots.events.details import LONGEST_DESCRIPTION, LONGEST_TITLE, Details
from steward.bots.events.field_lines import written
from steward.bots.events.weekly_plan import Entry
from steward.client.embeds import Message
from steward.client.interactions import modal, text_input

LONGEST_FORM = 4000


def plan_form(day: str, custom_id: str, before: Entry | None, details: Details) -> Message:
    """
    Ask what a weekday holds.

    Args:
        day: its name.
        custom_id: of the form.
        before: what is planned now; None for nothing.
        details: what stands in the form at first.

    """
    starts = "" if before is None else f"{before.starts:%H:%M}"
    posted = "" if before is None else f"{before.posted:%H:%M}"
    return modal(
        f"Each {day}",
        custom_id,
        text_input("Title", "title", value=details.title, most=LONGEST_TITLE),
        text_input("Starts at", "starts", value=starts, placeholder="20:00", most=5),
        text_input("Posted at; later than that: the day before", "posted", value=posted, placeholder="09:00", most=5),
        text_input(
            "Description",
            "description",
            value=details.description,
            paragraph=True,
            required=False,
            most=LONGEST_DESCRIPTION,
        ),
        text_input(
            "Further facts, one a line",
            "fields",
            value=written(details.fields),
            placeholder="Raid: Molten Core",
            paragraph=True,
            required=False,
            most=LONGEST_FORM,
        ),
    )
