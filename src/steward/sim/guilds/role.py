"""A role of a guild."""

from __future__ import annotations

from dataclasses import dataclass

from steward.sim.guilds.permissions import BITS, bits_of
from steward.sim.people.user import Json


@dataclass(slots=True)
class Role:
    """A role; @everyone has the guild's id."""

    id: int
    name: str
    permissions: int = 0
    position: int = 0
    bot_id: int | None = None
    colour: int = 0
    hoist: bool = False
    mentionable: bool = False

    def may(self, *names: str) -> bool:
        """Return whether the role grants all these permissions, or ADMINISTRATOR."""
        wanted = bits_of(names)
        return bool(self.permissions & BITS["administrator"]) or self.permissions & wanted == wanted

    def payload(self) -> Json:
        """Return Discord's role object."""
        payload: Json = {
            "id": str(self.id),
            "name": self.name,
            "permissions": str(self.permissions),
            "position": self.position,
            "color": self.colour,
            "colors": {"primary_color": self.colour, "secondary_color": None, "tertiary_color": None},
            "hoist": self.hoist,
            "managed": self.bot_id is not None,
            "mentionable": self.mentionable,
            "icon": None,
            "unicode_emoji": None,
            "flags": 0,
        }
        if self.bot_id is not None:
            payload["tags"] = {"bot_id": str(self.bot_id)}
        return payload
