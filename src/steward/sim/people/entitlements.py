"""Active entitlements. Source: discord-api-docs, developers/resources/entitlement.mdx."""

from __future__ import annotations

from datetime import datetime

from steward.sim.people.bot import BotAccount
from steward.sim.people.user import Json


def ended(entitlement: Json, now: datetime) -> bool:
    """Return whether an entitlement has ended."""
    return entitlement["ends_at"] is not None and datetime.fromisoformat(entitlement["ends_at"]) <= now


def held(bot: BotAccount, user_id: int, guild_id: int | None, now: datetime) -> list[Json]:
    """Return the active entitlements of a user and a guild, as an interaction contains them."""
    return [
        found
        for found in bot.entitlements.values()
        if not (found["deleted"] or found["consumed"] or ended(found, now))
        and (found["user_id"] == str(user_id) if found["guild_id"] is None else found["guild_id"] == str(guild_id))
    ]
