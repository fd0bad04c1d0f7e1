"""
Validation of application commands.

Source: discord-api-docs, developers/interactions/application-commands.mdx, and the schemas of the OpenAPI document.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping
from typing import Any

from steward.sim.people.user import Json
from steward.sim.rest.fields import localizations
from steward.sim.rest.form import Form, as_whole

CHAT_INPUT, USER, MESSAGE, ENTRY_POINT = 1, 2, 3, 4
MOST: Mapping[int, int] = {CHAT_INPUT: 100, USER: 15, MESSAGE: 15, ENTRY_POINT: 1}
EDITABLE = (
    "name", "name_localizations", "description", "description_localizations", "options", "default_member_permissions",
    "dm_permission", "contexts", "integration_types", "nsfw",
)  # fmt: skip
_SUBCOMMAND, _GROUP, _STRING, _INTEGER, _NUMBER = 1, 2, 3, 4, 10
_KINDS = range(1, 12)
_MAX_OPTIONS = _MAX_CHOICES = 25
_LONGEST_NAME, _LONGEST_DESCRIPTION, _LONGEST_CHOICE, _LONGEST_LIMIT = 32, 100, 100, 6000
_MAX_TOGETHER = 8000
_DEVANAGARI, _THAI = range(0x900, 0x980), range(0xE00, 0xE80)


def kind_of(command: Json) -> int:
    """Return the type of a command, by default a slash command."""
    kind = as_whole(command.get("type"))
    return kind if kind is not None and kind in MOST else CHAT_INPUT


def check(form: Form) -> None:
    """Validate a command."""
    kind = form.whole("type", CHAT_INPUT, ENTRY_POINT, default=CHAT_INPUT)
    form.required("name")
    name = form.text("name", shortest=1, longest=_LONGEST_NAME)
    if name and kind == CHAT_INPUT:
        _check_name(form, name)
    if kind == CHAT_INPUT:
        form.required("description")
        form.text("description", shortest=1, longest=_LONGEST_DESCRIPTION)
    elif form.body.get("description"):
        words = "Context menu commands cannot have description"
        form.refuse("description", "APPLICATION_COMMANDS_CONTEXT_MENU_NO_DESCRIPTION", words)
    needed = form.body.get("default_member_permissions")
    if needed is not None and as_whole(needed) is None:
        form.refuse("default_member_permissions", "NUMBER_TYPE_COERCE", f"Value {str(needed)[:50]!r} is not int.")
    for field in ("contexts", "integration_types"):
        for number, value in enumerate(form.items(field, most=3)):
            if value not in (0, 1, 2):
                form.refuse(f"{field}.{number}", "BASE_TYPE_CHOICES", "Value must be one of (0, 1, 2).")
    check_localizations(form)
    _check_options(form, depth=0)
    if sum(map(len, _counted(form.body))) > _MAX_TOGETHER:
        words = f"Command exceeds maximum size ({_MAX_TOGETHER})"
        form.refuse("options", "APPLICATION_COMMAND_TOO_LARGE", words)


def stored(option: Json) -> Json:
    """Return an option as Discord returns it: without null and empty fields."""
    found = {name: value for name, value in option.items() if value not in (None, [], {})}
    if found["type"] in (_SUBCOMMAND, _GROUP):
        found.pop("required", None)
    if "options" in found:
        found["options"] = [stored(inner) for inner in found["options"]]
    if "choices" in found:
        found["choices"] = [
            {key: value for key, value in choice.items() if value is not None} for choice in found["choices"]
        ]
    return found


def check_localizations(form: Form, *, longest_name: int = _LONGEST_NAME) -> None:
    """Validate the translations of a name and a description."""
    for field, longest in (("name_localizations", longest_name), ("description_localizations", _LONGEST_DESCRIPTION)):
        if form.body.get(field) is not None:
            localizations(longest, shortest=1)(form, field)


def _check_name(form: Form, name: str) -> None:
    """Check that a name has only lower-case letters and digits of any script, `-`, `_` and `'`."""
    valid = all(
        char in "-_'" or unicodedata.category(char)[0] in "LN" or ord(char) in _DEVANAGARI or ord(char) in _THAI
        for char in name
    )
    if not valid or name != name.lower():
        form.refuse("name", "APPLICATION_COMMAND_INVALID_NAME", "Command name is invalid")


def _check_options(form: Form, depth: int) -> None:
    parts = form.parts("options", most=_MAX_OPTIONS)
    names: set[Any] = set()
    optional = False
    for part in parts:
        part.required("type", "name", "description")
        name = part.text("name", shortest=1, longest=_LONGEST_NAME)
        part.text("description", shortest=1, longest=_LONGEST_DESCRIPTION)
        check_localizations(part)
        kind = part.whole("type", _KINDS[0], _KINDS[-1])
        if name:
            _check_name(part, name)
        if name in names:
            words = "Option names must be unique"
            part.refuse("name", "APPLICATION_COMMAND_OPTIONS_NAME_ALREADY_EXISTS", words)
        names.add(name)
        if kind in (_SUBCOMMAND, _GROUP):
            if depth + (kind == _GROUP) > 1:
                part.refuse("type", "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID", "Sub-command option type is invalid")
                continue
            _check_options(part, depth + 1)
            continue
        if part.body.get("required") and optional:
            words = "Required options must be placed before non-required options"
            part.refuse("required", "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID", words)
        optional = optional or not part.body.get("required")
        _check_choices(part, kind)
    kinds = {as_whole(part.body.get("type")) in (_SUBCOMMAND, _GROUP) for part in parts}
    if len(kinds) > 1:
        words = "Sub-command and sub-command group option types are mutually exclusive to all other types"
        form.refuse("options", "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID", words)


def _check_choices(part: Form, kind: int | None) -> None:
    choices = part.parts("choices", most=_MAX_CHOICES)
    if choices and part.body.get("autocomplete"):
        words = "Autocomplete cannot be used with choices"
        part.refuse("autocomplete", "APPLICATION_COMMAND_OPTIONS_AUTOCOMPLETE_CHOICES", words)
    for choice in choices:
        choice.required("name", "value")
        choice.text("name", shortest=1, longest=_LONGEST_CHOICE)
        check_localizations(choice, longest_name=_LONGEST_CHOICE)
        check_value(choice, kind)
    if kind == _STRING:
        part.whole("min_length", 0, _LONGEST_LIMIT)
        part.whole("max_length", 1, _LONGEST_LIMIT)


def check_value(choice: Form, kind: int | None) -> None:
    """Check that a choice's value has its option's type."""
    value = choice.body.get("value")
    if value is None:
        return
    if kind == _STRING:
        choice.text("value", longest=_LONGEST_CHOICE)
    elif kind == _INTEGER and as_whole(value) is None:
        choice.refuse("value", "NUMBER_TYPE_COERCE", f"Value {str(value)[:50]!r} is not int.")
    elif kind == _NUMBER and (isinstance(value, bool) or not isinstance(value, (int, float))):
        choice.refuse("value", "NUMBER_TYPE_COERCE", f"Value {str(value)[:50]!r} is not float.")


def _counted(part: Json) -> Iterator[str]:
    """Yield the texts that count towards the size of a command."""
    for name in ("name", "description"):
        if isinstance(part.get(name), str):
            yield part[name]
    for kind in ("options", "choices"):
        for item in part.get(kind) or [] if isinstance(part.get(kind), list) else []:
            if isinstance(item, dict):
                yield from _counted(item)
    if isinstance(part.get("value"), str):
        yield part["value"]
