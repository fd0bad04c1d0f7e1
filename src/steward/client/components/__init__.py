"""
Buttons, selects, modals and replies as values: views build them without discord.py.

    RSVP = Action("events", "rsvp", args=(number, str))

    Reply({"content": title, "components": [row(button("Yes", RSVP.id(17, "yes")))]})
"""

from steward.client.components.actions import Action, BadCustomId
from steward.client.components.builders import (
    COMPONENTS_V2,
    Style,
    button,
    channel_select,
    labelled,
    link,
    modal,
    option,
    role_select,
    row,
    select,
    text_display,
    text_input,
    turns,
    user_select,
)
from steward.client.components.reply import Reply

__all__ = [
    "COMPONENTS_V2",
    "Action",
    "BadCustomId",
    "Reply",
    "Style",
    "button",
    "channel_select",
    "labelled",
    "link",
    "modal",
    "option",
    "role_select",
    "row",
    "select",
    "text_display",
    "text_input",
    "turns",
    "user_select",
]
