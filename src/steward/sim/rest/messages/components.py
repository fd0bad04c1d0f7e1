"""
Validation of the components of messages and modals.

Errors have the same paths as Discord's, such as `components.0.components.2.custom_id`.
"""

from __future__ import annotations

from typing import Any

from steward.sim.people.user import Json
from steward.sim.rest.form import NOT_OBJECT, Form
from steward.sim.rest.messages import component_parts as parts
from steward.sim.rest.messages import component_rules as rules
from steward.sim.rest.messages.media import Media

V2 = 1 << 15  # the message flag IS_COMPONENTS_V2
_MAX_V1, _MAX_V2, _MAX_IN_MODAL = 5, 40, 40
_BUTTONS_A_ROW, _TEXTS_A_SECTION, _INPUTS_A_MODAL = 5, 3, 5
_MAX_TEXT = 4000


def read_message(form: Form, flags: int, media: Media) -> list[Json]:
    """Return the components in a form, for a message with these flags; errors are recorded in the form."""
    reader = _Reader(form, media)
    if not flags & V2:
        return reader.read("components", form.body.get("components"), (rules.ROW,), most=_MAX_V1)
    found = reader.read("components", form.body.get("components"), rules.IN_MESSAGES, most=_MAX_V2)
    if reader.count > _MAX_V2:
        words = f"Components displayable count exceeds maximum of {_MAX_V2}"
        form.refuse("components", "COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED", words)
    if reader.shown > _MAX_TEXT:
        words = f"Components displayable text size exceeds maximum size of {_MAX_TEXT}"
        form.refuse("components", "COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED", words)
    return found


def read_modal(form: Form, media: Media) -> list[Json]:
    """Return the components of a modal; errors are recorded in the form."""
    reader = _Reader(form, media, modal=True)
    found = reader.read("components", form.body.get("components"), rules.IN_MODALS, most=_MAX_IN_MODAL, least=1)
    inputs = sum(item["type"] != rules.TEXT_DISPLAY for item in found)
    if inputs > _INPUTS_A_MODAL:
        form.refuse_length("components", 1, _INPUTS_A_MODAL)
    return found


class _Reader:
    """Reads a component tree: assigns ids, counts components and text, and checks that custom ids are unique."""

    def __init__(self, form: Form, media: Media, *, modal: bool = False) -> None:
        self._modal = modal
        self.count = 0
        self.shown = 0
        self._form = form
        self._media = media
        self._custom_ids: set[str] = set()

    def read(self, path: str, items: Any, allowed: tuple[int, ...], *, most: int, least: int = 0) -> list[Json]:
        if items is None and not least:
            return []
        if not isinstance(items, list):
            self._form.refuse(path, "LIST_TYPE_CONVERT", "Only iterables may be used in a ListType")
            return []
        if not least <= len(items) <= most:
            self._form.refuse_length(path, least, most)
        found = (self._component(f"{path}.{number}", item, allowed) for number, item in enumerate(items))
        return [item for item in found if item]

    def _component(self, path: str, item: Any, allowed: tuple[int, ...]) -> Json:
        if not isinstance(item, dict):
            self._form.refuse(path, *NOT_OBJECT)
            return {}
        kind = item.get("type")
        if not isinstance(kind, int) or kind not in allowed:
            words = f'Value of field "type" must be one of ({", ".join(map(str, allowed))},).'
            self._form.refuse(f"{path}.type", "UNION_TYPE_CHOICES", words)
            return {}
        self.count += 1
        asked = item.get("id")
        own_id = asked if isinstance(asked, int) and 0 < asked < 1 << 31 else self.count
        found: Json = {"type": kind, "id": own_id} | rules.ALWAYS.get(kind, {})
        found |= parts.fields(self._form, path, item, rules.FIELDS[kind])
        self._check_custom_id(path, found)
        self.shown += len(found["content"]) if kind == rules.TEXT_DISPLAY and "content" in found else 0
        return found | self._held(path, item, kind, found)

    def _check_custom_id(self, path: str, found: Json) -> None:
        custom_id = found.get("custom_id")
        if custom_id is None:
            return
        if custom_id in self._custom_ids:
            words = "Component custom id cannot be duplicated"
            self._form.refuse(f"{path}.custom_id", "COMPONENT_CUSTOM_ID_DUPLICATED", words)
        self._custom_ids.add(custom_id)

    def _held(self, path: str, item: Json, kind: int, found: Json) -> Json:
        """Return the nested fields of a component."""
        held: Json = {}
        form, inside = self._form, item.get("components")
        if kind == rules.ROW:
            held["components"] = self._row(f"{path}.components", inside)
        elif kind == rules.CONTAINER:
            held["components"] = self.read(f"{path}.components", inside, rules.IN_CONTAINERS, most=_MAX_V2, least=1)
        elif kind == rules.SECTION:
            texts = (rules.TEXT_DISPLAY,)
            held["components"] = self.read(f"{path}.components", inside, texts, most=_TEXTS_A_SECTION, least=1)
            held["accessory"] = self._component(f"{path}.accessory", item.get("accessory"), rules.ACCESSORIES)
        elif kind == rules.LABEL:
            held["component"] = self._component(f"{path}.component", item.get("component"), rules.IN_LABELS)
        elif kind == rules.BUTTON:
            held |= parts.button(form, path, item, found)
        elif kind in rules.OPTIONS:
            held["options"] = parts.options(form, f"{path}.options", item.get("options"), rules.OPTIONS[kind])
        elif kind in rules.ENTITY_SELECTS:
            held |= parts.entities(form, path, item)
        elif kind == rules.MEDIA_GALLERY:
            held["items"] = self._media.gallery(form, f"{path}.items", item.get("items"))
        elif kind == rules.THUMBNAIL:
            held["media"] = self._media.item(form, f"{path}.media", item.get("media"))
        elif kind == rules.FILE:
            held |= self._media.file(form, f"{path}.file", item.get("file"))
        return held

    def _row(self, path: str, items: Any) -> list[Json]:
        allowed = (rules.TEXT_INPUT,) if self._modal else rules.IN_ROWS
        held = self.read(path, items, allowed, most=_BUTTONS_A_ROW, least=1)
        if len(held) > 1 and any(item["type"] != rules.BUTTON for item in held):
            words = "The specified component exceeds the maximum width"
            self._form.refuse(f"{path}.1", "COMPONENT_LAYOUT_WIDTH_EXCEEDED", words)
        return held
