"""
The fields, sizes and allowed parents of each component type.

Source: discord-api-docs, developers/components/reference.mdx, and the request schemas of Discord's OpenAPI document.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

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


@dataclass(frozen=True, slots=True)
class Text:
    """A text field with its length in characters."""

    name: str
    shortest: int
    longest: int
    required: bool = False


@dataclass(frozen=True, slots=True)
class Number:
    """An integer field; `default` is what Discord stores if it is absent."""

    name: str
    lowest: int
    highest: int
    default: int | None = None
    required: bool = False


@dataclass(frozen=True, slots=True)
class Flag:
    """A boolean field; `default` as for `Number`."""

    name: str
    default: bool | None = None


Field = Text | Number | Flag
_CUSTOM_ID = Text("custom_id", 1, 100, required=True)
_SELECT: tuple[Field, ...] = (
    _CUSTOM_ID,
    Text("placeholder", 0, 150),
    Number("min_values", 0, 25, 1),
    Number("max_values", 1, 25, 1),
    Flag("disabled"),
    Flag("required"),
)
_CHOICES: tuple[Field, ...] = (_CUSTOM_ID, Number("min_values", 0, 10), Number("max_values", 1, 10), Flag("required"))

FIELDS: MappingProxyType[int, tuple[Field, ...]] = MappingProxyType(
    {
        ROW: (),
        BUTTON: (
            Number("style", 1, 6, required=True),
            Text("label", 0, 80),
            Text("custom_id", 1, 100),
            Text("url", 1, 512),
            Flag("disabled"),
        ),
        **dict.fromkeys(SELECTS, _SELECT),
        TEXT_INPUT: (
            _CUSTOM_ID,
            Number("style", 1, 2, required=True),
            Text("label", 1, 45),
            Text("value", 0, 4000),
            Text("placeholder", 0, 100),
            Number("min_length", 0, 4000),
            Number("max_length", 1, 4000),
            Flag("required", default=True),
        ),
        SECTION: (),
        TEXT_DISPLAY: (Text("content", 1, 4000, required=True),),
        THUMBNAIL: (Text("description", 1, 1024), Flag("spoiler", default=False)),
        MEDIA_GALLERY: (),
        FILE: (Flag("spoiler", default=False),),
        SEPARATOR: (Number("spacing", 1, 2, 1), Flag("divider", default=True)),
        CONTAINER: (Number("accent_color", 0, 0xFFFFFF), Flag("spoiler", default=False)),
        LABEL: (Text("label", 1, 45, required=True), Text("description", 1, 100)),
        FILE_UPLOAD: _CHOICES,
        RADIO_GROUP: (_CUSTOM_ID, Flag("required")),
        CHECKBOX_GROUP: _CHOICES,
        CHECKBOX: (_CUSTOM_ID, Flag("default")),
    }
)

OPTIONS: MappingProxyType[int, tuple[int, int]] = MappingProxyType(
    {STRING_SELECT: (1, 25), RADIO_GROUP: (2, 10), CHECKBOX_GROUP: (1, 10)}
)
OPTION_FIELDS: tuple[Field, ...] = (
    Text("label", 1, 100, required=True),
    Text("value", 1, 100, required=True),
    Text("description", 1, 100),
    Flag("default"),
)
# Fields that Discord always returns, null if unset.
ALWAYS: MappingProxyType[int, dict[str, Any]] = MappingProxyType(
    {CONTAINER: {"accent_color": None}, THUMBNAIL: {"description": None}}
)
