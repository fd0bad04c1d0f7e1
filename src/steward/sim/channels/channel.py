"""A channel of a guild, or a direct-message channel."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from math import inf
from typing import TYPE_CHECKING, Any, TypeAlias

from steward.sim.channels import polls
from steward.sim.channels.history import MessageHistory
from steward.sim.channels.message import REPLY, Message, blank, users_named_in
from steward.sim.events import Event
from steward.sim.guilds import audit_log, auto_moderation
from steward.sim.guilds.permissions import BITS, VOICE_CHANNEL_TYPES, Overwrite, bits_of
from steward.sim.guilds.role import Role
from steward.sim.people.user import Json, User

if TYPE_CHECKING:
    from steward.sim.guilds.guild import Guild
    from steward.sim.people.bot import BotAccount
    from steward.sim.people.member import Member
    from steward.sim.world import World

    Target: TypeAlias = Role | Member | User | str

TEXT, DIRECT, VOICE, CATEGORY, ANNOUNCEMENT, STAGE, FORUM = 0, 1, 2, 4, 5, 13, 15
LONGEST_SLOWMODE = 21_600  # seconds
WITHOUT_MESSAGES = (CATEGORY, FORUM)
"""Channel types without messages of their own: a forum contains threads only."""


def normalised_name(name: str, kind: int) -> str:
    """Return a channel name as Discord stores it: lower case with hyphens for spaces in text channels."""
    if kind in (TEXT, ANNOUNCEMENT, FORUM):
        return re.sub(r"[\s-]+", "-", name.strip().lower())
    return name.strip()


@dataclass(eq=False, slots=True)
class Channel:
    """
    A channel; `kind` is Discord's channel type.

    `guild` is None for direct messages between `recipient` and `bot`. Each change emits its event to every bot that
    may view the channel.
    """

    world: World = field(repr=False)
    id: int
    kind: int
    name: str
    guild: Guild | None = field(default=None, repr=False)
    recipient: User | None = None
    bot: BotAccount | None = field(default=None, repr=False)
    position: int = 0
    parent_id: int | None = None
    topic: str | None = None
    nsfw: bool = False
    bitrate: int = 64_000
    user_limit: int = 0
    slowmode: int = 0
    status: str | None = None
    overwrites: dict[int, Overwrite] = field(default_factory=dict)
    last_pin_at: datetime | None = None
    settings: Json = field(default_factory=dict)  # further fields of the channel object
    messages: MessageHistory = field(init=False, repr=False)
    _wrote_at: dict[int, float] = field(default_factory=dict, init=False, repr=False)

    def __post_init__(self) -> None:
        self.messages = MessageHistory(self.world.limits.kept_messages, self.world.channels, self.world.forget_files)

    def allow(self, target: Target, *permissions: str) -> None:
        """Allow a role, a member or "everyone" these permissions here."""
        self._overwrite(target, bits_of(permissions), 0)

    def deny(self, target: Target, *permissions: str) -> None:
        """Deny a role, a member or "everyone" these permissions here."""
        self._overwrite(target, 0, bits_of(permissions))

    def rename(self, name: str) -> None:
        """Rename it as an administrator would: without rate limits or an audit log entry."""
        self.name = normalised_name(name, self.kind)
        self.changed()

    def delete(self) -> None:
        """Delete the channel."""
        self.world.forget_channel(self)
        self.emit("CHANNEL_DELETE", self.payload())

    def changed(self) -> None:
        """Emit CHANNEL_UPDATE."""
        self.emit("CHANNEL_UPDATE", self.payload())

    def message(self, message_id: int) -> Message | None:
        """Return a message by its id."""
        return self.messages.find(message_id)

    def visible_to(self, bot: BotAccount) -> bool:
        """Return whether a bot may view the channel."""
        if self.guild is None:
            return bot is self.bot
        return bot.id in self.guild.bots and bool(self.guild.roles.permissions_in(self, bot))

    @property
    def own_guild(self) -> Guild:
        """The guild of a channel that is not for direct messages."""
        assert self.guild is not None  # noqa: S101 - callers handle direct messages first
        return self.guild

    @property
    def write_permission(self) -> str:
        """The permission needed to write here."""
        return "send_messages"

    def require(self, member: Member, *permissions: str) -> None:
        """Check that a member has these permissions here; `PermissionError` if one is missing."""
        if self.guild is None:
            self._require_recipient(member)
            return
        if self.guild is not member.guild:
            raise PermissionError(f"{member.name} is not a member of the guild of #{self.name}.")
        may = self.guild.roles.permissions_in(self, member)
        for name in permissions:
            if not may & BITS[name]:
                what = "see" if name == "view_channel" else f"{name.replace('_', ' ')} in"
                raise PermissionError(f"{member.name} may not {what} #{self.name}.")

    def _require_recipient(self, member: Member) -> None:
        assert self.bot is not None  # noqa: S101 - direct messages are always with a bot
        if self.recipient is not member.user:
            raise PermissionError(f"These are not {member.name}'s direct messages.")
        if self.bot.id in member.user.blocked:
            raise PermissionError(f"{member.name} has blocked {self.bot.name}.")

    def post_as(
        self, member: Member, text: str, *, to: Message | None = None, ping: bool = True, **parts: Any
    ) -> Message:
        """
        Post a message as a member; `to` makes it a reply, which pings that author if `ping`.

        `parts` are further fields of `Message`, such as `poll`.

        Raises:
            PermissionError: the member may not write here, or slowmode is in effect.

        """
        self._require_writing(member)
        if self.slowmode:
            self._wrote_at[member.id] = self.world.clock.monotonic()
        broken = auto_moderation.check(self, member, text)
        message = Message(self.world.snowflakes.next(), self.id, member.user, **parts)
        self.set_content(message, member, text)
        if to is not None:
            self.make_reply(message, to.id)
            if ping and to.author not in message.mentions:
                message.mentions.append(to.author)
        self.post(message)
        auto_moderation.execute(self, member, text, broken, message)
        return message

    def why_not_write(self, member: Member) -> str | None:
        """Return why a member may not write here now; None if it may."""
        try:
            self._require_writing(member)
        except PermissionError as error:
            return str(error)
        return None

    def _require_writing(self, member: Member) -> None:
        self.require(member)
        if self.guild is None:
            return
        if self.kind in WITHOUT_MESSAGES:
            raise PermissionError(f"#{self.name} cannot contain messages.")
        may = self.guild.roles.permissions_in(self, member)
        if not may & BITS[self.write_permission]:
            why = f"until {member.timed_out_until}" if member.timed_out else "the channel denies it"
            raise PermissionError(f"{member.name} may not write in #{self.name}: {why}.")
        if self.kind in VOICE_CHANNEL_TYPES and not may & BITS["connect"]:
            raise PermissionError(f"{member.name} may not write in #{self.name}: the channel denies joining it.")
        if not may & BITS["bypass_slowmode"]:
            self._enforce_slowmode(member)

    def set_content(self, message: Message, member: Member, text: str) -> None:
        """Set a message's content and the mentions parsed from it."""
        message.content = text
        may = self.guild.roles.permissions_in(self, member) if self.guild is not None else 0
        everyone = bool(may & BITS["mention_everyone"])
        message.mention_everyone = everyone and ("@everyone" in text or "@here" in text)
        if "<@" in text or message.mentions:
            users = (self.world.user(user_id) for user_id in users_named_in(text))
            message.mentions = [user for user in users if user is not None]
            message.mention_roles = self.guild.roles.pinged_by(text, any_role=everyone) if self.guild else []

    def typing(self, user: User) -> None:
        """Emit TYPING_START for a user."""
        now = self.world.clock.now()
        data = {"user_id": str(user.id), "timestamp": int(now.timestamp())} | self.ids
        if self.guild is not None and (member := self.guild.members.get(user.id)) is not None:
            data["member"] = member.payload()
        self.emit("TYPING_START", data)

    def make_reply(self, message: Message, original_id: int) -> None:
        """Make a message a reply to another one in this channel."""
        message.kind = REPLY
        message.reference = self.reference_to(original_id)
        message.find_original = partial(self.message, original_id)

    def reference_to(self, message_id: int) -> Json:
        """Return Discord's reference to a message of this channel."""
        return {"type": 0, "message_id": str(message_id)} | self.ids

    @property
    def ids(self) -> Json:
        """The fields `channel_id` and, in a guild, `guild_id`, which many events share."""
        return {"channel_id": str(self.id)} | ({"guild_id": str(self.guild.id)} if self.guild is not None else {})

    def _enforce_slowmode(self, member: Member) -> None:
        """Apply slowmode to a person; bots are exempt (discord-api-docs, resources/channel.mdx)."""
        if not self.slowmode:
            return
        left = self._wrote_at.get(member.id, -inf) + self.slowmode - self.world.clock.monotonic()
        if left > 0:
            raise PermissionError(f"{member.name} may write in #{self.name} again in {left:.0f} s: slowmode.")

    def post(self, message: Message) -> Message:
        """Add a message and emit MESSAGE_CREATE."""
        self.messages.add(message)
        polls.plan(self, message)
        self.emit_message("MESSAGE_CREATE", message)
        return message

    def remove_message(self, message: Message, *, by: int | None = None, reason: str | None = None) -> None:
        """Delete a message; deletion `by` another user than its author is written to the audit log."""
        self.messages.delete([message.id])
        self.emit("MESSAGE_DELETE", {"id": str(message.id)} | self.ids)
        if self.guild is not None and by not in (None, message.author.id):
            options = {"channel_id": str(self.id), "count": "1"}
            self.guild.log_change(audit_log.MESSAGE_DELETE, message.author.id, by, reason, options)

    def remove_messages(self, ids: list[int], *, by: int | None = None, reason: str | None = None) -> None:
        """Delete several messages and emit one event; unknown ids are ignored."""
        gone = {message_id for message_id in ids if self.message(message_id) is not None}
        if not gone or self.guild is None:
            return
        self.messages.delete(gone)
        self.emit("MESSAGE_DELETE_BULK", {"ids": [str(message_id) for message_id in sorted(gone)]} | self.ids)
        if by is not None:
            self.guild.log_change(audit_log.MESSAGE_BULK_DELETE, self.id, by, reason, {"count": str(len(gone))})

    def emit_message(self, name: str, message: Message) -> None:
        """Emit a message event, without content for bots that lack the MESSAGE_CONTENT intent."""
        data = message.payload() | self.ids | {"channel_type": self.kind}
        if self.guild is not None and (member := self.guild.members.get(message.author.id)) is not None:
            data["member"] = member.payload(with_user=False)

        def blanked(bot: BotAccount) -> Json:
            return self.readable(data, message, bot)

        self.emit(name, data, blanked=blanked)

    def readable(self, data: Json, message: Message, bot: BotAccount) -> Json:
        """Return a message's payload for a bot without the MESSAGE_CONTENT intent."""
        if self.blanks(message, bot):
            data = blank(data)
        original = message.original
        if original is not None and self.blanks(original, bot):
            data = data | {"referenced_message": blank(data["referenced_message"])}
        return data

    def blanks(self, message: Message, bot: BotAccount) -> bool:
        """Return whether a message's content is hidden from a bot without the MESSAGE_CONTENT intent."""
        own = message.author.id == bot.id or bot.user in message.mentions
        return self.guild is not None and not own

    def payload(self) -> Json:
        """Return Discord's channel object."""
        payload: Json = {"id": str(self.id), "type": self.kind, "flags": 0}
        if self.guild is None:
            recipients = [self.recipient.payload()] if self.recipient else []
            return (
                payload | {"last_message_id": self._last_message_id(), "recipients": recipients} | self._pinned_last()
            )
        payload |= {
            "guild_id": str(self.guild.id),
            "name": self.name,
            "position": self.position,
            "parent_id": str(self.parent_id) if self.parent_id else None,
            "permission_overwrites": [overwrite.payload() for overwrite in self.overwrites.values()],
        }
        if self.kind in (VOICE, STAGE):
            payload |= {"bitrate": self.bitrate, "user_limit": self.user_limit, "rtc_region": None}
        if self.kind in (TEXT, ANNOUNCEMENT, STAGE, FORUM):
            payload |= {"topic": self.topic}
        if self.kind == FORUM:
            payload |= {"available_tags": [], "default_reaction_emoji": None, "default_sort_order": None}
            payload |= {"default_forum_layout": 0, "default_thread_rate_limit_per_user": 0}
        if self.kind != CATEGORY:
            payload |= {
                "nsfw": self.nsfw,
                "rate_limit_per_user": self.slowmode,
                "last_message_id": self._last_message_id(),
            }
        return payload | self.settings | self._pinned_last()

    def emit(self, name: str, data: Json, **conditions: Any) -> None:
        """Emit an event to the bots that may view this channel; further conditions are fields of `Event`."""
        self.world.emit(Event(name, data, guild=self.guild, channel=self, only=self.bot, **conditions))

    def _pinned_last(self) -> Json:
        return {"last_pin_timestamp": self.last_pin_at.isoformat()} if self.last_pin_at is not None else {}

    def _last_message_id(self) -> str | None:
        return str(self.messages[-1].id) if self.messages else None

    def _overwrite(self, target: Target, allow: int, deny: int) -> None:
        if self.guild is None:
            raise ValueError("A direct-message channel has no permission overwrites.")
        if isinstance(target, str):
            if target != "everyone":
                raise ValueError(f'{target!r} is not a target; pass a role, a member, or "everyone".')
            target = self.guild.roles.everyone
        kind = 0 if isinstance(target, Role) else 1
        overwrite = self.overwrites.setdefault(target.id, Overwrite(target.id, kind))
        overwrite.allow = (overwrite.allow | allow) & ~deny
        overwrite.deny = (overwrite.deny | deny) & ~allow
        self.changed()
