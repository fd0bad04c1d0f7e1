"""The bot's application and its commands."""

from __future__ import annotations

from typing import Any

from steward.sim.rest.call import Answer, Call, Route
from steward.sim.rest.errors import Refused
from steward.sim.rest.form import Form
from steward.sim.user import Json, User

_OWNER = User(100_000_000_000_000_001, "owner")
_CHAT_INPUT = 1
_MOST_COMMANDS = 130


def application(call: Call) -> Answer:
    bot = call.bot
    return Answer(
        200,
        {
            "id": str(bot.application_id),
            "name": bot.name,
            "icon": None,
            "description": "",
            "summary": "",
            "type": None,
            "bot": bot.user.payload(),
            "bot_public": True,
            "bot_require_code_grant": False,
            "verify_key": f"{bot.application_id:064x}",
            "flags": bot.application_flags,
            "flags_new": str(bot.application_flags),
            "redirect_uris": [],
            "interactions_endpoint_url": None,
            "role_connections_verification_url": None,
            "owner": _OWNER.payload(),
            "approximate_guild_count": len(call.world.guilds_of(bot)),
            "approximate_user_install_count": 0,
            "approximate_user_authorization_count": 0,
            "explicit_content_filter": 0,
            "team": None,
            "eligible_oauth2_scopes": [],
        },
    )


def commands(call: Call) -> Answer:
    _own_application(call)
    return Answer(200, list(call.bot.commands.get(_place(call), {}).values()))


def set_commands(call: Call) -> Answer:
    """Replace all commands; one that keeps its name and type keeps its id."""
    _own_application(call)
    if not isinstance(call.body, list):
        raise Refused(400, {"message": "Invalid Form Body", "code": 50035, "errors": {}})
    place = _place(call)
    form = Form({str(number): found for number, found in enumerate(call.body)})
    for number, found in enumerate(call.body):
        _check_command(form, str(number), found)
    if len(call.body) > _MOST_COMMANDS:
        raise Refused(400, {"message": "Maximum number of application commands reached (100)", "code": 30032})
    form.check()
    known = {(old["name"], old["type"]): old["id"] for old in call.bot.commands.get(place, {}).values()}
    made: dict[int, Json] = {}
    for found in call.body:
        kind = found.get("type") or _CHAT_INPUT
        command_id = int(known.get((found["name"], kind), call.world.snowflakes.next()))
        made[command_id] = _command(call, command_id, kind, found, place)
    call.bot.commands[place] = made
    return Answer(200, list(made.values()))


def _own_application(call: Call) -> None:
    if call.id("application_id") != call.bot.application_id:
        raise Refused.by_code(20012)


def _place(call: Call) -> int | None:
    return call.guild().id if "guild_id" in call.path else None


def _check_command(form: Form, place: str, found: Any) -> None:
    if not isinstance(found, dict):
        form.refuse(place, "DICT_TYPE_CONVERT", "Only dictionaries may be used in a DictType")
        return
    longest = {"name": 32, "description": 100}
    kind = found.get("type") or _CHAT_INPUT
    for field, most in longest.items():
        if field == "description" and kind != _CHAT_INPUT:
            continue
        value = found.get(field)
        if not isinstance(value, str) or not value:
            form.refuse(f"{place}.{field}", "BASE_TYPE_REQUIRED", "This field is required")
        elif len(value) > most:
            form.refuse_length(f"{place}.{field}", 1, most)


def _command(call: Call, command_id: int, kind: int, found: Json, place: int | None) -> Json:
    made: Json = {
        "id": str(command_id),
        "application_id": str(call.bot.application_id),
        "version": str(call.world.snowflakes.next()),
        "default_member_permissions": found.get("default_member_permissions"),
        "type": kind,
        "name": found["name"],
        "name_localizations": found.get("name_localizations"),
        "description": found.get("description") or "",
        "description_localizations": found.get("description_localizations"),
        "dm_permission": found.get("dm_permission", True) is not False,
        "nsfw": bool(found.get("nsfw")),
        "contexts": found.get("contexts"),
        "integration_types": found.get("integration_types") or [0],
    }
    if found.get("options"):
        made["options"] = found["options"]
    if place is not None:
        made["guild_id"] = str(place)
    return made


_GLOBAL, _GUILD = "/applications/{application_id}/commands", "/applications/{application_id}/guilds/{guild_id}/commands"
ROUTES = (
    Route("GET", "/oauth2/applications/@me", application),
    Route("GET", "/applications/@me", application),
    Route("GET", _GLOBAL, commands),
    Route("PUT", _GLOBAL, set_commands),
    Route("GET", _GUILD, commands),
    Route("PUT", _GUILD, set_commands),
)
