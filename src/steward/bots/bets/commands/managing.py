"""Who manages bets in a guild: whoever manages the server, and who has the role that was chosen in `/setup`."""

from __future__ import annotations

import discord

from steward.bots.bets.errors import BetsError
from steward.bots.bets.section import BetsSection
from steward.client.access.channel_access import ChannelAccess
from steward.client.interactions.rights import role_ids


def manages_bets(interaction: discord.Interaction, section: BetsSection) -> bool:
    return interaction.permissions.manage_guild or section.manager_role_id in role_ids(interaction)


def require_bet_manager(interaction: discord.Interaction, section: BetsSection) -> None:
    """
    Refuse whoever may not manage bets.

    Raises:
        BetsError: the member may not.

    """
    if not manages_bets(interaction, section):
        raise BetsError("That's for those who manage bets here.", remedy="Ask somebody who may manage the server.")


async def mentioned_managers(access: ChannelAccess, guild_id: int, section: BetsSection) -> int | None:
    """
    Return the role of bet managers where the bets channel can ping it; None where there is none, or it can't.

    Raises:
        TryLater: Discord does not answer now.

    """
    role_id, channel_id = section.manager_role_id, section.bets_channel_id
    if role_id is None or channel_id is None or not await access.may_mention(guild_id, channel_id, role_id):
        return None
    return role_id
