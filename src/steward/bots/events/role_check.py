"""Whether a role may be given to those who come: by the bot, and on behalf of whoever asks for it."""

from __future__ import annotations

from typing import Any

from steward.bots.events.details import BadEvent
from steward.client.permissions import Permission, guild_permissions
from steward.client.rest import Rest


async def require_giveable(rest: Rest, guild_id: int, role_id: int, *, by: int, bot_id: int) -> None:
    """
    Let nobody give through the bot a role that they could not give themselves, and the bot none that it cannot.

    Discord's rule (developers/topics/permissions, "Permission Hierarchy"): Manage Roles, and a higher role of one's
    own; the owner of a server is above all.

    Raises:
        BadEvent: it may not be given; the remedy says what is missing.
        Refused, TryLater: Discord does not say.

    """
    guild = await rest.guild(guild_id)
    role = next((role for role in guild["roles"] if int(role["id"]) == role_id), None)
    if role is None:
        raise BadEvent("That role is not there any more.", remedy="Choose another.")
    if role_id == guild_id or role.get("managed"):
        raise BadEvent(f"<@&{role_id}> cannot be given to anybody.", remedy="Choose a role made for the event.")
    for who, user_id in (("You", by), ("The bot", bot_id)):
        member = await rest.member(guild_id, user_id)
        if not guild_permissions(guild, member) & Permission.MANAGE_ROLES:
            lack = "lack" if who == "You" else "lacks"
            raise BadEvent(f"{who} {lack} Manage Roles.", remedy="Without it no role can be given.")
        if str(guild["owner_id"]) != str(user_id) and _highest(guild, member) <= role["position"]:
            own = "your highest role" if who == "You" else "the bot's highest role"
            raise BadEvent(
                f"<@&{role_id}> does not stand below {own}.", remedy="Move the roles in Server Settings > Roles."
            )


def _highest(guild: Any, member: Any) -> int:
    held = {str(role) for role in member["roles"]}
    return max((int(role["position"]) for role in guild["roles"] if str(role["id"]) in held), default=0)
