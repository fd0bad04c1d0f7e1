"""Channels for counters: made so that members see them and cannot enter, and the bot can still rename them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from steward.bots.stats.counters.counters import Counter
from steward.client.access.permissions import VOICE_COUNTER, Permission
from steward.text.cutting import cut_label

if TYPE_CHECKING:
    from steward.client.access.channel_access import ChannelAccess, Standing
    from steward.client.payloads import Payload
    from steward.client.rest.rest import Rest

VOICE = 2
ROLE_OVERWRITE, MEMBER_OVERWRITE = 0, 1
LONGEST_NAME = 100


class CounterChannels:
    """Makes channels for counters, and looks at those that are there."""

    def __init__(self, rest: Rest, access: ChannelAccess) -> None:
        self._rest = rest
        self._access = access

    async def make(
        self, guild_id: int, counter: Counter, name: str, *, reason: str, standing: Standing | None = None
    ) -> Counter:
        """
        Make a voice channel that shows `name`, locked for everyone, and return the counter on it.

        Who may not connect to a voice channel may not manage it either (docs: Permissions > "Implicit Permissions"),
        so the bot is allowed to connect.

        Raises:
            NeedsOperator: the bot may not; the remedy says what to allow.
            TryLater: Discord does not answer now.

        """
        await self._access.require_in_guild(guild_id, VOICE_COUNTER, standing)
        channel: Payload = {
            "name": cut_label(name, LONGEST_NAME),
            "type": VOICE,
            "permission_overwrites": [
                _overwrite(guild_id, ROLE_OVERWRITE, deny=Permission.CONNECT),
                _overwrite(self._access.bot_id, MEMBER_OVERWRITE, allow=VOICE_COUNTER),
            ],
        }
        made = await self._rest.create_channel(guild_id, channel, reason=reason)
        return replace(counter, channel_id=made, made=True)

    async def adopt(self, guild_id: int, channel_id: int) -> str:
        """
        Return the present name of a channel that the bot may rename.

        Raises:
            NeedsOperator: it may not; the remedy says what to allow.
            TryLater: Discord does not answer now.

        """
        channel = await self._access.require(guild_id, channel_id, VOICE_COUNTER)
        return str(channel["name"])

    async def remove(self, channel_id: int, *, reason: str) -> None:
        """
        Delete a counter's channel.

        Raises:
            Refused, Gone, TryLater: as Discord answers.

        """
        await self._rest.delete_channel(channel_id, reason=reason)


def _overwrite(subject: int, kind: int, *, allow: int = 0, deny: int = 0) -> Payload:
    return {"id": str(subject), "type": kind, "allow": int(allow), "deny": int(deny)}
