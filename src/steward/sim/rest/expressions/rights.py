"""
Who may make and change the emoji, stickers and sounds of a guild.

Source: discord-api-docs, developers/topics/permissions.mdx: CREATE_GUILD_EXPRESSIONS is for new ones and one's own,
MANAGE_GUILD_EXPRESSIONS for those of others.
"""

from __future__ import annotations

from steward.sim.guilds.expressions import without_maker
from steward.sim.guilds.permissions import BITS
from steward.sim.people.user import Json
from steward.sim.rest.call import Call
from steward.sim.rest.errors import RestRefused
from steward.sim.rest.resource import Deed

_MANAGE, _CREATE = BITS["manage_guild_expressions"], BITS["create_guild_expressions"]


def need_expressions(call: Call, deed: Deed, found: Json | None) -> None:
    """
    Insist on what a deed takes; anybody may look.

    Raises:
        Refused: the bot may not (50013).

    """
    if deed in ("list", "read"):
        return
    own = found is None or found.get("user", {}).get("id") == str(call.bot.id)
    wanted = _CREATE if deed == "create" else _MANAGE | (_CREATE if own else 0)
    if not call.guild().roles.permissions_of(call.bot.id) & wanted:
        raise RestRefused.by_code(50013)


def shown(call: Call, found: Json) -> Json:
    """Return an emoji, a sticker or a sound as a bot sees it: with who made it only where it may manage them."""
    may_see = call.guild().roles.permissions_of(call.bot.id) & (_MANAGE | _CREATE)
    return found if may_see else without_maker(found)
