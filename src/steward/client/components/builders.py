"""Payloads of components, each named as Discord names it (docs: Components > "Component Reference")."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import IntEnum

from steward.client.payloads import Payload
from steward.text.cutting import cut_label

_ROW, _BUTTON, _SELECT, _TEXT_INPUT, _USERS, _ROLES, _CHANNELS, _TEXT_DISPLAY, _LABEL = 1, 2, 3, 4, 5, 6, 8, 10, 18
_LINK = 5

# Docs: Components > "Component Reference". What is longer is cut, rather than refused as a whole.
LONGEST_LABEL, LONGEST_OPTION, LONGEST_PLACEHOLDER, LONGEST_MODAL_TEXT = 80, 100, 150, 45


class Style(IntEnum):
    """How a button looks."""

    BLUE = 1
    GREY = 2
    GREEN = 3
    RED = 4


COMPONENTS_V2 = 1 << 15
"""The flag of messages that are made of components alone, texts among them: up to 40, and 4,000 characters."""


def text_display(content: str) -> Payload:
    """Make a text of a message with the flag `COMPONENTS_V2`."""
    return {"type": _TEXT_DISPLAY, "content": content}


def row(*components: Payload) -> Payload:
    """Put up to five buttons, or one select, side by side; a message has up to five rows."""
    return {"type": _ROW, "components": list(components)}


def button(
    label: str, custom_id: str, *, style: Style = Style.GREY, emoji: str | None = None, disabled: bool = False
) -> Payload:
    """Make a button; a label of more than 80 characters is cut, the emoji is a Unicode one."""
    made: Payload = {
        "type": _BUTTON,
        "style": int(style),
        "label": cut_label(label, LONGEST_LABEL),
        "custom_id": custom_id,
    }
    if emoji is not None:
        made["emoji"] = {"name": emoji}
    return made | ({"disabled": True} if disabled else {})


def link(label: str, url: str) -> Payload:
    """Make a button that leads to a web page; nobody is told of a click."""
    return {"type": _BUTTON, "style": _LINK, "label": cut_label(label, LONGEST_LABEL), "url": url}


def option(label: str, value: str, *, description: str = "", chosen: bool = False) -> Payload:
    made: Payload = {"label": cut_label(label, LONGEST_OPTION), "value": value, "default": chosen}
    return made | ({"description": cut_label(description, LONGEST_OPTION)} if description else {})


def select(
    custom_id: str, options: Sequence[Payload], *, placeholder: str = "", least: int = 1, most: int = 1
) -> Payload:
    """Make a select of up to 25 options, of which `least` to `most` are chosen."""
    return _select(_SELECT, custom_id, placeholder, least, most) | {"options": list(options)}


def user_select(custom_id: str, *, placeholder: str = "", least: int = 1, most: int = 1) -> Payload:
    """Make a select of the server's members."""
    return _select(_USERS, custom_id, placeholder, least, most)


def role_select(
    custom_id: str, *, placeholder: str = "", least: int = 1, most: int = 1, chosen: Sequence[int] = ()
) -> Payload:
    """Make a select of the server's roles, of which those of `chosen` are chosen at first."""
    return _select(_ROLES, custom_id, placeholder, least, most) | _chosen("role", chosen)


def channel_select(
    custom_id: str,
    *,
    kinds: Sequence[int] = (),
    placeholder: str = "",
    least: int = 1,
    most: int = 1,
    chosen: Sequence[int] = (),
) -> Payload:
    """
    Make a select of the server's channels.

    Args:
        kinds: the types offered (0 text, 2 voice); all where none is named.

    """
    made = _select(_CHANNELS, custom_id, placeholder, least, most) | _chosen("channel", chosen)
    return made | ({"channel_types": list(kinds)} if kinds else {})


def modal(title: str, custom_id: str, *fields: Payload) -> Payload:
    """
    Make a modal for `Reply(modal=...)`.

    Args:
        title: up to 45 characters.
        custom_id: what sending it does.
        fields: one to five: `text_input`, or `labelled` selects.

    """
    return {"title": cut_label(title, LONGEST_MODAL_TEXT), "custom_id": custom_id, "components": list(fields)}


def text_input(
    label: str,
    name: str,
    *,
    value: str = "",
    placeholder: str = "",
    paragraph: bool = False,
    required: bool = True,
    most: int = 4000,
) -> Payload:
    """
    Make a modal's field for text.

    Args:
        label: above it, up to 45 characters.
        name: of the field in `Use.fields`.
        value: what stands in it at first.
        paragraph: several lines.
        most: how many characters it takes, up to 4000.

    """
    style = 2 if paragraph else 1
    field: Payload = {"type": _TEXT_INPUT, "custom_id": name, "style": style, "required": required, "max_length": most}
    field |= {
        key: text for key, text in (("value", value), ("placeholder", cut_label(placeholder, LONGEST_OPTION))) if text
    }
    return labelled(label, field)


def labelled(label: str, field: Payload, *, required: bool = True) -> Payload:
    """Make a field of a modal, such as a select; what is chosen is in `Use.chosen` by the field's custom id."""
    return {"type": _LABEL, "label": cut_label(label, LONGEST_MODAL_TEXT), "component": {"required": required, **field}}


def _chosen(kind: str, ids: Sequence[int]) -> Payload:
    return {"default_values": [{"id": str(one), "type": kind} for one in ids]} if ids else {}


def _select(kind: int, custom_id: str, placeholder: str, least: int, most: int) -> Payload:
    made: Payload = {"type": kind, "custom_id": custom_id, "min_values": least, "max_values": most}
    return made | ({"placeholder": cut_label(placeholder, LONGEST_PLACEHOLDER)} if placeholder else {})


def turns(number: int, more: bool, turn: Callable[[int], str]) -> list[Payload]:
    """Return the row of buttons below page `number`, counted from 0; nothing if it is the only page."""
    earlier = button("Earlier", turn(number - 1), disabled=number == 0)
    later = button("Later", turn(number + 1), disabled=not more)
    return [row(earlier, later)] if more or number else []
