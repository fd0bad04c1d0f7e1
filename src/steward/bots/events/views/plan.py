"""The form of the weekly plan."""

from __future__ import annotations

from datetime import time

from steward.bots.events.editing.weekly_plan import PlanEntry
from steward.bots.events.model.details import Details
from steward.bots.events.views.draft_forms import description_field, facts_field, title_field
from steward.client.components import text_input
from steward.client.panels.form import FormField, ModalForm
from steward.text.clock_times import time_of_day
from steward.text.names import DAY_NAMES


def plan_form(weekday: int, before: PlanEntry | None, details: Details) -> ModalForm:
    """Ask what a weekday holds."""
    starts, posted = (None, None) if before is None else (before.starts, before.posted)
    return ModalForm(
        f"Each {DAY_NAMES[weekday]}",
        title_field(details.title),
        _time_field("Starts at", "starts", starts, "20:00"),
        _time_field("Posted at (if later: the day before)", "posted", posted, "09:00"),
        description_field(details.description),
        facts_field(details.fields, "Raid: Molten Core"),
    )


def _time_field(label: str, name: str, at: time | None, placeholder: str) -> FormField:
    value = "" if at is None else f"{at:%H:%M}"
    return text_input(label, name, value=value, placeholder=placeholder, most=20), time_of_day
