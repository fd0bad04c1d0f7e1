"""
Validation of messages in requests to channels, webhooks and interactions.

Source: discord-api-docs, developers/resources/message.mdx.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from steward.sim.channels.channel import Channel
from steward.sim.channels.message import COMPONENTS_V2, EPHEMERAL, LOADING, Message, users_named_in
from steward.sim.channels.poll import MessagePoll
from steward.sim.guilds.permissions import BITS
from steward.sim.people.user import Json
from steward.sim.rest.call import Call
from steward.sim.rest.errors import RestRefused, refuse_if
from steward.sim.rest.expressions import stickers
from steward.sim.rest.form import Form, as_whole
from steward.sim.rest.messages import components, embeds, poll_form
from steward.sim.rest.messages.media import Media
from steward.sim.uploads import File

LONGEST = 2000
_MAX_FILES = 10
_SUPPRESS = 1 << 2 | 1 << 12  # SUPPRESS_EMBEDS, SUPPRESS_NOTIFICATIONS
_SETTABLE = _SUPPRESS | COMPONENTS_V2  # the flags a sender may set
_OLD_FIELDS = ("content", "embeds", "poll", "stickers", "sticker_ids")
_PARSED, _MAX_MENTIONS = ("roles", "users", "everyone"), 100
_OLD_CODE = "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2"


@dataclass(slots=True)
class MessageDraft:
    """A validated message; `allowed_mentions` as in the request."""

    content: str = ""
    embeds: list[Json] = field(default_factory=list)
    components: list[Json] = field(default_factory=list)
    attachments: list[Json] = field(default_factory=list)
    flags: int = 0
    tts: bool = False
    poll: MessagePoll | None = None
    stickers: list[Json] = field(default_factory=list)
    allowed_mentions: Any = None

    def write_to(self, call: Call, channel: Channel, message: Message) -> None:
        """Apply it to a message of a channel, and set the mentions."""
        message.content, message.embeds, message.components = self.content.strip(), self.embeds, self.components
        message.attachments, message.poll, message.stickers = self.attachments, self.poll, self.stickers
        message.flags = message.flags & ~_SETTABLE | self.flags & _SETTABLE
        _mention(call, channel, message, self.allowed_mentions)


def read(call: Call, form: Form, before: Message | None = None, *, ephemeral: bool = False) -> MessageDraft:
    """
    Read a message, or the edit of one; fields absent from an edit keep their values.

    A message must not be empty (50006); an edit may not change stickers (50080), nor a poll (520003; only a deferred
    response may get one). `ephemeral` is whether the flag EPHEMERAL may be set.
    """
    if before is not None and (before.poll or (form.body.get("poll") and not before.flags & LOADING)):
        raise RestRefused.by_code(520003)
    refuse_if(before is not None and form.body.get("sticker_ids"), 50080)
    old = before or Message(0, 0, call.bot.user)
    settable = _SETTABLE | (EPHEMERAL if ephemeral else 0)
    flags = (form.whole("flags", 0, 2**31 - 1) or 0) & settable if "flags" in form else old.flags
    flags |= old.flags & COMPONENTS_V2  # cannot be removed
    found = MessageDraft(flags=flags, tts=form.flag("tts"), allowed_mentions=_allowed(form))
    found.attachments = _kept(form, old) + _uploaded(call, form)
    if flags & COMPONENTS_V2:
        _refuse_old_fields(form)
    else:
        found.content = form.text("content", longest=LONGEST) or "" if "content" in form else old.content
        found.embeds = embeds.read(form, found.attachments) if "embeds" in form else old.embeds
    media = Media(call.world.snowflakes, found.attachments)
    listed = "components" in form
    found.components = components.read_message(form, flags, media) if listed else old.components
    found.poll = poll_form.read(call, form)
    found.stickers = stickers.read_sent(call, form) if before is None else before.stickers
    form.check()
    others = len(found.attachments) + len(found.components) + (found.poll is not None) + len(found.stickers)
    refuse_if(not found.content.strip() and not found.embeds and not others, 50006)
    return found


def edit(call: Call, channel: Channel, message: Message) -> None:
    """Edit a message by the body of a request, and emit MESSAGE_UPDATE."""
    draft = read(call, call.form(), message)
    call.hidden.edit(message)
    draft.write_to(call, channel, message)
    message.edited_at = call.world.clock.now()
    channel.emit_message("MESSAGE_UPDATE", message)


def _mention(call: Call, channel: Channel, sent: Message, allowed: Any) -> None:
    """
    Set the mentions of a bot's message, limited to the allowed mentions if given.

    @everyone and roles that are not mentionable need MENTION_EVERYONE (discord-api-docs, topics/permissions.mdx).
    """
    rules = allowed if isinstance(allowed, dict) else {"parse": ["users", "roles", "everyone"]}
    asked = rules.get("parse")
    parse = asked if isinstance(asked, list) else []
    named = [user for user_id in users_named_in(sent.content) if (user := call.world.user(user_id))]
    listed = _ids(rules.get("users"))
    sent.mentions = [user for user in named if "users" in parse or user.id in listed]
    if (original := sent.original) is not None and rules.get("replied_user", rules is not allowed):
        sent.mentions += [original.author] if original.author not in sent.mentions else []
    if channel.guild is None:
        return
    may = bool(call.permissions(channel) & BITS["mention_everyone"])
    roles = channel.guild.roles.pinged_by(sent.content, any_role=may)
    listed = _ids(rules.get("roles"))
    sent.mention_roles = [role_id for role_id in roles if "roles" in parse or role_id in listed]
    everyone = "@everyone" in sent.content or "@here" in sent.content
    sent.mention_everyone = everyone and may and "everyone" in parse


def _allowed(form: Form) -> Any:
    """Return the allowed mentions of a form after validation; a type is either parsed or listed."""
    asked = form.body.get("allowed_mentions")
    if not isinstance(asked, dict):
        return asked
    part = form.part("allowed_mentions", asked)
    parse = part.items("parse", most=len(_PARSED))
    for number, kind in enumerate(parse):
        if kind not in _PARSED:
            part.refuse(f"parse.{number}", "BASE_TYPE_CHOICES", f"Value must be one of {_PARSED}.")
    for kind in ("users", "roles"):
        if part.items(kind, most=_MAX_MENTIONS) and kind in parse:
            words = f'parse:["{kind}"] and {kind}: [ids...] are mutually exclusive.'
            form.refuse("allowed_mentions", "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE", words)
    return asked


def _refuse_old_fields(form: Form) -> None:
    for name in _OLD_FIELDS:
        if form.body.get(name):
            form.refuse(name, _OLD_CODE, f"The '{name}' field cannot be used when using MessageFlags.IS_COMPONENTS_V2")


def _ids(listed: Any) -> set[int | None]:
    return {as_whole(found) for found in listed} if isinstance(listed, list) else set()


def _uploaded(call: Call, form: Form) -> list[Json]:
    if len(call.files) > _MAX_FILES:
        form.refuse("attachments", "BASE_TYPE_MAX_LENGTH", f"Must be {_MAX_FILES} or fewer in length.")
        form.check()
    described = {as_whole(part.body.get("id")): part.body for part in form.parts("attachments", most=_MAX_FILES)}
    return [_attachment(call, upload.file, described.get(upload.number, {})) for upload in call.files]


def _attachment(call: Call, file: File, described: Json) -> Json:
    refuse_if(len(file.content) > call.world.limits.file_bytes, 40005)
    renamed = file._replace(name=str(described.get("filename") or file.name))
    found = call.world.uploads.keep(call.world.snowflakes.next(), renamed)
    if described.get("description"):
        found["description"] = str(described["description"])
    return found


def _kept(form: Form, before: Message) -> list[Json]:
    """Return the attachments that an edit keeps: those it lists, by default all."""
    if "attachments" not in form:
        return before.attachments
    items = form.items("attachments", most=_MAX_FILES)
    listed = {str(item.get("id")) for item in items if isinstance(item, dict)}
    return [attachment for attachment in before.attachments if attachment["id"] in listed]
