"""The form of the weekly plan."""

from __future__ import annotations

from steward.bots.events.editing.weekly_plan import PlanEntry
from steward.bots.events.model.details import LONGEST_DESCRIPTION, LONGEST_TITLE, Details
from steward.bots.events.model.field_lines import written
from steward.bots.events.rsvp.actions import PLAN_SET
from steward.client.embeds import Message
from steward.client.interactions import modal, text_input
from steward.text.names import DAY_NAMES

LONGEST_FORM = 4000


def plan_form(weekday: int, where: int, template: str, before: PlanEntry | None, details: Details) -> Message:
    """
    Ask what a weekday holds.

    Args:
        weekday: from 0 for Monday.
        where: the channel that it is posted in.
        template: the details that stand in the form; empty for those that are planned.
        before: what is planned now; None for nothing.
        details: what stands in the form at first, and its length and seats.

    """
    starts = "" if before is None else f"{before.starts:%H:%M}"
    posted = "" if before is None else f"{before.posted:%H:%M}"
    return modal(
        f"Each {DAY_NAMES[weekday]}",
        PLAN_SET.id(weekday, where, details.minutes, details.seats or 0, template),
        text_input("Title", "title", value=details.title, most=LONGEST_TITLE),
        text_input("Starts at", "starts", value=starts, placeholder="20:00", most=20),
        text_input("Posted at (if later: the day before)", "posted", value=posted, placeholder="09:00", most=20),
        text_input(
            "Description",
            "description",
            value=details.description,
            paragraph=True,
            required=False,
            most=LONGEST_DESCRIPTION,
        ),
        text_input(
            "More details, one per line",
            "fields",
            value=written(details.fields),
            placeholder="Raid: Molten Core",
            paragraph=True,
            required=False,
            most=LONGEST_FORM,
        ),
    )
