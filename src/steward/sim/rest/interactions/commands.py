"""
Routes of application commands, global and per guild.

Source: discord-api-docs, developers/interactions/application-commands.mdx.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

from steward.sim.people.user import Json
from steward.sim.rest.call import Body, Call, RestAnswer, Route
from steward.sim.rest.errors import refuse_if
from steward.sim.rest.form import NOT_OBJECT, Form, invalid_field
from steward.sim.rest.interactions import command_rules as rules

_Key = tuple[str, int]


def read(call: Call) -> Body:
    return _known(call)[_command_id(call)]


def create(call: Call) -> RestAnswer:
    """Create a command, or overwrite the one with the same name and type (200)."""
    known = _known(call)
    asked = call.form()
    rules.check(asked)
    asked.check()
    kind = rules.kind_of(asked.body)
    old = _by_name(known).get((asked.body["name"], kind))
    if old is None:
        _require_room([*known.values(), {"type": kind}])
        call.hidden.create_commands(call.bot, _guild_id(call), 1)
    made = _made(call, asked.body, old)
    known[int(made["id"])] = made
    return RestAnswer(201 if old is None else 200, made)


def edit(call: Call) -> Body:
    """Change the given fields of a command."""
    known, command_id = _known(call), _command_id(call)
    old = known[command_id]
    changed = Form({name: old.get(name) for name in rules.EDITABLE} | call.form().body | {"type": old["type"]})
    rules.check(changed)
    changed.check()
    taken = _by_name(known).get((changed.body["name"], old["type"]))
    if taken is not None and taken is not old:
        words = "An application command with that name already exists"
        raise invalid_field("name", "APPLICATION_COMMANDS_DUPLICATE_NAME", words)
    known[command_id] = _made(call, changed.body, old)
    return known[command_id]


def delete(call: Call) -> None:
    del _known(call)[_command_id(call)]


def replace(call: Call) -> Body:
    """Replace all commands; those with the name and type of an old one keep its id and do not count as created."""
    known = _known(call)
    call.list_form("commands")
    _check_all(call.body)
    _require_room(call.body)
    old = _by_name(known)
    fresh = sum((command["name"], rules.kind_of(command)) not in old for command in call.body)
    call.hidden.create_commands(call.bot, _guild_id(call), fresh)
    made = [_made(call, command, old.get((command["name"], rules.kind_of(command)))) for command in call.body]
    known.clear()
    known.update({int(command["id"]): command for command in made})
    return made


def permissions(call: Call) -> Body:
    """List the permission overrides of all commands."""
    _known(call)
    bot, guild_id = call.bot, call.guild().id
    changed = bot.overrides.get(guild_id, {})
    return [bot.overrides_of(guild_id, command_id) for command_id, command in changed.items() if command]


def permissions_of_one(call: Call) -> Body:
    command_id, known = call.id("command_id"), call.bot.commands
    refuse_if(command_id not in {*_known(call), *known.get(None, {}), call.bot.application_id}, 10063)
    refuse_if(not call.bot.overrides.get(call.guild().id, {}).get(command_id), 10066)
    return call.bot.overrides_of(call.guild().id, command_id)


def _known(call: Call) -> dict[int, Json]:
    """Return the global commands, or those of the path's guild, by id."""
    call.require_own_application()
    return call.bot.commands.setdefault(_guild_id(call), {})


def _guild_id(call: Call) -> int | None:
    return call.guild().id if "guild_id" in call.path else None


def _command_id(call: Call) -> int:
    command_id = call.id("command_id")
    refuse_if(command_id not in _known(call), 10063)
    return command_id


def _by_name(known: dict[int, Json]) -> dict[_Key, Json]:
    return {(command["name"], command["type"]): command for command in known.values()}


def _check_all(body: list[Any]) -> None:
    form = Form({})
    names: set[_Key] = set()
    for number, command in enumerate(body):
        if not isinstance(command, dict):
            form.refuse(str(number), *NOT_OBJECT)
            continue
        rules.check(form.part(str(number), command))
        key = str(command.get("name")), rules.kind_of(command)
        if key in names:
            words = "Application command names must be unique"
            form.refuse(f"{number}.name", "APPLICATION_COMMANDS_DUPLICATE_NAME", words)
        names.add(key)
    form.check()


def _require_room(commands: list[Json]) -> None:
    counted = Counter(rules.kind_of(command) for command in commands)
    refuse_if(any(count > rules.MOST[kind] for kind, count in counted.items()), 30032)


def _made(call: Call, command: Json, old: Json | None) -> Json:
    guild_id = _guild_id(call)
    needed = command.get("default_member_permissions")
    made: Json = {
        "id": old["id"] if old else str(call.world.snowflakes.next()),
        "application_id": str(call.bot.application_id),
        "version": str(call.world.snowflakes.next()),
        "default_member_permissions": None if needed is None else str(needed),
        "type": rules.kind_of(command),
        "name": command["name"],
        "name_localizations": command.get("name_localizations"),
        "description": command.get("description") or "",
        "description_localizations": command.get("description_localizations"),
        "dm_permission": command.get("dm_permission", True) is not False,
        "nsfw": bool(command.get("nsfw")),
        "contexts": command.get("contexts"),
        "integration_types": command.get("integration_types") or [0],
    }
    if command.get("options"):
        made["options"] = [rules.stored(option) for option in command["options"]]
    if guild_id is not None:
        made["guild_id"] = str(guild_id)
    return made


_ALL = ("/applications/{application_id}/commands", "/applications/{application_id}/guilds/{guild_id}/commands")
ROUTES = (
    *(Route("GET", path, lambda call: list(_known(call).values())) for path in _ALL),
    *(Route("POST", path, create) for path in _ALL),
    *(Route("PUT", path, replace) for path in _ALL),
    *(Route("GET", f"{path}/{{command_id}}", read) for path in _ALL),
    *(Route("PATCH", f"{path}/{{command_id}}", edit) for path in _ALL),
    *(Route("DELETE", f"{path}/{{command_id}}", delete) for path in _ALL),
    Route("GET", f"{_ALL[1]}/permissions", permissions),
    Route("GET", f"{_ALL[1]}/{{command_id}}/permissions", permissions_of_one),
)
