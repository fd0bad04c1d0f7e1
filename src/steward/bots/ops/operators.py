"""Who runs the bot: nobody else is to see how the machine is doing, or to have its memory cleaned up."""

from __future__ import annotations

import discord


class Operators:
    """
    Knows who may use the operator's commands.

    The application's owner or team may, anywhere. Administrators may in the bot's home server, and in its only one: of
    a bot in many servers, administrators of one are guests.

    Args:
        home: the operator's own server; None where it is not named.

    """

    def __init__(self, client: discord.Client, home: int | None) -> None:
        self._client = client
        self._home = home

    def include(self, interaction: discord.Interaction) -> bool:
        """Tell whether whoever gives this command runs the bot."""
        if interaction.user.id in self._owners():
            return True
        if not interaction.permissions.administrator:
            return False
        return interaction.guild_id == self._home if self._home is not None else len(self._client.guilds) == 1

    def _owners(self) -> set[int]:
        application = self._client.application
        if application is None:
            return set()
        team = application.team
        return {application.owner.id} if team is None else {member.id for member in team.members}
