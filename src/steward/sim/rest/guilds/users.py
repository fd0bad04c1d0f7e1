"""Routes of the bot's user, its guilds, its direct messages, and other users."""

from __future__ import annotations

from steward.sim.events import Event
from steward.sim.guilds import payload as guild_payload
from steward.sim.rest.call import Call, RestAnswer, Route
from steward.sim.rest.errors import RestRefused
from steward.sim.rest.fields import Field, picture, text
from steward.sim.rest.form import as_whole

_MAX_GUILDS = 200


_ACCOUNT = {"username": Field(text(2, 32)), "avatar": Field(picture), "banner": Field(picture)}


def me(call: Call) -> RestAnswer:
    private = {"mfa_enabled": True, "locale": "en-US", "email": None, "verified": True, "premium_type": 0}
    return RestAnswer(200, call.bot.user.payload() | private)


def edit_me(call: Call) -> RestAnswer:
    """Change the bot's name and pictures, and emit the event in each of its guilds."""
    values = call.values(_ACCOUNT, new=False)
    user = call.bot.user
    user.name = (values.get("username") or user.name).strip()
    user.avatar, user.banner = values.get("avatar", user.avatar), values.get("banner", user.banner)
    call.world.emit(Event("USER_UPDATE", user.payload(), only=call.bot))
    for guild in call.world.guilds_of(call.bot):
        if (member := guild.members.get_stored(call.bot.id)) is not None:
            member.changed()
    return me(call)


def my_guilds(call: Call) -> RestAnswer:
    page = call.page(call.world.guilds_of(call.bot), _MAX_GUILDS, lambda guild: guild.id)
    with_counts = call.flag("with_counts")
    return RestAnswer(200, [guild_payload.listed(guild, call.bot, with_counts=with_counts) for guild in page])


def leave(call: Call) -> RestAnswer:
    call.guild().remove_bot(call.bot)
    return RestAnswer(204)


def user(call: Call) -> RestAnswer:
    found = call.world.user(call.id("user_id"))
    if found is None:
        raise RestRefused.by_code(10013)
    return RestAnswer(200, found.payload())


def open_direct_channel(call: Call) -> RestAnswer:
    form = call.form()
    form.required("recipient_id")
    form.check()
    recipient = call.world.user(as_whole(form.body["recipient_id"]) or 0)
    if recipient is None:
        raise RestRefused.by_code(10013)
    if recipient.bot:
        raise RestRefused.by_code(50007)
    return RestAnswer(200, call.world.direct_channel(call.bot, recipient).payload())


ROUTES = (
    Route("GET", "/users/@me", me),
    Route("PATCH", "/users/@me", edit_me),
    Route("GET", "/users/@me/guilds", my_guilds),
    Route("DELETE", "/users/@me/guilds/{guild_id}", leave),
    Route("POST", "/users/@me/channels", open_direct_channel),
    Route("GET", "/users/{user_id}", user),
)
