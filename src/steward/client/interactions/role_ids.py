"""The roles of whoever uses a command or component."""

from __future__ import annotations

import discord


def role_ids(interaction: discord.Interaction) -> frozenset[int]:
    """
    Return the ids of the member's roles, as they came with the interaction.

    `Member.roles` would look them up in discord.py's cache of roles, which is kept empty here.
    """
    user = interaction.user
    return frozenset(user._roles) if isinstance(user, discord.Member) else frozenset()  # noqa: SLF001 - see above
