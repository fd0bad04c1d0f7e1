"""A webhook of a channel."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from steward.sim.people.user import Json, User

if TYPE_CHECKING:
    from steward.sim.channels.channel import Channel
    from steward.sim.people.bot import BotAccount

MOST = 15  # per channel


@dataclass(slots=True, eq=False)
class Webhook:
    """An incoming webhook, or, with a `source`, a channel follower webhook, which shows no token."""

    id: int
    token: str | None
    name: str
    channel: Channel = field(repr=False)
    maker: BotAccount = field(repr=False)
    source: Channel | None = field(default=None, repr=False)

    def author(self, name: str | None = None) -> User:
        """Return the author shown on its messages; a message may override the name."""
        return User(self.id, name or self.name, bot=True, discriminator="0000")

    def payload(self, *, with_user: bool = True) -> Json:
        """Return Discord's webhook object; routes authorized by the token omit `user`."""
        payload: Json = {
            "id": str(self.id),
            "type": 1 if self.source is None else 2,
            "name": self.name,
            "avatar": None,
            "channel_id": str(self.channel.id),
            "guild_id": str(self.channel.own_guild.id),
            "application_id": str(self.maker.application_id) if self.source is None else None,
        }
        if self.source is None:
            payload |= {"token": self.token, "url": f"https://discord.com/api/webhooks/{self.id}/{self.token}"}
        else:
            origin = self.source.own_guild
            payload["source_guild"] = {"id": str(origin.id), "name": origin.name, "icon": origin.settings.get("icon")}
            payload["source_channel"] = {"id": str(self.source.id), "name": self.source.name}
        return payload | ({"user": self.maker.user.payload()} if with_user else {})
