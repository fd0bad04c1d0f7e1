"""Whether a role may be given to those who come: by the bot, and on behalf of whoever asks for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from steward.bots.events.model.details import BadEvent
from steward.client.access.permissions import Permission, guild_permissions

if TYPE_CHECKING:
    from steward.client.rest.rest import Rest

IN_SERVER = "Allow it in Server Settings > Roles."


async def require_giveable(rest: Rest, guild_id: int, role_id: int, *, by: int) -> None:
    """
    Let nobody give through the bot a role that they could not give themselves; `Promises` says what the bot cannot.

    Discord's rule (developers/topics/permissions, "Permission Hierarchy"): Manage Roles, and a higher role of one's
    own; the owner of a server is above all.

    Raises:
        BadEvent: they could not give it; the remedy says what is missing.
        Refused, TryLater: Discord does not say.

    """
    guild, member = await rest.guild(guild_id), await rest.member(guild_id, by)
    refusal = may_not_give(guild, member, role_id, who="You", whose="your")
    if refusal is not None:
        raise refusal


def may_not_give(guild: Any, member: Any, role_id: int, *, who: str, whose: str) -> BadEvent | None:
    """
    Return why a member may not give a role; None where nothing stands in the way.

    Args:
        guild: `GET /guilds/{id}`.
        who: the member, in a sentence: `You`, `I`.
        whose: the same: `your`, `my`.

    """
    role = next((role for role in guild["roles"] if int(role["id"]) == role_id), None)
    if role is None:
        return BadEvent("The role for attendees was deleted.", remedy="Choose another one in Who and where.")
    if str(role_id) == str(guild["id"]) or role.get("managed"):
        return BadEvent(f"Nobody can be given <@&{role_id}>.", remedy="Choose a role made for the event.")
    if not guild_permissions(guild, member) & Permission.MANAGE_ROLES:
        return BadEvent(f"To give <@&{role_id}>, {who.replace('You', 'you')} need Manage Roles.", remedy=IN_SERVER)
    if str(guild["owner_id"]) != str(member["user"]["id"]) and _highest(guild, member) <= role["position"]:
        return BadEvent(
            f"<@&{role_id}> is not below {whose} highest role, so {who.replace('You', 'you')} can't give it.",
            remedy="Move the roles in Server Settings > Roles.",
        )
    return None


def _highest(guild: Any, member: Any) -> int:
    held = {str(role) for role in member["roles"]}
    return max((int(role["position"]) for role in guild["roles"] if str(role["id"]) in held), default=0)
