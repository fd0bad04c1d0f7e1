"""An invite to a channel of a guild."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from steward.sim.people.user import Json, User

if TYPE_CHECKING:
    from steward.sim.channels.channel import Channel

_GUILD_FIELDS = (
    "id", "name", "splash", "banner", "description", "icon", "features", "verification_level", "vanity_url_code",
    "nsfw_level", "nsfw", "premium_subscription_count",
)  # fmt: skip


@dataclass(slots=True, eq=False)
class Invite:
    """
    An invite; `max_age` in seconds and `max_uses` are 0 for no limit.

    `targets` are the only users who may use it (empty: everybody), set at `targets_at`.
    """

    code: str
    channel: Channel = field(repr=False)
    inviter: User
    made_at: datetime
    expires_at: datetime | None
    max_age: int = 0
    max_uses: int = 0
    uses: int = 0
    temporary: bool = False
    targets: list[int] = field(default_factory=list)
    targets_at: datetime | None = None

    @property
    def expired(self) -> bool:
        """Whether its time is over."""
        return self.expires_at is not None and self.expires_at <= self.channel.world.clock.now()

    def payload(self, *, with_uses: bool = False) -> Json:
        """Return Discord's invite object; `with_uses` for those who may manage it."""
        guild = self.channel.own_guild
        whole = guild.payload()
        payload: Json = {
            "type": 0,
            "code": self.code,
            "inviter": self.inviter.payload(),
            "expires_at": self.expires_at.isoformat() if self.expires_at else None,
            "flags": 0,
            "guild": {name: whole[name] for name in _GUILD_FIELDS},
            "guild_id": str(guild.id),
            "channel": {"id": str(self.channel.id), "type": self.channel.kind, "name": self.channel.name},
        }
        if not with_uses:
            return payload
        return payload | {
            "uses": self.uses,
            "max_uses": self.max_uses,
            "max_age": self.max_age,
            "temporary": self.temporary,
            "created_at": self.made_at.isoformat(),
        }

    def logged(self) -> Json:
        """Return the payload whose changes the audit log lists."""
        names = ("code", "uses", "max_uses", "max_age", "temporary")
        whole = self.payload(with_uses=True)
        ids = {"channel_id": str(self.channel.id), "inviter_id": str(self.inviter.id)}
        return {name: whole[name] for name in names} | ids

    def created(self) -> Json:
        """Return INVITE_CREATE's payload."""
        payload = self.payload(with_uses=True)
        del payload["guild"], payload["channel"]
        return payload | {"channel_id": str(self.channel.id)}
