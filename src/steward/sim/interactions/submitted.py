"""The data of a submitted modal. Source: discord-api-docs, developers/components/reference.mdx."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from steward.sim.interactions import shown
from steward.sim.interactions.resolved import Resolved
from steward.sim.people.user import Json
from steward.sim.uploads import File

_TEXT_INPUT, _TEXT, _LABEL = 4, 10, 18
_STRING_SELECT, _FILE_UPLOAD, _RADIO, _CHECKBOXES, _CHECKBOX = 3, 19, 21, 22, 23


def submitted(modal: Json, values: Mapping[str, Any], resolved: Resolved) -> Json:
    """
    Return the interaction data of a submitted modal.

    `values` are by custom id, or by label (case-insensitive, underscores for spaces).

    Raises:
        LookupError: the modal has no such field.
        ValueError: Discord's client would not send these values.

    """
    labels = {item["custom_id"]: label for label, item in shown.inputs(modal["components"])}
    by_id: dict[str, Any] = {}
    for name, value in values.items():
        fits = [custom_id for custom_id, label in labels.items() if name == custom_id or _same(name, label)]
        if not fits:
            known = ", ".join(label or custom_id for custom_id, label in labels.items())
            raise LookupError(f"The modal has no field {name!r}; it has: {known}.")
        by_id[fits[0]] = value
    components = [_component(item, by_id, resolved) for item in modal["components"]]
    return resolved.into({"custom_id": modal["custom_id"], "components": components})


def _same(name: str, label: str) -> bool:
    return name.replace("_", " ").casefold() == label.replace("_", " ").casefold()


def _component(item: Json, values: dict[str, Any], resolved: Resolved) -> Json:
    found: Json = {"type": item["type"], "id": item["id"]}
    if item["type"] == _TEXT:
        return found
    if item["type"] == _LABEL:
        return found | {"component": _filled(item["component"], values, resolved)}
    return found | {"components": [_filled(inner, values, resolved) for inner in item["components"]]}


def _filled(item: Json, values: dict[str, Any], resolved: Resolved) -> Json:
    name, kind = item["custom_id"], item["type"]
    found: Json = {"type": kind, "id": item["id"], "custom_id": name}
    value = values.get(name, _default(item))
    required = item.get("required", kind != _CHECKBOX)
    if value in (None, "", []) and required:
        raise ValueError(f"The modal's field {name!r} is required: Discord does not send it empty.")
    if kind == _TEXT_INPUT:
        text = "" if value is None else str(value)
        least, most = item.get("min_length", 0), item.get("max_length", 4000)
        if (text or required) and not least <= len(text) <= most:
            raise ValueError(f"The modal's field {name!r} takes {least} to {most} characters, not {len(text)}.")
        return found | {"value": text}
    if kind == _CHECKBOX:
        return found | {"value": bool(value if value is not None else item.get("default", False))}
    if kind == _RADIO:
        return found | {"value": shown.chosen(item, [value])[0] if value is not None else None}
    several = isinstance(value, (list, tuple)) and not isinstance(value, File)
    listed = [] if value is None else list(value) if several else [value]
    if listed:
        shown.check_number(item, listed)
    if kind == _FILE_UPLOAD and not all(isinstance(thing, File) for thing in listed):
        raise ValueError(f"The modal's field {name!r} takes a File, not {value!r}.")
    if kind in (_STRING_SELECT, _CHECKBOXES):
        return found | {"values": shown.chosen(item, listed)}
    return found | {"values": [resolved.add(thing) for thing in listed]}


def _default(item: Json) -> Any:
    """Return the value of a field that the user does not change: its text, or its default options."""
    if item["type"] == _TEXT_INPUT:
        return item.get("value")
    chosen = [option["value"] for option in item.get("options", ()) if option.get("default")]
    return chosen[0] if chosen and item["type"] == _RADIO else chosen or None
