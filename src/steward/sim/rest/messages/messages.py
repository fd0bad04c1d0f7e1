"""Routes of messages. Source: discord-api-docs, developers/resources/message.mdx."""

from __future__ import annotations

from datetime import timedelta

from steward.sim.channels.channel import WITHOUT_MESSAGES, Channel
from steward.sim.channels.message import Message
from steward.sim.channels.thread import Thread
from steward.sim.guilds.permissions import BITS
from steward.sim.people.user import Json, User
from steward.sim.rest.call import Body, Call, Route
from steward.sim.rest.errors import RestRefused, or_refuse, refuse_if
from steward.sim.rest.fields import listed, snowflake
from steward.sim.rest.form import Form, as_whole
from steward.sim.rest.messages import draft
from steward.sim.snowflake import made_at

_LONGEST_NONCE = 25
_FORWARD = 1  # the type of a message reference
_FEWEST_AT_ONCE, _MAX_AT_ONCE = 2, 100
_OLDEST = timedelta(days=14)


def history(call: Call) -> Body:
    channel = text_channel(call)
    limit = call.number("limit", 1, 100, 50)
    messages = list(channel.messages)
    if not _may_read_history(call, channel):
        return []
    around, before, after = call.cursor("around"), call.cursor("before"), call.cursor("after")
    if around is not None:
        older = [message for message in messages if message.id < around][-(limit // 2) :]
        messages = older + [message for message in messages if message.id >= around][: limit - len(older)]
    elif before is not None:
        messages = [message for message in messages if message.id < before][-limit:]
    elif after is not None:
        messages = [message for message in messages if message.id > after][:limit]
    return [_shown(call, channel, message) for message in reversed(messages[-limit:])]


def read(call: Call) -> Body:
    channel = text_channel(call)
    call.require_in_channel(channel, "read_message_history")
    return _shown(call, channel, named_message(call, channel))


def _shown(call: Call, channel: Channel, message: Message) -> Json:
    """Return a message as the bot may read it: the MESSAGE_CONTENT intent applies to REST as well."""
    payload = message.payload(call.bot.id)
    readable = "message_content" in call.bot.privileged_intents
    return payload if readable else channel.readable(payload, message, call.bot)


def send(call: Call) -> Body:
    channel = text_channel(call)
    call.require_in_channel(channel, channel.write_permission)
    if isinstance(channel, Thread) and channel.locked and not call.permissions(channel) & BITS["manage_threads"]:
        raise RestRefused.by_code(50083 if channel.archived else 160005)
    refuse_if(channel.recipient is not None and not _reachable(call, channel.recipient), 50007)
    form = call.form()
    nonce = _nonce(form)
    original_id = _replied_to(form, channel)
    wanted = draft.read(call, form)
    if wanted.poll is not None:
        call.require_in_channel(channel, "send_polls")
    if wanted.tts:
        call.require_in_channel(channel, "send_tts_messages")
    refuse_if(original_id is not None and not _may_read_history(call, channel), 160002)
    require_to_attach(call, channel, wanted)
    if nonce is not None and form.body.get("enforce_nonce"):
        earlier = call.hidden.message_with_nonce(channel, call.bot, nonce)
        if earlier is not None:
            return earlier.payload()
    sent = Message(call.world.snowflakes.next(), channel.id, call.bot.user, nonce=nonce, tts=wanted.tts)
    if original_id is not None:
        channel.make_reply(sent, original_id)
    wanted.write_to(call, channel, sent)
    channel.post(sent)
    if nonce is not None:
        call.hidden.remember_nonce(channel, call.bot, nonce, sent)
    return sent.payload()


def require_to_attach(call: Call, channel: Channel, wanted: draft.MessageDraft) -> None:
    """Require ATTACH_FILES for files (50013), and drop embeds without EMBED_LINKS, as Discord does."""
    if call.files:
        call.require_in_channel(channel, "attach_files")
    if channel.guild is not None and not call.permissions(channel) & BITS["embed_links"]:
        wanted.embeds = []


def edit(call: Call) -> Body:
    channel = open_channel(call)
    message = named_message(call, channel)
    refuse_if(message.author.id != call.bot.id, 50005)
    refuse_if(message.by_system, 50021)
    draft.edit(call, channel, message)
    return message.payload(call.bot.id)


def delete(call: Call) -> None:
    channel = open_channel(call)
    message = named_message(call, channel)
    if message.author.id != call.bot.id:
        call.require_in_channel(channel, "manage_messages")
    channel.remove_message(message, by=call.bot.id, reason=call.reason)


def delete_many(call: Call) -> None:
    """Delete 2 to 100 messages, none older than two weeks; unknown ids are ignored."""
    channel = open_channel(call)
    call.require_in_channel(channel, "manage_messages")
    refuse_if(channel.guild is None, 50003)
    form = call.form()
    form.required("messages")
    found = listed(snowflake, _MAX_AT_ONCE)(form, "messages") if "messages" in form else []
    form.check()
    ids = [int(message_id) for message_id in found]
    refuse_if(len(ids) < _FEWEST_AT_ONCE, 50016)
    oldest = call.world.clock.now() - _OLDEST
    refuse_if(any(made_at(message_id) < oldest for message_id in ids), 50034)
    channel.remove_messages(ids, by=call.bot.id, reason=call.reason)


def text_channel(call: Call) -> Channel:
    """Return the channel of the path, whose type must have messages (50008)."""
    channel = call.channel()
    refuse_if(channel.kind in WITHOUT_MESSAGES, 50008)
    return channel


def open_channel(call: Call) -> Channel:
    """Return the channel of the path, whose type must have messages (50008); no archived thread (50083)."""
    channel = text_channel(call)
    refuse_archived(channel)
    return channel


def refuse_archived(channel: Channel) -> None:
    """Require a channel not to be an archived thread (50083; discord-api-docs, topics/threads.mdx)."""
    refuse_if(isinstance(channel, Thread) and channel.archived, 50083)


def named_message(call: Call, channel: Channel) -> Message:
    """Return the message of the path, which must exist (10008)."""
    return or_refuse(channel.message(call.id("message_id")), 10008)


def _may_read_history(call: Call, channel: Channel) -> bool:
    return channel.guild is None or bool(call.permissions(channel) & BITS["read_message_history"])


def _reachable(call: Call, user: User) -> bool:
    """Return whether a user accepts direct messages, has not blocked the bot and shares a guild with it."""
    welcome = user.takes_messages and call.bot.id not in user.blocked
    return welcome and any(user.id in guild.members for guild in call.world.guilds_of(call.bot))


def _nonce(form: Form) -> str | int | None:
    nonce = form.body.get("nonce")
    if nonce is None:
        return None
    if isinstance(nonce, bool) or not isinstance(nonce, (str, int)):
        form.refuse("nonce", "NONCE_TYPE_INVALID", "Nonce must be a string or an integer.")
        return None
    if len(str(nonce)) > _LONGEST_NONCE:
        form.refuse("nonce", "NONCE_TYPE_TOO_LONG", f"Nonce must be {_LONGEST_NONCE} or fewer in length.")
    return str(nonce) if isinstance(nonce, str) else nonce


def _replied_to(form: Form, channel: Channel) -> int | None:
    asked = form.body.get("message_reference")
    if not isinstance(asked, dict):
        return None
    if as_whole(asked.get("type")) == _FORWARD:
        raise RestRefused.by_status(501, "The simulator does not forward messages, unlike Discord.")
    message_id = as_whole(asked.get("message_id"))
    if message_id is not None and channel.message(message_id) is not None:
        return message_id
    if asked.get("fail_if_not_exists", True):
        form.refuse("message_reference", "REPLIES_UNKNOWN_MESSAGE", "Unknown message")
    return None


_MESSAGES, _MESSAGE = "/channels/{channel_id}/messages", "/channels/{channel_id}/messages/{message_id}"
ROUTES = (
    Route("GET", _MESSAGES, history),
    Route("POST", _MESSAGES, send),
    Route("POST", f"{_MESSAGES}/bulk-delete", delete_many),
    Route("GET", _MESSAGE, read),
    Route("PATCH", _MESSAGE, edit),
    Route("DELETE", _MESSAGE, delete),
)
