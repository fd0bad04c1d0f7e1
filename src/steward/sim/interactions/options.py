"""
Converts a user's slash command into interaction data.

Input that Discord's client would not send (a missing option, a value out of range) raises.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from steward.sim.interactions.resolved import Resolved
from steward.sim.people.user import Json
from steward.sim.uploads import File

SUBCOMMAND, GROUP, STRING, INTEGER, BOOLEAN, USER, CHANNEL, ROLE, MENTIONABLE, NUMBER, ATTACHMENT = range(1, 12)
_THINGS = (USER, CHANNEL, ROLE, MENTIONABLE)
_TYPES: Mapping[int, tuple[tuple[type, ...], str]] = {
    STRING: ((str,), "a text"),
    INTEGER: ((int,), "a whole number"),
    BOOLEAN: ((bool,), "True or False"),
    NUMBER: ((int, float), "a number"),
}


def chat_input(command: Json, path: list[str], values: Mapping[str, Any], resolved: Resolved) -> Json:
    """
    Return the interaction data of a slash command; `path` is the names of group and subcommand, if any.

    Raises:
        LookupError: a subcommand or option does not exist.
        ValueError: Discord's client would not send these values.

    """
    levels = _levels(command, path)
    declared = levels[-1].get("options") or []
    _check_names(f"/{' '.join([command['name'], *path])}", declared, values)
    given = [_given(option, values[option["name"]], resolved) for option in declared if option["name"] in values]
    return resolved.into(_nested(command, levels, given))


def partial(command: Json, path: list[str], values: Mapping[str, Any], focused: str, resolved: Resolved) -> Json:
    """Return the data of a slash command being typed, for autocompletion; the focused option is not checked."""
    levels = _levels(command, path)
    declared = {option["name"]: option for option in levels[-1].get("options") or []}
    if focused not in declared or not declared[focused].get("autocomplete"):
        able = ", ".join(name for name, option in declared.items() if option.get("autocomplete")) or "none"
        raise LookupError(f"The option {focused!r} has no autocompletion; options with it: {able}.")
    given: list[Json] = []
    for name, value in values.items():
        if name == focused:
            given.append({"name": name, "type": declared[name]["type"], "value": str(value), "focused": True})
        elif name in declared:
            given.append(_given(declared[name], value, resolved))
    return resolved.into(_nested(command, levels, given))


def _levels(command: Json, path: list[str]) -> list[Json]:
    """Return the command and, if any, its group and subcommand; the last one has the options."""
    levels = [command]
    for name in path:
        inner = [option for option in levels[-1].get("options") or [] if option["type"] in (SUBCOMMAND, GROUP)]
        found = next((option for option in inner if option["name"] == name), None)
        if found is None:
            known = ", ".join(option["name"] for option in inner) or "none"
            raise LookupError(f"/{command['name']} has no subcommand {name!r}; it has: {known}.")
        levels.append(found)
    if any(option["type"] in (SUBCOMMAND, GROUP) for option in levels[-1].get("options") or []):
        known = ", ".join(option["name"] for option in levels[-1]["options"])
        raise LookupError(f"/{' '.join([command['name'], *path])} needs a subcommand: {known}.")
    return levels


def _check_names(command: str, declared: list[Json], values: Mapping[str, Any]) -> None:
    names = [option["name"] for option in declared]
    if unknown := [name for name in values if name not in names]:
        raise LookupError(f"{command} has no option {', '.join(unknown)}; it has: {', '.join(names) or 'none'}.")
    missing = [option["name"] for option in declared if option.get("required") and option["name"] not in values]
    if missing:
        raise ValueError(f"{command} requires {', '.join(missing)}: Discord does not send it without.")


def _given(option: Json, value: Any, resolved: Resolved) -> Json:
    kind, name = option["type"], option["name"]
    if kind == ATTACHMENT and not isinstance(value, File):
        raise ValueError(f"{name} takes a File, not {value!r}.")
    if kind in (*_THINGS, ATTACHMENT):
        return {"name": name, "type": kind, "value": resolved.add(value)}
    types, words = _TYPES[kind]
    if not isinstance(value, types) or (isinstance(value, bool) and kind != BOOLEAN):
        raise ValueError(f"{name} takes {words}, not {value!r}.")
    choices = option.get("choices") or []
    if choices:
        found = next((choice for choice in choices if value in (choice["name"], choice["value"])), None)
        if found is None:
            names = ", ".join(str(choice["name"]) for choice in choices)
            raise ValueError(f"{name} must be one of {names}, not {value!r}.")
        value = found["value"]
    _check_size(option, value)
    return {"name": name, "type": kind, "value": value}


def _check_size(option: Json, value: Any) -> None:
    size, low, high = value, option.get("min_value"), option.get("max_value")
    if option["type"] == STRING:
        size, low, high = len(value), option.get("min_length"), option.get("max_length")
    if (low is not None and size < low) or (high is not None and size > high):
        raise ValueError(f"{option['name']}: {value!r} is out of the range from {low} to {high}.")


def _nested(command: Json, levels: list[Json], given: list[Json]) -> Json:
    for level in reversed(levels[1:]):
        given = [{"name": level["name"], "type": level["type"], "options": given}]
    data: Json = {"id": command["id"], "name": command["name"], "type": command["type"], "options": given}
    return data | ({"guild_id": command["guild_id"]} if "guild_id" in command else {})
