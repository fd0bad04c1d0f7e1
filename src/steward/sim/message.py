"""A message in a channel."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime

from steward.sim.snowflake import made_at
from steward.sim.user import Json, User

_USER_MENTION = re.compile(r"<@!?(\d{15,20})>")
_ROLE_MENTION = re.compile(r"<@&(\d{15,20})>")
JOINED = 7  # the type of the system message that greets a new member


@dataclass(slots=True, eq=False)
class Message:
    """
    A message; `embeds`, `attachments` and `components` are Discord's objects.

    `mentions` are the users it pings or names, after allowed mentions were applied.
    """

    id: int
    channel_id: int
    author: User
    content: str = ""
    kind: int = 0
    embeds: list[Json] = field(default_factory=list)
    attachments: list[Json] = field(default_factory=list)
    components: list[Json] = field(default_factory=list)
    mentions: list[User] = field(default_factory=list)
    mention_roles: list[int] = field(default_factory=list)
    mention_everyone: bool = False
    reference: Json | None = None
    nonce: str | int | None = None
    tts: bool = False
    flags: int = 0
    edited_at: datetime | None = None

    @property
    def sent_at(self) -> datetime:
        """When it was sent, UTC."""
        return made_at(self.id)

    def payload(self) -> Json:
        """Return Discord's message object."""
        found: Json = {
            "id": str(self.id),
            "channel_id": str(self.channel_id),
            "type": self.kind,
            "author": self.author.payload(),
            "content": self.content,
            "timestamp": self.sent_at.isoformat(),
            "edited_timestamp": self.edited_at.isoformat() if self.edited_at else None,
            "tts": self.tts,
            "mention_everyone": self.mention_everyone,
            "mentions": [user.payload() for user in self.mentions],
            "mention_roles": [str(role_id) for role_id in self.mention_roles],
            "attachments": self.attachments,
            "embeds": self.embeds,
            "components": self.components,
            "pinned": False,
            "flags": self.flags,
        }
        if self.nonce is not None:
            found["nonce"] = self.nonce
        if self.reference is not None:
            found["message_reference"] = self.reference
        return found


def users_named_in(content: str) -> list[int]:
    """Return the user ids mentioned in a text, each once, in order."""
    return list(dict.fromkeys(int(found) for found in _USER_MENTION.findall(content)))


def roles_named_in(content: str) -> list[int]:
    """Return the role ids mentioned in a text, each once, in order."""
    return list(dict.fromkeys(int(found) for found in _ROLE_MENTION.findall(content)))
