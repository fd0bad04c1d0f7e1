"""What the bot and members may do in a channel, asked before anything is set up there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import discord
from discord import app_commands

from steward.client.access.permissions import VOICE_TYPES, Permission, channel_permissions, guild_permissions
from steward.client.payloads import Payload
from steward.client.rest.errors import Gone, Refused
from steward.client.rest.rest import Rest
from steward.errors import NeedsOperator, StewardError


@dataclass(frozen=True, slots=True)
class Standing:
    """
    What the bot may do in a guild, as Discord described it just now.

    Attributes:
        guild: `GET /guilds/{id}`.
        member: `GET /guilds/{id}/members/{bot}`.

    """

    guild: Payload
    member: Payload

    @property
    def in_guild(self) -> Permission:
        """What it may do, before channels add or take away."""
        return guild_permissions(self.guild, self.member)

    def in_channel(self, channel: Payload) -> Permission:
        return channel_permissions(self.guild, self.member, channel)

    def role(self, role_id: int) -> Payload | None:
        """Return a role of the guild, or None where there is none any more."""
        return next((role for role in self.guild["roles"] if int(role["id"]) == role_id), None)

    def may_mention(self, role_id: int, channel: Payload) -> bool:
        """Return whether a mention of a role in a channel pings its members; False for one that is gone."""
        role = self.role(role_id)
        if role is None:
            return False
        return bool(role.get("mentionable")) or Permission.MENTION_EVERYONE in self.in_channel(channel)


class ChannelAccess:
    """
    Tests permissions.

    Args:
        bot_id: the bot's user, once it is logged in.

    """

    def __init__(self, rest: Rest, bot_id: Callable[[], int]) -> None:
        self._rest = rest
        self._bot_id = bot_id

    @property
    def bot_id(self) -> int:
        return self._bot_id()

    async def standing(self, guild_id: int) -> Standing:
        """
        Ask what the bot may do in a guild, for several tests at once.

        Raises:
            Refused, Gone: as Discord answers.
            TryLater: Discord does not answer now.

        """
        return Standing(await self._rest.guild(guild_id), await self._rest.member(guild_id, self.bot_id))

    async def seen(self, guild_id: int, channel_id: int) -> Payload | None:
        """
        Return a channel of a guild, or None where it is gone, hidden from the bot, or in another guild.

        Raises:
            TryLater: Discord does not answer now.

        """
        try:
            channel = await self._rest.channel(channel_id)
        except (Gone, Refused):
            return None
        return channel if int(channel.get("guild_id") or 0) == guild_id else None

    async def require(
        self, guild_id: int, channel_id: int, needed: Permission, standing: Standing | None = None
    ) -> Payload:
        """
        Return a channel of the guild in which the bot may do what is needed; CONNECT is needed in voice channels only.

        Args:
            standing: as asked just now; None: it is asked.

        Raises:
            NeedsOperator: it is no channel of the guild, or the bot lacks a permission; the remedy names it.
            TryLater: Discord does not answer now.

        """
        try:
            channel = await self._rest.channel(channel_id)
        except (Gone, Refused) as error:
            raise NeedsOperator(
                f"I can't see <#{channel_id}>.",
                remedy="Give me View Channel there: channel settings > Permissions > add the bot.",
            ) from error
        if int(channel.get("guild_id") or 0) != guild_id:
            raise NeedsOperator("That channel isn't in this server.", remedy="Choose one of this server's channels.")
        standing = standing or await self.standing(guild_id)
        if channel["type"] not in VOICE_TYPES:
            needed &= ~Permission.CONNECT
        missing = needed & ~channel_permissions(standing.guild, standing.member, channel)
        if missing:
            raise NeedsOperator(
                f"I'm missing {_named(missing)} in <#{channel_id}>.",
                remedy="Allow it in the channel's settings > Permissions, for me or my role.",
            )
        return channel

    async def may_write(self, guild_id: int, channel_id: int, user_id: int) -> bool:
        """
        Return whether a member sees a channel of the guild and may write in it.

        Raises:
            TryLater: Discord does not answer now.

        """
        try:
            channel = await self._rest.channel(channel_id)
            guild, member = await self._rest.guild(guild_id), await self._rest.member(guild_id, user_id)
        except (Gone, Refused):
            return False
        needed = Permission.VIEW_CHANNEL | Permission.SEND_MESSAGES
        is_here = int(channel.get("guild_id") or 0) == guild_id
        return is_here and not needed & ~channel_permissions(guild, member, channel)

    async def may_mention(self, guild_id: int, channel_id: int, role_id: int) -> bool:
        """
        Return whether the bot can ping a role in a channel; never everybody.

        Raises:
            TryLater: Discord does not answer now.

        """
        if role_id == guild_id:  # the role of everybody
            return False
        channel = await self.seen(guild_id, channel_id)
        try:
            return channel is not None and (await self.standing(guild_id)).may_mention(role_id, channel)
        except (Gone, Refused):
            return False

    async def require_in_guild(self, guild_id: int, needed: Permission, standing: Standing | None = None) -> None:
        """
        Make sure that the bot has permissions in the guild, whatever single channels say.

        Args:
            standing: as asked just now; None: it is asked.

        Raises:
            NeedsOperator: it lacks one; the remedy names it.
            TryLater: Discord does not answer now.

        """
        standing = standing or await self.standing(guild_id)
        missing = needed & ~guild_permissions(standing.guild, standing.member)
        if missing:
            raise NeedsOperator(
                f"I'm missing {_named(missing)} in this server.",
                remedy="Allow it in Server Settings > Roles, for my role.",
            )


def require_writer(channel_id: int, permissions: discord.Permissions) -> None:
    """
    Let nobody post through the bot where they may not write themselves.

    Args:
        permissions: what the member may do there, as Discord's interaction says.

    Raises:
        StewardError: the member may not.

    """
    if not (permissions.view_channel and permissions.send_messages):
        raise no_writer(channel_id)


def writable(interaction: discord.Interaction, channel: app_commands.AppCommandChannel | None = None) -> int:
    """
    Return the id of a channel that was chosen, or of the one in which the command was used.

    Raises:
        StewardError: the member may not write there.

    """
    channel_id = (interaction.channel_id or 0) if channel is None else channel.id
    require_writer(channel_id, (channel or interaction).permissions)
    return channel_id


def no_writer(channel_id: int) -> StewardError:
    """Say that a member may not write in a channel."""
    return StewardError(f"You can't write in <#{channel_id}>.", remedy="Choose a channel where you can.")


def _named(missing: Permission) -> str:
    return f"the permission{'s' if len(missing) > 1 else ''} {missing.said}"
