"""
Routes of webhooks, for bots and for holders of a webhook's token.

Source: discord-api-docs, developers/resources/webhook.mdx.
"""

from __future__ import annotations

from steward.sim.channels.channel import CATEGORY, Channel
from steward.sim.channels.thread import Thread
from steward.sim.guilds import audit_log
from steward.sim.guilds.webhook import MOST, Webhook
from steward.sim.rest.call import Body, Call, Route
from steward.sim.rest.errors import RestRefused, or_refuse, refuse_if
from steward.sim.rest.form import Form, as_whole

_LONGEST_NAME = 80
_FORBIDDEN = ("discord", "clyde")
_TOKEN_LENGTH = 68


def of_channel(call: Call) -> Body:
    channel = call.channel("manage_webhooks")
    return [webhook.payload() for webhook in call.world.webhooks.values() if webhook.channel is channel]


def of_guild(call: Call) -> Body:
    guild = call.guild("manage_webhooks")
    return [webhook.payload() for webhook in call.world.webhooks.values() if webhook.channel.guild is guild]


def create(call: Call) -> Body:
    channel = call.channel()
    guild = or_refuse(channel.guild, 50003)
    refuse_if(channel.kind == CATEGORY or isinstance(channel, Thread), 50024)
    call.require_in_channel(channel, "manage_webhooks")
    form = call.form()
    form.required("name")
    name = _name(form)
    form.check()
    webhook = add_webhook(call, channel, name or "", token=call.new_code(_TOKEN_LENGTH))
    call.log(guild, audit_log.WEBHOOK_CREATE, webhook.id, after=webhook.payload())
    return webhook.payload()


def add_webhook(
    call: Call, channel: Channel, name: str, *, token: str | None = None, source: Channel | None = None
) -> Webhook:
    """Create a webhook in a channel, which may have a number of them (30007)."""
    refuse_if(sum(webhook.channel is channel for webhook in call.world.webhooks.values()) >= MOST, 30007)
    webhook = Webhook(call.world.snowflakes.next(), token, name, channel, call.bot, source=source)
    call.world.webhooks[webhook.id] = webhook
    _emit_update(channel)
    return webhook


def edit(call: Call) -> Body:
    webhook = _managed(call)
    form = call.form()
    target = call.world.channels.get(as_whole(form.body.get("channel_id")) or 0)
    if form.body.get("channel_id") is not None and (target is None or target.guild is not webhook.channel.guild):
        raise RestRefused.by_code(10003)
    refuse_if(target is not None and target.kind == CATEGORY, 50024)
    before = webhook.payload()
    _rename(webhook, form)
    webhook.channel = target or webhook.channel
    _emit_update(webhook.channel)
    call.log(webhook.channel.own_guild, audit_log.WEBHOOK_UPDATE, webhook.id, before=before, after=webhook.payload())
    return webhook.payload()


def delete(call: Call) -> None:
    webhook = _managed(call)
    call.log(webhook.channel.own_guild, audit_log.WEBHOOK_DELETE, webhook.id, before=webhook.payload())
    _delete(call, webhook)


def edit_by_token(call: Call) -> Body:
    webhook = by_token(call)
    _rename(webhook, call.form())
    _emit_update(webhook.channel)
    return webhook.payload(with_user=False)


def by_token(call: Call) -> Webhook:
    """Return the webhook of the path (10015), authorized by its token (50027)."""
    webhook = or_refuse(call.world.webhooks.get(call.id("webhook_id")), 10015)
    refuse_if(not webhook.token or webhook.token != call.path["webhook_token"], 50027)
    return webhook


def _managed(call: Call) -> Webhook:
    webhook = or_refuse(call.world.webhooks.get(call.id("webhook_id")), 10015)
    refuse_if(call.bot.id not in webhook.channel.own_guild.bots, 10015)
    call.require_in_channel(webhook.channel, "manage_webhooks")
    return webhook


def _delete(call: Call, webhook: Webhook) -> None:
    del call.world.webhooks[webhook.id]
    _emit_update(webhook.channel)


def _rename(webhook: Webhook, form: Form) -> None:
    name = _name(form)
    form.check()
    webhook.name = name or webhook.name


def _name(form: Form) -> str | None:
    name = form.text("name", shortest=1, longest=_LONGEST_NAME)
    if name and any(word in name.lower() for word in _FORBIDDEN):
        form.refuse("name", "USERNAME_INVALID_CONTAINS", 'Username cannot contain "discord" or "clyde"')
    return name


def _emit_update(channel: Channel) -> None:
    channel.emit("WEBHOOKS_UPDATE", channel.ids)


_ONE = "/webhooks/{webhook_id}"
_BY_TOKEN = f"{_ONE}/{{webhook_token}}"
ROUTES = (
    Route("GET", "/channels/{channel_id}/webhooks", of_channel),
    Route("POST", "/channels/{channel_id}/webhooks", create),
    Route("GET", "/guilds/{guild_id}/webhooks", of_guild),
    Route("GET", _ONE, lambda call: _managed(call).payload()),
    Route("PATCH", _ONE, edit),
    Route("DELETE", _ONE, delete),
    Route("GET", _BY_TOKEN, lambda call: by_token(call).payload(with_user=False), by_token=True),
    Route("PATCH", _BY_TOKEN, edit_by_token, by_token=True),
    Route("DELETE", _BY_TOKEN, lambda call: _delete(call, by_token(call)), by_token=True),
)
