"""Who runs the bot: what concerns the whole installation is for them alone, not for those who manage one server."""

from __future__ import annotations

import discord

from steward.errors import NeedsOperator
from steward.guilds.suspicions import Suspicion, SuspicionLog


class Operators:
    """
    Knows who may use the operator's commands.

    The application's owner or team may, anywhere. Administrators may in the bot's home server, and in its only one: of
    a bot in many servers, administrators of one are guests.

    Args:
        home: the operator's own server; None where it is not named.
        suspicions: told of whoever tries without being allowed to.

    """

    def __init__(self, client: discord.Client, home: int | None, suspicions: SuspicionLog) -> None:
        self._client = client
        self._home = home
        self._suspicions = suspicions

    def include(self, interaction: discord.Interaction) -> bool:
        """Tell whether whoever gives this command runs the bot."""
        if interaction.user.id in self._owners():
            return True
        if not interaction.permissions.administrator:
            return False
        return interaction.guild_id == self._home if self._home is not None else len(self._client.guilds) == 1

    def require(self, interaction: discord.Interaction, name: str) -> None:
        """
        Refuse whoever doesn't run the bot.

        Args:
            name: of the command, without the slash.

        Raises:
            NeedsOperator: the member doesn't.

        """
        if self.include(interaction):
            return
        self._suspicions.note(
            Suspicion.NOT_ALLOWED, f"tried `/{name}`", guild_id=interaction.guild_id, user_id=interaction.user.id
        )
        raise NeedsOperator(
            f"`/{name}` is for whoever runs the bot.",
            remedy="That is its owner, and the administrators of its home server (GUILD_ID) or of its only one.",
        )

    def _owners(self) -> set[int]:
        application = self._client.application
        if application is None:
            return set()
        team = application.team
        return {application.owner.id} if team is None else {member.id for member in team.members}
