"""A bot account with its application and its token."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from dataclasses import dataclass, field
from datetime import datetime
from random import Random
from string import ascii_letters, digits

from steward.sim.people.bot_guilds import BotGuilds
from steward.sim.people.user import Json, User

# Application flags of enabled privileged intents, in the "limited" variants of bots below Discord's review threshold.
_FLAGS = {"presences": 1 << 13, "members": 1 << 15, "message_content": 1 << 19}
PRIVILEGED_INTENTS = frozenset(_FLAGS)
LIMITED_INTENTS = sum(_FLAGS.values())


@dataclass(eq=False)
class BotAccount:
    """
    A bot as its owner sees it in Discord's developer portal.

    The application has the account's id, as for all bots since 2016; `owner` is None for any user.
    """

    user: User
    token: str
    privileged_intents: frozenset[str] = PRIVILEGED_INTENTS
    owner: User | None = None
    guilds: BotGuilds = field(default_factory=BotGuilds)
    commands: dict[int | None, dict[int, Json]] = field(default_factory=dict)
    overrides: dict[int, dict[int, dict[tuple[int, int], bool]]] = field(default_factory=dict)
    """Permission overrides by guild, command, and type and id of the role or user."""
    application: Json = field(default_factory=dict)  # changed fields of the application object
    emojis: dict[int, Json] = field(default_factory=dict)
    role_connections: list[Json] = field(default_factory=list)
    skus: dict[int, Json] = field(default_factory=dict)
    entitlements: dict[int, Json] = field(default_factory=dict)
    subscriptions: dict[int, Json] = field(default_factory=dict)

    def add_sku(self, sku_id: int, name: str, kind: int = 5) -> Json:
        """Add an SKU; `kind` is Discord's type: 2 durable, 3 consumable, 5 subscription."""
        self.skus[sku_id] = {
            "id": str(sku_id), "type": kind, "application_id": str(self.application_id), "name": name,
            "slug": name.lower().replace(" ", "-"), "flags": 1 << 2,
        }  # fmt: skip
        return self.skus[sku_id]

    @property
    def id(self) -> int:
        """The user id."""
        return self.user.id

    @property
    def name(self) -> str:
        """The user name."""
        return self.user.name

    @property
    def application_id(self) -> int:
        """The id of the application."""
        return self.user.id

    def overrides_of(self, guild_id: int, command_id: int) -> Json:
        """Return Discord's object of a command's permission overrides in a guild; `LookupError` if there are none."""
        found = self.overrides[guild_id][command_id]
        return {
            "id": str(command_id),
            "application_id": str(self.application_id),
            "guild_id": str(guild_id),
            "permissions": [{"id": str(whom), "type": kind, "permission": may} for (kind, whom), may in found.items()],
        }

    def public_application(self) -> Json:
        """Return the public application object."""
        return {
            "id": str(self.application_id),
            "name": self.name,
            "icon": None,
            "description": "",
            "summary": "",
            "type": None,
            "bot": self.user.payload(),
        }

    def active_entitlements(self, user_id: int, guild_id: int | None, now: datetime) -> list[Json]:
        """Return the active entitlements of a user and a guild, as an interaction contains them."""
        return [
            found
            for found in self.entitlements.values()
            if not (found["deleted"] or found["consumed"] or has_ended(found, now))
            and (found["user_id"] == str(user_id) if found["guild_id"] is None else found["guild_id"] == str(guild_id))
        ]

    @property
    def application_flags(self) -> int:
        """Discord's application flags for the enabled privileged intents."""
        return sum(_FLAGS[name] for name in self.privileged_intents)

    @application_flags.setter
    def application_flags(self, flags: int) -> None:
        self.privileged_intents = frozenset(name for name, bit in _FLAGS.items() if flags & bit)


def has_ended(entitlement: Json, now: datetime) -> bool:
    """Return whether an entitlement has ended."""
    return entitlement["ends_at"] is not None and datetime.fromisoformat(entitlement["ends_at"]) <= now


def make_token(bot_id: int, random: Random) -> str:
    """Return a token in Discord's format: the id in base64, 6 characters, 27 characters."""
    head = urlsafe_b64encode(str(bot_id).encode()).decode().rstrip("=")
    letters = ascii_letters + digits
    middle, tail = ("".join(random.choices(letters, k=count)) for count in (6, 27))
    return f"{head}.{middle}.{tail}"
