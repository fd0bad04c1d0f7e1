"""
Routes of SKUs, entitlements and subscriptions.

Source: discord-api-docs, developers/resources/sku.mdx, entitlement.mdx and subscription.mdx.
"""

from __future__ import annotations

from steward.sim.events import Event
from steward.sim.people.bot import has_ended
from steward.sim.people.user import Json
from steward.sim.rest.call import Body, Call, Route
from steward.sim.rest.errors import RestRefused, or_refuse, refuse_if
from steward.sim.rest.fields import choice, needed, snowflake
from steward.sim.rest.form import REQUIRED, invalid_field

_TO_GUILD = 1
_FIELDS = {"sku_id": needed(snowflake), "owner_id": needed(snowflake), "owner_type": needed(choice(_TO_GUILD, 2))}
_TEST_PURCHASE = 8  # APPLICATION_SUBSCRIPTION, the type in Discord's example
_CONSUMABLE = 3  # SKU type
_MOST = 100


def skus(call: Call) -> Body:
    call.require_own_application()
    return list(call.bot.skus.values())


def entitlements(call: Call) -> Body:
    call.require_own_application()
    now = call.world.clock.now()
    user_id, guild_id = call.cursor("user_id"), call.cursor("guild_id")
    sku_ids = {part for text in call.texts("sku_ids") for part in text.split(",") if part}
    without_ended = call.flag("exclude_ended") or call.flag("only_active")
    without_deleted = call.flag("exclude_deleted") or "exclude_deleted" not in call.query or call.flag("only_active")
    found = [
        item
        for item in call.bot.entitlements.values()
        if (user_id is None or item["user_id"] == str(user_id))
        and (guild_id is None or item["guild_id"] == str(guild_id))
        and (not sku_ids or item["sku_id"] in sku_ids)
        and not (without_ended and has_ended(item, now))
        and not (without_deleted and item["deleted"])
    ]
    return _page(call, found)


def create(call: Call) -> Body:
    """Create a test entitlement."""
    call.require_own_application()
    values = call.values(_FIELDS, new=True)
    refuse_if(int(values["sku_id"]) not in call.bot.skus, 10027)
    owner, to_guild = int(values["owner_id"]), values["owner_type"] == _TO_GUILD
    refuse_if(to_guild and owner not in call.world.guilds, 10004)
    refuse_if(not to_guild and call.world.user(owner) is None, 10013)
    made: Json = {
        "id": str(call.world.snowflakes.next()),
        "sku_id": values["sku_id"],
        "application_id": str(call.bot.application_id),
        "user_id": str(call.world.guilds[owner].owner_id if to_guild else owner),
        "guild_id": str(owner) if to_guild else None,
        "type": _TEST_PURCHASE,
        "deleted": False,
        "consumed": False,
        "starts_at": None,
        "ends_at": None,
    }
    call.bot.entitlements[int(made["id"])] = made
    _emit(call, "CREATE", made)
    return made


def delete(call: Call) -> None:
    found = _entitlement(call)
    refuse_if(found["type"] != _TEST_PURCHASE, 40019)
    del call.bot.entitlements[int(found["id"])]
    _emit(call, "DELETE", found | {"deleted": True})


def consume(call: Call) -> None:
    """Mark a one-time purchase as consumed."""
    found = _entitlement(call)
    refuse_if(call.bot.skus[int(found["sku_id"])]["type"] != _CONSUMABLE, 40018)
    found["consumed"] = True
    _emit(call, "UPDATE", dict(found))


def subscriptions(call: Call) -> Body:
    sku_id, user_id = _sku(call), call.cursor("user_id")
    if user_id is None:
        raise invalid_field("user_id", *REQUIRED)
    mine = [found for found in call.bot.subscriptions.values() if found["user_id"] == str(user_id)]
    return _page(call, [found for found in mine if sku_id in found["sku_ids"]])


def subscription(call: Call) -> Body:
    sku_id = _sku(call)
    found = call.bot.subscriptions.get(call.id("subscription_id"))
    if found is None or sku_id not in found["sku_ids"]:
        raise RestRefused.by_status(404, "Not Found")
    return found


def _page(call: Call, found: list[Json]) -> list[Json]:
    return call.page(found, _MOST, lambda item: int(item["id"]))


def _sku(call: Call) -> str:
    refuse_if(call.id("sku_id") not in call.bot.skus, 10027)
    return str(call.id("sku_id"))


def _entitlement(call: Call) -> Json:
    call.require_own_application()
    return or_refuse(call.bot.entitlements.get(call.id("entitlement_id")), 10029)


def _emit(call: Call, what: str, found: Json) -> None:
    call.world.emit(Event(f"ENTITLEMENT_{what}", dict(found), only=call.bot))


_ALL, _SKU = "/applications/{application_id}/entitlements", "/skus/{sku_id}/subscriptions"
_ONE = f"{_ALL}/{{entitlement_id}}"
ROUTES = (
    Route("GET", "/applications/{application_id}/skus", skus),
    Route("GET", _ALL, entitlements),
    Route("POST", _ALL, create),
    Route("GET", _ONE, _entitlement),
    Route("DELETE", _ONE, delete),
    Route("POST", f"{_ONE}/consume", consume),
    Route("GET", _SKU, subscriptions),
    Route("GET", f"{_SKU}/{{subscription_id}}", subscription),
)
