"""Who manages bets in a guild: whoever manages the server, and who has the role that was chosen in `/setup`."""

from __future__ import annotations

import discord

from steward.bots.bets.errors import BetsError
from steward.bots.bets.section import BetsSection
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
