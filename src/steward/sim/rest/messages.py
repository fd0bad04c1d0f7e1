"""Messages: history, sending, editing, deleting. Source: discord-api-docs, developers/resources/message.mdx."""

from __future__ import annotations

from typing import Any

from steward.sim.channel import CATEGORY, Channel
from steward.sim.message import Message, roles_named_in, users_named_in
from steward.sim.permissions import BITS
from steward.sim.rest import embeds
from steward.sim.rest.call import Answer, Call, Route, Upload
from steward.sim.rest.errors import Refused
from steward.sim.rest.form import Form, as_whole
from steward.sim.user import Json

_LONGEST = 2000
_LONGEST_NONCE = 25
_MOST_FILES = 10
_MOST_COMPONENTS = 40
_SUPPRESS = 1 << 2 | 1 << 12  # SUPPRESS_EMBEDS, SUPPRESS_NOTIFICATIONS: the flags a sender may set
_REPLY = 19


def history(call: Call) -> Answer:
    channel = _text_channel(call)
    limit = call.number("limit", 1, 100, 50)
    found = channel.messages
    if channel.guild is not None and not call.permissions(channel) & BITS["read_message_history"]:
        return Answer(200, [])
    around, before, after = call.cursor("around"), call.cursor("before"), call.cursor("after")
    if around is not None:
        older = [message for message in found if message.id < around][-(limit // 2) :]
        found = older + [message for message in found if message.id >= around][: limit - len(older)]
    elif before is not None:
        found = [message for message in found if message.id < before][-limit:]
    elif after is not None:
        found = [message for message in found if message.id > after][:limit]
    return Answer(200, [message.payload() for message in reversed(found[-limit:])])


def message(call: Call) -> Answer:
    channel = _text_channel(call)
    call.need_in_channel(channel, "read_message_history")
    return Answer(200, _message(call, channel).payload())


def send(call: Call) -> Answer:
    channel = _text_channel(call)
    call.need_in_channel(channel, "send_messages")
    form = call.form()
    content = form.text("content", longest=_LONGEST) or ""
    shown = embeds.read(form)
    components = form.objects("components", most=_MOST_COMPONENTS)
    form.objects("attachments", most=_MOST_FILES)
    nonce = _nonce(form)
    reference = _reference(form, channel)
    form.check()
    if call.files:
        call.need_in_channel(channel, "attach_files")
    embeds.refuse_empty(content, shown, len(call.files) + len(components))
    if nonce is not None and form.body.get("enforce_nonce"):
        earlier = call.hidden.message_with_nonce(channel, call.bot, nonce)
        if earlier is not None:
            return Answer(200, earlier.payload())
    if shown and channel.guild is not None and not call.permissions(channel) & BITS["embed_links"]:
        shown = []
    sent = Message(
        call.world.snowflakes.next(),
        channel.id,
        call.bot.user,
        content.strip(),
        _REPLY if reference else 0,
        embeds=shown,
        components=components,
        reference=reference,
        nonce=nonce,
        tts=bool(form.body.get("tts")),
        flags=(form.whole("flags", 0, 2**31) or 0) & _SUPPRESS,
    )
    sent.attachments = _attachments(call, form, sent)
    _mention(call, channel, sent, form.body.get("allowed_mentions"))
    channel.post(sent)
    if nonce is not None:
        call.hidden.remember_nonce(channel, call.bot, nonce, sent)
    return Answer(200, sent.payload())


def edit(call: Call) -> Answer:
    channel = _text_channel(call)
    found = _message(call, channel)
    if found.author.id != call.bot.id:
        raise Refused.by_code(50005)
    form = call.form()
    content = form.text("content", longest=_LONGEST) if "content" in form else found.content
    shown = embeds.read(form) if "embeds" in form else found.embeds
    components = form.objects("components", most=_MOST_COMPONENTS) if "components" in form else found.components
    form.objects("attachments", most=_MOST_FILES)
    form.check()
    call.hidden.edit(found)
    kept = _kept(form, found)
    embeds.refuse_empty(content or "", shown, len(call.files) + len(components) + len(kept))
    found.content, found.embeds, found.components = (content or "").strip(), shown, components
    found.attachments = kept + _attachments(call, form, found)
    found.edited_at = call.world.clock.now()
    _mention(call, channel, found, form.body.get("allowed_mentions"))
    channel.say("MESSAGE_UPDATE", found)
    return Answer(200, found.payload())


def delete(call: Call) -> Answer:
    channel = _text_channel(call)
    found = _message(call, channel)
    if found.author.id != call.bot.id:
        call.need_in_channel(channel, "manage_messages")
    channel.remove_message(found)
    return Answer(204)


def _text_channel(call: Call) -> Channel:
    channel = call.channel()
    if channel.kind == CATEGORY:
        raise Refused.by_code(50008)
    return channel


def _message(call: Call, channel: Channel) -> Message:
    found = channel.message(call.id("message_id"))
    if found is None:
        raise Refused.by_code(10008)
    return found


def _nonce(form: Form) -> str | int | None:
    nonce = form.body.get("nonce")
    if nonce is None:
        return None
    if isinstance(nonce, bool) or not isinstance(nonce, (str, int)):
        form.refuse("nonce", "NONCE_TYPE_INVALID", "Nonce must be a string or an integer.")
        return None
    if len(str(nonce)) > _LONGEST_NONCE:
        form.refuse("nonce", "NONCE_TYPE_TOO_LONG", f"Nonce must be {_LONGEST_NONCE} or fewer in length.")
    return nonce


def _reference(form: Form, channel: Channel) -> Json | None:
    asked = form.body.get("message_reference")
    if not isinstance(asked, dict):
        return None
    message_id = as_whole(asked.get("message_id"))
    if message_id is None or channel.message(message_id) is None:
        if asked.get("fail_if_not_exists", True):
            form.refuse("message_reference", "REPLIES_UNKNOWN_MESSAGE", "Unknown message")
        return None
    found = {"type": 0, "channel_id": str(channel.id), "message_id": str(message_id)}
    return found | ({"guild_id": str(channel.guild.id)} if channel.guild else {})


def _mention(call: Call, channel: Channel, sent: Message, allowed: Any) -> None:
    """Note whom a bot's message pings, within the allowed mentions; without any, all that it names."""
    rules = allowed if isinstance(allowed, dict) else {"parse": ["users", "roles", "everyone"]}
    asked = rules.get("parse")
    parse = asked if isinstance(asked, list) else []
    named = [user for user_id in users_named_in(sent.content) if (user := call.world.user(user_id))]
    listed = _ids(rules.get("users"))
    sent.mentions = [user for user in named if "users" in parse or user.id in listed]
    if channel.guild is None:
        return
    roles = [role_id for role_id in roles_named_in(sent.content) if role_id in channel.guild.roles]
    listed = _ids(rules.get("roles"))
    sent.mention_roles = [role_id for role_id in roles if "roles" in parse or role_id in listed]
    everyone = "@everyone" in sent.content or "@here" in sent.content
    may = bool(call.permissions(channel) & BITS["mention_everyone"])
    sent.mention_everyone = everyone and may and "everyone" in parse


def _ids(listed: Any) -> set[int | None]:
    return {as_whole(found) for found in listed} if isinstance(listed, list) else set()


def _attachments(call: Call, form: Form, sent: Message) -> list[Json]:
    if len(call.files) > _MOST_FILES:
        form.refuse("attachments", "BASE_TYPE_MAX_LENGTH", f"Must be {_MOST_FILES} or fewer in length.")
        form.check()
    described = {as_whole(item.get("id")): item for item in form.objects("attachments", most=_MOST_FILES)}
    return [_attachment(call, sent, file, described.get(file.number, {})) for file in call.files]


def _attachment(call: Call, sent: Message, file: Upload, described: Json) -> Json:
    if len(file.content) > call.limits.file_bytes:
        raise Refused.by_code(40005)
    file_id = call.world.snowflakes.next()
    name = described.get("filename") or file.name
    url = call.keep_file(file_id, name, file)
    found: Json = {
        "id": str(file_id),
        "filename": name,
        "size": len(file.content),
        "url": url,
        "proxy_url": url,
        "content_type": file.kind,
    }
    if described.get("description"):
        found["description"] = described["description"]
    return found


def _kept(form: Form, found: Message) -> list[Json]:
    """Return the attachments that an edit keeps: all, or those it lists."""
    if "attachments" not in form:
        return found.attachments
    listed = {str(item.get("id")) for item in form.objects("attachments", most=_MOST_FILES)}
    return [attachment for attachment in found.attachments if attachment["id"] in listed]


_MESSAGES, _MESSAGE = "/channels/{channel_id}/messages", "/channels/{channel_id}/messages/{message_id}"
ROUTES = (
    Route("GET", _MESSAGES, history),
    Route("POST", _MESSAGES, send),
    Route("GET", _MESSAGE, message),
    Route("PATCH", _MESSAGE, edit),
    Route("DELETE", _MESSAGE, delete),
)
