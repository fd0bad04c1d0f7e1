"""A Discord account, as far as a guild sees it."""

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
        takes_messages: whether bots may write to it directly.
        locale: the language that its Discord is in (docs: Reference > "Locales").
        discriminator: the four digits after a bot's name; people have none, and webhooks "0000".
        blocked: the ids of bots that may not write to it, nor it to them.

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
        Return a human account whom others see under that name.

        Where Discord would not take it as a user name (they are of a-z, 0-9, `.` and `_`), it is the display name.
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
        found: Json = {
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
            found["bot"] = True
        return found
