"""One of each of the plainer things that paths name by id, for tests that call every route."""

from __future__ import annotations

from steward.sim import Simulator
from steward.sim.guilds.guild import Guild


def one_of_the_rest(sim: Simulator, guild: Guild) -> dict[str, int | str]:
    """Make them in a guild and return what the parameters of paths call them."""
    new, bot, user = sim.world.snowflakes.next, sim.bot, sim.bot.user.payload()
    emoji, sound, rule, sku, entitlement, subscription = (new() for _ in range(6))
    picture = {"roles": [], "require_colons": True, "managed": False, "animated": False, "available": True}
    face = {"id": str(emoji), "name": "fish", "user": user} | picture
    guild.emojis[emoji], bot.emojis[emoji] = dict(face), dict(face)
    guild.sounds[sound] = {
        "sound_id": str(sound), "name": "quack", "volume": 1.0, "emoji_id": None, "emoji_name": None, "available": True,
        "guild_id": str(guild.id), "user": user,
    }  # fmt: skip
    words = {"keyword_filter": ["spam"], "regex_patterns": [], "allow_list": []}
    guild.auto_moderation[rule] = {
        "id": str(rule), "guild_id": str(guild.id), "creator_id": str(bot.id), "name": "x", "event_type": 1,
        "trigger_type": 1, "trigger_metadata": words, "actions": [{"type": 1, "metadata": {}}], "enabled": True,
        "exempt_roles": [], "exempt_channels": [],
    }  # fmt: skip
    bot.add_sku(sku, "Gold", 3)
    bot.entitlements[entitlement] = {
        "id": str(entitlement), "sku_id": str(sku), "application_id": str(bot.application_id), "type": 8,
        "user_id": str(guild.owner_id), "guild_id": None, "deleted": False, "consumed": False, "starts_at": None,
        "ends_at": None,
    }  # fmt: skip
    now = sim.world.clock.now().isoformat()
    bot.subscriptions[subscription] = {
        "id": str(subscription), "user_id": str(guild.owner_id), "sku_ids": [str(sku)], "renewal_sku_ids": None,
        "entitlement_ids": [str(entitlement)], "current_period_start": now, "current_period_end": now, "status": 0,
        "canceled_at": None,
    }  # fmt: skip
    return {
        "emoji_id": emoji, "sound_id": sound, "rule_id": rule, "sku_id": sku, "entitlement_id": entitlement,
        "subscription_id": subscription, "integration_id": guild.roles.of_bot(bot).id,
    }  # fmt: skip
