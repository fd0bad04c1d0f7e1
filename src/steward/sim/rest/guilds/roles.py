"""Routes of roles. Source: discord-api-docs, developers/resources/guild.mdx and topics/permissions.mdx."""

from __future__ import annotations

from steward.sim.guilds import audit_log
from steward.sim.guilds.guild import Guild
from steward.sim.guilds.permissions import ALL
from steward.sim.guilds.role import Role
from steward.sim.rest.call import Body, Call, Route
from steward.sim.rest.errors import or_refuse, refuse_if
from steward.sim.rest.form import Form, as_whole
from steward.sim.rest.guilds.role_hierarchy import require_above_role

_MOST = 250
_LONGEST_NAME = 100
_COLOURS = 0xFFFFFF


def read(call: Call) -> Body:
    _, role = _role(call)
    return role.payload()


def create(call: Call) -> Body:
    guild = call.guild("manage_roles")
    form = call.form()
    role = Role(call.world.snowflakes.next(), "new role", guild.everyone.permissions)
    _read(call, guild, form, role)
    refuse_if(len(guild.roles) >= _MOST, 30005)
    guild.roles.insert(role)
    call.log(guild, audit_log.ROLE_CREATE, role.id, after=role.payload())
    return role.payload()


def edit(call: Call) -> Body:
    guild, role = _role(call)
    _need(call, guild, role)
    before = role.payload()
    _read(call, guild, call.form(), role)
    guild.roles.changed(role)
    call.log(guild, audit_log.ROLE_UPDATE, role.id, before=before, after=role.payload())
    return role.payload()


def move(call: Call) -> Body:
    """Move roles to other positions."""
    guild = call.guild("manage_roles")
    form = call.list_form("roles")
    moves: list[tuple[Role, int]] = []
    for part in form.parts("roles", most=_MOST):
        role = or_refuse(guild.roles.get(as_whole(part.body.get("id")) or 0), 10011)
        position = part.whole("position", 1, _MOST)
        if position is not None:
            moves.append((role, position))
    form.check()
    for role, _ in moves:
        require_above_role(call, guild, role)
    for role, position in moves:
        before = role.payload()
        role.position = position
        guild.roles.changed(role)
        call.log(guild, audit_log.ROLE_UPDATE, role.id, before=before, after=role.payload())
    return [role.payload() for role in guild.roles.values()]


def delete(call: Call) -> None:
    guild, role = _role(call)
    _need(call, guild, role)
    refuse_if(role.bot_id is not None or role is guild.everyone, 50028)
    guild.roles.remove(role)
    call.log(guild, audit_log.ROLE_DELETE, role.id, before=role.payload())


def _role(call: Call) -> tuple[Guild, Role]:
    guild = call.guild()
    role = or_refuse(guild.roles.get(call.id("role_id")), 10011)
    return guild, role


def _need(call: Call, guild: Guild, role: Role) -> None:
    call.require_in_guild(guild, "manage_roles")
    require_above_role(call, guild, role)


def _read(call: Call, guild: Guild, form: Form, role: Role) -> None:
    """Apply a form to a role; a bot can change only permissions that it has."""
    name = form.text("name", shortest=1, longest=_LONGEST_NAME)
    bits = form.whole("permissions", 0, (1 << 63) - 1)
    colour = form.whole("color", 0, _COLOURS)
    colours = form.body.get("colors")
    if isinstance(colours, dict):
        colour = form.part("colors", colours).whole("primary_color", 0, _COLOURS)
    hoist, mentionable = form.flag("hoist", default=role.hoist), form.flag("mentionable", default=role.mentionable)
    form.check()
    refuse_if(bits is not None and (bits & ALL ^ role.permissions) & ~guild.roles.permissions_of(call.bot.id), 50013)
    role.name = name or role.name
    role.permissions = role.permissions if bits is None else bits & ALL
    role.colour = role.colour if colour is None else colour
    role.hoist, role.mentionable = hoist, mentionable


_ALL = "/guilds/{guild_id}/roles"
ROUTES = (
    Route("POST", _ALL, create),
    Route("PATCH", _ALL, move),
    Route("GET", f"{_ALL}/{{role_id}}", read),
    Route("PATCH", f"{_ALL}/{{role_id}}", edit),
    Route("DELETE", f"{_ALL}/{{role_id}}", delete),
)
