"""Gateway events as data: `World` emits them, the gateway selects their recipients."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from steward.sim.people.user import Json

if TYPE_CHECKING:
    from steward.sim.channels.channel import Channel
    from steward.sim.guilds.guild import Guild
    from steward.sim.people.bot import BotAccount


@dataclass(slots=True, frozen=True, eq=False)
class Event:
    """
    One gateway event and the conditions for receiving it.

    Args:
        name: Discord's, such as GUILD_MEMBER_ADD.
        data: the payload, `d`.
        guild: where it happened; None for events outside guilds, such as direct messages.
        channel: only bots that may view it receive the event.
        needs: permission bits in the guild, any one of which is required; 0 for none.
        only: the single recipient; None for all bots.
        about: the user it concerns (GUILD_MEMBER_UPDATE of the bot itself needs no intent).
        blanked: for message events, builds the payload for bots without the MESSAGE_CONTENT intent.

    """

    name: str
    data: Json
    guild: Guild | None = None
    channel: Channel | None = None
    needs: int = 0
    only: BotAccount | None = None
    about: int | None = None
    blanked: Callable[[BotAccount], Json] | None = None
