"""Events that no database takes, and some that nobody can read."""

from __future__ import annotations

import asyncio
from typing import Any

from tests.chaos.attacks.attack import Attack, Scene

HUGE, NEGATIVE = 2**63 + 5, -1
ABSURD: tuple[Any, ...] = (None, {}, [], "", HUGE, NEGATIVE, "\x00", "9999-12-31T23:59:59+00:00", "x" * 5000, 1.5, True)
KEYS = {
    "GUILD_MEMBER_ADD": ("user", "joined_at", "guild_id", "roles", "nick"),
    "GUILD_MEMBER_REMOVE": ("user", "guild_id"),
    "GUILD_BAN_ADD": ("user", "guild_id"),
    "MESSAGE_CREATE": ("id", "channel_id", "guild_id", "author", "timestamp", "type"),
    "VOICE_STATE_UPDATE": ("user_id", "channel_id", "guild_id", "member"),
    "INTERACTION_CREATE": ("id", "token", "data", "type", "member", "channel_id"),
}
STRANGER = 99_000_000_000_000_000  # no id that the simulator gives


class Poison(Attack):
    """Events with parts that are missing, null, of the wrong kind, huge, negative, or of no known time."""

    name = "poison"

    def draw(self) -> None:
        self.events = []
        for number in range(self.random.randint(20, 60)):
            name = self.random.choice(list(KEYS))
            self.events.append((name, self.random.choice(KEYS[name]), self.random.choice(ABSURD), STRANGER + number))

    def __str__(self) -> str:
        return f"{len(self.events)} events with absurd parts, ids beyond 2^63 among them"

    async def strike(self, scene: Scene) -> None:
        faults, guild, channel = scene.sim.faults, scene.community.guild, scene.community.hall
        for name, key, value, stranger in self.events:
            scene.ledger.strangers |= {stranger, HUGE, NEGATIVE}
            faults.dispatch_raw(name, whole(name, guild.id, channel.id, stranger) | {key: value})
            await asyncio.sleep(0.05)
        for user_id in (HUGE, 2**64, "\x00"):
            person = {"id": str(user_id), "username": "nul\x00", "global_name": None, "bot": False}
            data = whole("GUILD_MEMBER_ADD", guild.id, channel.id, STRANGER) | {"user": person}
            faults.dispatch_raw("GUILD_MEMBER_ADD", data)


def whole(name: str, guild_id: int, channel_id: int, user_id: int) -> dict[str, Any]:
    """Return an event as Discord would send it of a stranger."""
    user = {"id": str(user_id), "username": "stranger", "discriminator": "0", "avatar": None, "bot": False}
    member = {"user": user, "roles": [], "joined_at": "2026-01-01T00:00:00+00:00", "deaf": False, "mute": False}
    member |= {"flags": 0, "nick": None}
    place = {"guild_id": str(guild_id)}
    match name:
        case "GUILD_MEMBER_ADD":
            return member | place
        case "GUILD_MEMBER_REMOVE" | "GUILD_BAN_ADD":
            return {"user": user} | place
        case "VOICE_STATE_UPDATE":
            return place | {"user_id": str(user_id), "channel_id": None, "member": member, "session_id": "x"}
        case "MESSAGE_CREATE":
            author = user | {"bot": True}  # so that it is counted as nobody's
            message = {"id": str(user_id), "channel_id": str(channel_id), "type": 0, "author": author, "content": ""}
            return place | message | {"timestamp": "2026-01-01T00:00:00+00:00", "embeds": [], "attachments": []}
        case _:
            data = {"custom_id": "events:answer.1:1:yes", "component_type": 2}
            asked = {"id": str(user_id), "application_id": "1", "type": 3, "token": "x", "version": 1, "data": data}
            return place | asked | {"channel_id": str(channel_id), "member": member}


ATTACKS = (Poison,)
