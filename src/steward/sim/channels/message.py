"""A message in a channel."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from steward.sim.channels.poll import MessagePoll
from steward.sim.people.user import Json, User
from steward.sim.snowflake import made_at

if TYPE_CHECKING:
    from steward.sim.channels.thread import Thread

_USER_MENTION = re.compile(r"<@!?(\d{15,20})>")
_ROLE_MENTION = re.compile(r"<@&(\d{15,20})>")
# Message types; all but REPLY are system messages.
PINNED, JOINED, FOLLOWED, REPLY, AUTO_MODERATION, POLL_RESULT = 6, 7, 12, 19, 24, 46
_BY_SYSTEM = (PINNED, JOINED, FOLLOWED, AUTO_MODERATION, POLL_RESULT)

CROSSPOSTED, IS_CROSSPOST = 1 << 0, 1 << 1  # message flags
HAS_THREAD, EPHEMERAL, LOADING, COMPONENTS_V2 = 1 << 5, 1 << 6, 1 << 7, 1 << 15


@dataclass(slots=True, eq=False)
class Reaction:
    """A reaction: Discord's `id` and `name` of the emoji, and its users in order."""

    emoji: Json
    user_ids: list[int] = field(default_factory=list)

    def payload(self, viewer: int | None) -> Json:
        """Return Discord's reaction object for a user."""
        count = len(self.user_ids)
        return {
            "emoji": self.emoji,
            "count": count,
            "count_details": {"burst": 0, "normal": count},
            "burst_colors": [],
            "me_burst": False,
            "burst_me": False,
            "me": viewer in self.user_ids,
            "burst_count": 0,
        }


@dataclass(slots=True, eq=False)
class Message:
    """
    A message; `embeds`, `attachments`, `components` and `stickers` are Discord's objects.

    `mentions` are the mentioned users, after allowed mentions were applied; `interaction` is the metadata of the
    interaction it responds to; `only_for` is the user who sees an ephemeral message. `find_original` returns the
    message it replies to, None once that is deleted. `thread` is the thread it started, `position` its index in the
    thread that contains it.
    """

    id: int
    channel_id: int
    author: User
    content: str = ""
    kind: int = 0
    embeds: list[Json] = field(default_factory=list)
    attachments: list[Json] = field(default_factory=list)
    components: list[Json] = field(default_factory=list)
    mentions: list[User] = field(default_factory=list)
    mention_roles: list[int] = field(default_factory=list)
    mention_everyone: bool = False
    reference: Json | None = None
    nonce: str | int | None = None
    tts: bool = False
    flags: int = 0
    edited_at: datetime | None = None
    pinned_at: datetime | None = None
    reactions: list[Reaction] = field(default_factory=list)
    webhook_id: int | None = None
    application_id: int | None = None
    interaction: Json | None = None
    only_for: int | None = None
    find_original: Callable[[], Message | None] | None = field(default=None, repr=False)
    poll: MessagePoll | None = None
    stickers: list[Json] = field(default_factory=list)
    thread: Thread | None = field(default=None, repr=False)
    position: int | None = None

    @property
    def original(self) -> Message | None:
        """The message it replies to, None if it is no reply or that message is deleted."""
        return self.find_original() if self.find_original is not None else None

    @property
    def sent_at(self) -> datetime:
        """When it was sent, UTC."""
        return made_at(self.id)

    @property
    def by_system(self) -> bool:
        """Whether it is a system message, such as the notice of a pin or of a new member."""
        return self.kind in _BY_SYSTEM

    @property
    def ephemeral(self) -> bool:
        """Whether only one user sees it."""
        return self.only_for is not None

    def payload(self, viewer: int | None = None) -> Json:
        """Return Discord's message object; `viewer`'s own reactions and votes are marked."""
        found = self.alone(viewer)
        if self.find_original is not None:
            original = self.original
            found["referenced_message"] = original.alone(viewer) if original is not None else None
        return found

    def alone(self, viewer: int | None) -> Json:
        """Return the payload without `referenced_message`, as it is nested in a reply."""
        payload: Json = {
            "id": str(self.id),
            "channel_id": str(self.channel_id),
            "type": self.kind,
            "author": self.author.payload(),
            "content": self.content,
            "timestamp": self.sent_at.isoformat(),
            "edited_timestamp": self.edited_at.isoformat() if self.edited_at else None,
            "tts": self.tts,
            "mention_everyone": self.mention_everyone,
            "mentions": [user.payload() for user in self.mentions],
            "mention_roles": [str(role_id) for role_id in self.mention_roles],
            "attachments": self.attachments,
            "embeds": self.embeds,
            "components": self.components,
            "pinned": self.pinned_at is not None,
            "flags": self.flags,
        }
        sticker_fields = ("id", "name", "format_type")
        optional: Json = {
            "nonce": self.nonce,
            "message_reference": self.reference,
            "reactions": [reaction.payload(viewer) for reaction in self.reactions] or None,
            "thread": self.thread.payload() if self.thread is not None else None,
            "position": self.position,
            "sticker_items": [{name: one[name] for name in sticker_fields} for one in self.stickers] or None,
            "poll": self.poll.payload(viewer) if self.poll is not None else None,
            "webhook_id": str(self.webhook_id) if self.webhook_id is not None else None,
            "application_id": str(self.application_id) if self.application_id is not None else None,
            "interaction_metadata": self.interaction,
        }
        return payload | {name: value for name, value in optional.items() if value is not None}


def blank(payload: Json) -> Json:
    """Return a message's payload as sent without the MESSAGE_CONTENT intent."""
    found = payload | {"content": "", "embeds": [], "attachments": [], "components": []}
    found.pop("poll", None)
    return found


def users_named_in(content: str) -> list[int]:
    """Return the user ids mentioned in a text, each once, in order."""
    return list(dict.fromkeys(int(found) for found in _USER_MENTION.findall(content)))


def roles_named_in(content: str) -> list[int]:
    """Return the role ids mentioned in a text, each once, in order."""
    return list(dict.fromkeys(int(found) for found in _ROLE_MENTION.findall(content)))
