"""
Permissions for emoji, stickers and sounds.

Source: discord-api-docs, developers/topics/permissions.mdx: CREATE_GUILD_EXPRESSIONS to create and for the own ones,
MANAGE_GUILD_EXPRESSIONS for those of others.
"""

from __future__ import annotations

from steward.sim.guilds.payload import without_creator
from steward.sim.guilds.permissions import BITS
from steward.sim.people.user import Json
from steward.sim.rest.call import Call
from steward.sim.rest.errors import refuse_if
from steward.sim.rest.resource import Operation

_MANAGE, _CREATE = BITS["manage_guild_expressions"], BITS["create_guild_expressions"]


def require_expressions(call: Call, operation: Operation, found: Json | None) -> None:
    """Require the permission for an operation (50013); reading needs none."""
    if operation in ("list", "read"):
        return
    own = found is None or found.get("user", {}).get("id") == str(call.bot.id)
    wanted = _CREATE if operation == "create" else _MANAGE | (_CREATE if own else 0)
    refuse_if(not call.guild().roles.permissions_of(call.bot.id) & wanted, 50013)


def shown(call: Call, found: Json) -> Json:
    """Return an emoji, sticker or sound, with its creator only if the bot may manage expressions."""
    may_see = call.guild().roles.permissions_of(call.bot.id) & (_MANAGE | _CREATE)
    return found if may_see else without_creator(found)
