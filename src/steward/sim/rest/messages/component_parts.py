"""Validation of the leaves of a component tree: plain fields, buttons, options of selects."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from steward.sim.people.user import Json
from steward.sim.rest.fields import Field, take
from steward.sim.rest.form import NOT_OBJECT, REQUIRED, Form
from steward.sim.rest.messages import component_rules as rules

_DUPLICATED = "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED"
_NOTHING_SHOWN = "BUTTON_COMPONENT_LABEL_OR_EMOJI_REQUIRED"
_MAX_DEFAULTS, _MAX_VALUES, _LONGEST_EMOJI = 25, 25, 32
_ENTITIES = ("user", "role", "channel")
_CHANNEL_TYPES = (0, 1, 2, 3, 4, 5, 10, 11, 12, 13, 14, 15, 16)


def fields(form: Form, path: str, item: Json, wanted: Mapping[str, Field]) -> Json:
    """Return the plain fields of a component with Discord's defaults."""
    values = take(form.part(path, item), wanted, new=True)
    found = {name: value for name, value in values.items() if value is not None}
    if found.get("min_values", 0) > (most := found.get("max_values", _MAX_VALUES)):
        words = f"int value should be less than or equal to {most}."
        form.refuse(f"{path}.min_values", "NUMBER_TYPE_MAX", words)
    return found


def button(form: Form, path: str, item: Json, found: Json) -> Json:
    """Return the emoji of a button, and validate its other fields."""
    held = emoji(form, path, item)
    style = found.get("style")
    if style == rules.LINK:
        if "url" not in found or "custom_id" in found:
            words = "A url is required, and a custom id is not allowed, on a link button"
            form.refuse(f"{path}.url", "BASE_TYPE_REQUIRED", words)
    elif style == rules.PREMIUM:
        form.part(path, item).required("sku_id")
    elif "custom_id" not in found:
        form.refuse(f"{path}.custom_id", *REQUIRED)
    if style != rules.PREMIUM and not found.get("label") and not held:
        form.refuse(path, _NOTHING_SHOWN, "A button needs a label or an emoji")
    return held


def options(form: Form, path: str, items: Any, size: tuple[int, int]) -> list[Json]:
    """Return the options of a select, radio group or checkbox group; `size` is their minimum and maximum number."""
    if not isinstance(items, list):
        form.refuse(path, *REQUIRED)
        return []
    least, most = size
    if not least <= len(items) <= most:
        form.refuse_length(path, least, most)
    made: list[Json] = []
    for number, item in enumerate(items):
        where = f"{path}.{number}"
        if not isinstance(item, dict):
            form.refuse(where, *NOT_OBJECT)
            continue
        option = fields(form, where, item, rules.OPTION_FIELDS) | emoji(form, where, item)
        if option.get("value") in [other.get("value") for other in made]:
            form.refuse(f"{where}.value", _DUPLICATED, "The specified option value is already used")
        made.append(option)
    return made


def entities(form: Form, path: str, item: Json) -> Json:
    """Return the default values and channel types of an entity select."""
    found: Json = {}
    part = form.part(path, item)
    for value in part.parts("default_values", most=_MAX_DEFAULTS):
        asked = value.body
        value.required("id", "type")
        value.whole("id", 0, (1 << 64) - 1)
        if asked.get("type") not in _ENTITIES:
            value.refuse("type", "BASE_TYPE_CHOICES", f"Value must be one of {_ENTITIES}.")
        found.setdefault("default_values", []).append({"id": str(asked.get("id")), "type": asked.get("type")})
    for number, asked in enumerate(part.items("channel_types", most=len(_CHANNEL_TYPES))):
        if asked not in _CHANNEL_TYPES:
            words = f"Value must be one of {_CHANNEL_TYPES}."
            part.refuse(f"channel_types.{number}", "BASE_TYPE_CHOICES", words)
        found.setdefault("channel_types", []).append(asked)
    return found


def emoji(form: Form, path: str, item: Json) -> Json:
    """Return the field `emoji` of a button or an option, if any."""
    asked = item.get("emoji")
    if not isinstance(asked, dict):
        return {}
    part = form.part(f"{path}.emoji", asked)
    part.text("name", longest=_LONGEST_EMOJI)
    part.whole("id", 0, (1 << 64) - 1)
    kept = {key: asked[key] for key in ("id", "name") if asked.get(key)}
    return {"emoji": {"name": ""} | kept | ({"animated": True} if asked.get("animated") else {})} if kept else {}
