"""What somebody has bought of a bot. Source: discord-api-docs, developers/resources/entitlement.mdx."""

from __future__ import annotations

from datetime import datetime

from steward.sim.people.bot import BotAccount
from steward.sim.people.user import Json


def ended(entitlement: Json, now: datetime) -> bool:
    """Return whether it is over."""
    return entitlement["ends_at"] is not None and datetime.fromisoformat(entitlement["ends_at"]) <= now


def held(bot: BotAccount, user_id: int, guild_id: int | None, now: datetime) -> list[Json]:
    """Return what a user has now, and the guild where they are: what an interaction tells of."""
    return [
        found
        for found in bot.entitlements.values()
        if not (found["deleted"] or found["consumed"] or ended(found, now))
        and (found["user_id"] == str(user_id) if found["guild_id"] is None else found["guild_id"] == str(guild_id))
    ]
