"""
The fields, sizes and allowed parents of each component type.

Source: discord-api-docs, developers/components/reference.mdx, and the request schemas of Discord's OpenAPI document.
"""

from __future__ import annotations

from collections.abc import Mapping

from steward.sim.people.user import Json
from steward.sim.rest.fields import Field, needed, text, truth, whole

ROW, BUTTON, STRING_SELECT, TEXT_INPUT, USER_SELECT, ROLE_SELECT, MENTIONABLE_SELECT, CHANNEL_SELECT = range(1, 9)
SECTION, TEXT_DISPLAY, THUMBNAIL, MEDIA_GALLERY, FILE, SEPARATOR = range(9, 15)
CONTAINER, LABEL, FILE_UPLOAD = 17, 18, 19
RADIO_GROUP, CHECKBOX_GROUP, CHECKBOX = 21, 22, 23

ENTITY_SELECTS = (USER_SELECT, ROLE_SELECT, MENTIONABLE_SELECT, CHANNEL_SELECT)
SELECTS = (STRING_SELECT, *ENTITY_SELECTS)
LINK, PREMIUM = 5, 6  # styles of buttons that send no interaction

IN_MESSAGES = (ROW, SECTION, TEXT_DISPLAY, MEDIA_GALLERY, FILE, SEPARATOR, CONTAINER)
IN_CONTAINERS = (ROW, SECTION, TEXT_DISPLAY, MEDIA_GALLERY, FILE, SEPARATOR)
IN_ROWS = (BUTTON, *SELECTS)
ACCESSORIES = (BUTTON, THUMBNAIL)
IN_MODALS = (ROW, TEXT_DISPLAY, LABEL)
IN_LABELS = (TEXT_INPUT, *SELECTS, FILE_UPLOAD, RADIO_GROUP, CHECKBOX_GROUP, CHECKBOX)

_CUSTOM_ID = {"custom_id": needed(text(1, 100))}
_SELECT = {
    **_CUSTOM_ID,
    "placeholder": Field(text(0, 150)),
    "min_values": Field(whole(0, 25), default=1),
    "max_values": Field(whole(1, 25), default=1),
    "disabled": Field(truth),
    "required": Field(truth),
}
_CHOICES = {
    **_CUSTOM_ID,
    "min_values": Field(whole(0, 10)),
    "max_values": Field(whole(1, 10)),
    "required": Field(truth),
}
_SPOILER = {"spoiler": Field(truth, default=False)}
FIELDS: Mapping[int, Mapping[str, Field]] = {
    ROW: {},
    BUTTON: {
        "style": needed(whole(1, 6)),
        "label": Field(text(0, 80)),
        "custom_id": Field(text(1, 100)),
        "url": Field(text(1, 512)),
        "disabled": Field(truth),
    },
    **dict.fromkeys(SELECTS, _SELECT),
    TEXT_INPUT: {
        **_CUSTOM_ID,
        "style": needed(whole(1, 2)),
        "label": Field(text(1, 45)),
        "value": Field(text(0, 4000)),
        "placeholder": Field(text(0, 100)),
        "min_length": Field(whole(0, 4000)),
        "max_length": Field(whole(1, 4000)),
        "required": Field(truth, default=True),
    },
    SECTION: {},
    TEXT_DISPLAY: {"content": needed(text(1, 4000))},
    THUMBNAIL: {"description": Field(text(1, 1024)), **_SPOILER},
    MEDIA_GALLERY: {},
    FILE: _SPOILER,
    SEPARATOR: {"spacing": Field(whole(1, 2), default=1), "divider": Field(truth, default=True)},
    CONTAINER: {"accent_color": Field(whole(0, 0xFFFFFF)), **_SPOILER},
    LABEL: {"label": needed(text(1, 45)), "description": Field(text(1, 100))},
    FILE_UPLOAD: _CHOICES,
    RADIO_GROUP: {**_CUSTOM_ID, "required": Field(truth)},
    CHECKBOX_GROUP: _CHOICES,
    CHECKBOX: {**_CUSTOM_ID, "default": Field(truth)},
}
OPTIONS: Mapping[int, tuple[int, int]] = {STRING_SELECT: (1, 25), RADIO_GROUP: (2, 10), CHECKBOX_GROUP: (1, 10)}
OPTION_FIELDS = {
    "label": needed(text(1, 100)),
    "value": needed(text(1, 100)),
    "description": Field(text(1, 100)),
    "default": Field(truth),
}
# Fields that Discord always returns, null if unset.
ALWAYS: Mapping[int, Json] = {CONTAINER: {"accent_color": None}, THUMBNAIL: {"description": None}}
