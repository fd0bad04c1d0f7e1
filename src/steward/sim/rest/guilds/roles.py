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


def role(call: Call) -> Body:
    _, found = _role(call)
    return found.payload()


def create(call: Call) -> Body:
    guild = call.guild("manage_roles")
    form = call.form()
    made = Role(call.world.snowflakes.next(), "new role", guild.everyone.permissions)
    _read(call, guild, form, made)
    refuse_if(len(guild.roles) >= _MOST, 30005)
    guild.roles.insert(made)
    call.log(guild, audit_log.ROLE_CREATE, made.id, after=made.payload())
    return made.payload()


def edit(call: Call) -> Body:
    guild, found = _role(call)
    _need(call, guild, found)
    before = found.payload()
    _read(call, guild, call.form(), found)
    guild.roles.changed(found)
    call.log(guild, audit_log.ROLE_UPDATE, found.id, before=before, after=found.payload())
    return found.payload()


def move(call: Call) -> Body:
    """Move roles to other positions."""
    guild = call.guild("manage_roles")
    form = call.list_form("roles")
    wanted: list[tuple[Role, int]] = []
    for number, item in enumerate(form.objects("roles", most=_MOST)):
        found = or_refuse(guild.roles.get(as_whole(item.get("id")) or 0), 10011)
        position = form.part(f"roles.{number}", item).whole("position", 1, _MOST)
        if position is not None:
            wanted.append((found, position))
    form.check()
    for found, _ in wanted:
        require_above_role(call, guild, found)
    for found, position in wanted:
        before = found.payload()
        found.position = position
        guild.roles.changed(found)
        call.log(guild, audit_log.ROLE_UPDATE, found.id, before=before, after=found.payload())
    return [found.payload() for found in guild.roles.values()]


def delete(call: Call) -> None:
    guild, found = _role(call)
    _need(call, guild, found)
    refuse_if(found.bot_id is not None or found is guild.everyone, 50028)
    guild.roles.remove(found)
    call.log(guild, audit_log.ROLE_DELETE, found.id, before=found.payload())


def _role(call: Call) -> tuple[Guild, Role]:
    guild = call.guild()
    found = or_refuse(guild.roles.get(call.id("role_id")), 10011)
    return guild, found


def _need(call: Call, guild: Guild, found: Role) -> None:
    call.require_in_guild(guild, "manage_roles")
    require_above_role(call, guild, found)


def _read(call: Call, guild: Guild, form: Form, found: Role) -> None:
    """Apply a form to a role; a bot can change only permissions that it has."""
    name = form.text("name", shortest=1, longest=_LONGEST_NAME)
    bits = form.whole("permissions", 0, (1 << 63) - 1)
    colour = form.whole("color", 0, _COLOURS)
    colours = form.body.get("colors")
    if isinstance(colours, dict):
        colour = form.part("colors", colours).whole("primary_color", 0, _COLOURS)
    hoist, mentionable = form.flag("hoist", default=found.hoist), form.flag("mentionable", default=found.mentionable)
    form.check()
    refuse_if(bits is not None and (bits & ALL ^ found.permissions) & ~guild.roles.permissions_of(call.bot.id), 50013)
    found.name = name or found.name
    found.permissions = found.permissions if bits is None else bits & ALL
    found.colour = found.colour if colour is None else colour
    found.hoist, found.mentionable = hoist, mentionable


_ALL = "/guilds/{guild_id}/roles"
ROUTES = (
    Route("POST", _ALL, create),
    Route("PATCH", _ALL, move),
    Route("GET", f"{_ALL}/{{role_id}}", role),
    Route("PATCH", f"{_ALL}/{{role_id}}", edit),
    Route("DELETE", f"{_ALL}/{{role_id}}", delete),
)
