"""Routes of custom emoji of guilds and applications. Source: discord-api-docs, developers/resources/emoji.mdx."""

from __future__ import annotations

from steward.sim.guilds.audit_log import EMOJI_CREATE
from steward.sim.guilds.payload import new_emoji
from steward.sim.people.user import Json
from steward.sim.rest.call import Body, Call, Route
from steward.sim.rest.errors import refuse_if
from steward.sim.rest.expressions.rights import require_expressions, shown
from steward.sim.rest.fields import Field, listed, needed, snowflake, text
from steward.sim.rest.form import Form
from steward.sim.rest.messages import pictures
from steward.sim.rest.resource import Operation, Resource, ResourceChange, log_change

_MAX_BY_TIER = (50, 100, 150, 250)
_MAX_OF_APPLICATION = 2000
_MAX_ROLES = 250
_NAME, _IMAGE = {"name": needed(text(2, 32))}, {"image": needed(pictures.emoji)}


def _make(call: Call, values: Json) -> Json:
    own = {"animated": pictures.is_animated(values["image"]), "user": call.bot.user.payload()}
    return new_emoji(call.world.snowflakes.next(), values["name"]) | own | {"roles": values.get("roles", [])}


def _check(call: Call, form: Form, values: Json, old: Json | None) -> None:
    name = values.get("name")
    if name and not name.replace("_", "x").isalnum():
        form.refuse("name", "STRING_TYPE_REGEX", "String value did not match validation regex.")
    guild = call.guild()
    refuse_if(any(int(role_id or 0) not in guild.roles for role_id in values.get("roles", ())), 10011)


def _emit(call: Call, change: ResourceChange) -> None:
    call.guild().emojis_changed()
    log_change(call, call.guild(), EMOJI_CREATE, change)


GUILD_EMOJIS = Resource(
    path="/guilds/{guild_id}/emojis",
    key="emoji_id",
    unknown=10014,
    fields={**_NAME, "roles": Field(listed(snowflake, _MAX_ROLES), default=[])},
    once=_IMAGE,
    store=lambda call: call.guild().emojis,
    require=require_expressions,
    check=_check,
    make=_make,
    emit=_emit,
    shown=shown,
    most=lambda call: (_MAX_BY_TIER[call.guild().boost_tier], 30008),
    made=201,
)


def _need_own(call: Call, operation: Operation, emoji: Json | None) -> None:
    call.require_own_application()


APPLICATION_EMOJIS = Resource(
    path="/applications/{application_id}/emojis",
    key="emoji_id",
    unknown=10014,
    fields=_NAME,
    once=_IMAGE,
    store=lambda call: call.bot.emojis,
    require=_need_own,
    make=_make,
    emit=lambda call, change: None,  # no event
    most=lambda call: (_MAX_OF_APPLICATION, 30008),
    made=201,
)


def of_application(call: Call) -> Body:
    call.require_own_application()
    return {"items": list(call.bot.emojis.values())}


ROUTES = (
    *GUILD_EMOJIS.routes(),
    Route("GET", APPLICATION_EMOJIS.path, of_application),
    *APPLICATION_EMOJIS.routes("read", "create", "update", "delete"),
)
