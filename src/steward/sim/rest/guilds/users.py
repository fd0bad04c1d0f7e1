"""Routes of the bot's user, its guilds, its direct messages, and other users."""

from __future__ import annotations

from steward.sim.events import Event
from steward.sim.guilds import payload as guild_payload
from steward.sim.rest.call import Body, Call, Route
from steward.sim.rest.errors import or_refuse, refuse_if
from steward.sim.rest.fields import Field, text
from steward.sim.rest.form import as_whole
from steward.sim.rest.messages.pictures import picture

_MAX_GUILDS = 200


_ACCOUNT = {"username": Field(text(2, 32)), "avatar": Field(picture), "banner": Field(picture)}


def me(call: Call) -> Body:
    private = {"mfa_enabled": True, "locale": "en-US", "email": None, "verified": True, "premium_type": 0}
    return call.bot.user.payload() | private


def edit_me(call: Call) -> Body:
    """Change the bot's name and pictures, and emit the event in each of its guilds."""
    values = call.values(_ACCOUNT, new=False)
    user = call.bot.user
    user.name = (values.get("username") or user.name).strip()
    user.avatar, user.banner = values.get("avatar", user.avatar), values.get("banner", user.banner)
    call.world.emit(Event("USER_UPDATE", user.payload(), only=call.bot))
    for guild in call.world.guilds_of(call.bot):
        call.member(guild).changed()
    return me(call)


def my_guilds(call: Call) -> Body:
    page = call.page(call.world.guilds_of(call.bot), _MAX_GUILDS, lambda guild: guild.id)
    with_counts = call.flag("with_counts")
    return [guild_payload.listed(guild, call.bot, with_counts=with_counts) for guild in page]


def user(call: Call) -> Body:
    found = or_refuse(call.world.user(call.id("user_id")), 10013)
    return found.payload()


def open_direct_channel(call: Call) -> Body:
    form = call.form()
    form.required("recipient_id")
    form.check()
    recipient = or_refuse(call.world.user(as_whole(form.body["recipient_id"]) or 0), 10013)
    refuse_if(recipient.bot, 50007)
    return call.world.direct_channel(call.bot, recipient).payload()


ROUTES = (
    Route("GET", "/users/@me", me),
    Route("PATCH", "/users/@me", edit_me),
    Route("GET", "/users/@me/guilds", my_guilds),
    Route("DELETE", "/users/@me/guilds/{guild_id}", lambda call: call.guild().remove_bot(call.bot)),
    Route("POST", "/users/@me/channels", open_direct_channel),
    Route("GET", "/users/{user_id}", user),
)
