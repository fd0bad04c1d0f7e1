"""A Discord account."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Self

Json = dict[str, Any]
_LONGEST = 32
_USER_NAME = re.compile(r"[a-z0-9._]{2,32}")


@dataclass(slots=True, eq=False)
class User:
    """
    An account, human or bot.

    Attributes:
        takes_messages: whether bots may send it direct messages.
        locale: the client's language (docs: Reference > "Locales").
        discriminator: four digits for bots, "0" for people, "0000" for webhooks.
        blocked: ids of blocked bots.

    """

    id: int
    name: str
    global_name: str | None = None
    bot: bool = False
    takes_messages: bool = True
    locale: str = "en-US"
    discriminator: str = "0"
    blocked: frozenset[int] = frozenset()
    avatar: str | None = None
    banner: str | None = None

    @classmethod
    def named(cls, user_id: int, name: str) -> Self:
        """
        Return a human account with this name.

        If it is not a valid user name (a-z, 0-9, `.` and `_`), it becomes the display name.
        """
        if _USER_NAME.fullmatch(name):
            return cls(user_id, name)
        plain = re.sub(r"[^a-z0-9._]", "", name.lower())[:_LONGEST]
        return cls(user_id, plain if len(plain) > 1 else f"user{user_id % 1_000_000}", name[:_LONGEST])

    @property
    def shown_name(self) -> str:
        """The display name, else the user name."""
        return self.global_name or self.name

    def payload(self) -> Json:
        """Return Discord's user object."""
        payload: Json = {
            "id": str(self.id),
            "username": self.name,
            "global_name": self.global_name,
            "discriminator": self.discriminator,
            "avatar": self.avatar,
            "public_flags": 0,
            "flags": 0,
            "banner": self.banner,
            "accent_color": None,
            "avatar_decoration_data": None,
            "collectibles": None,
            "primary_guild": None,
        }
        if self.bot:
            payload["bot"] = True
        return payload
