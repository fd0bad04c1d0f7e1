"""
A thread: a channel below a channel, with members of its own, archived after a time without messages.

Source: discord-api-docs, developers/topics/threads.mdx and resources/channel.mdx.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from steward.sim.channels.channel import FORUM, Channel
from steward.sim.channels.message import Message
from steward.sim.guilds.permissions import BITS
from steward.sim.people.bot import BotAccount
from steward.sim.people.user import Json

if TYPE_CHECKING:
    from steward.sim.guilds.guild import Guild

NEWS_THREAD, PUBLIC_THREAD, PRIVATE_THREAD = 10, 11, 12
KINDS = (NEWS_THREAD, PUBLIC_THREAD, PRIVATE_THREAD)
PINNED = 1 << 1  # channel flag of a forum post
ARCHIVE_MINUTES = (60, 1440, 4320, 10_080)


@dataclass(eq=False, kw_only=True)
class Thread(Channel):
    """A thread of `parent`, whose overwrites it shares; `joined` has its members' join times by user id."""

    guild: Guild = field(repr=False)
    parent: Channel = field(repr=False)
    owner_id: int
    made_at: datetime
    archive_minutes: int = 1440
    archived: bool = False
    locked: bool = False
    invitable: bool = True
    pinned: bool = False
    tags: list[str] = field(default_factory=list)
    archived_at: datetime | None = None
    active_at: datetime = field(init=False)
    joined: dict[int, datetime] = field(default_factory=dict)

    def __post_init__(self) -> None:
        super().__post_init__()
        self.stay_active()

    @property
    def write_permission(self) -> str:
        """The permission needed to write here."""
        return "send_messages_in_threads"

    def stay_active(self) -> None:
        """Restart the inactivity period after which the thread is archived."""
        self.active_at = self.world.clock.now()
        self.world.alarms.set(self.id, self._archives_at, self._archive_if_inactive)

    @property
    def _archives_at(self) -> datetime:
        return self.active_at + timedelta(minutes=self.archive_minutes)

    def _archive_if_inactive(self) -> None:
        if self.archived or self.id not in self.world.channels:
            return
        if self._archives_at > self.world.clock.now():  # there were messages since
            self.world.alarms.set(self.id, self._archives_at, self._archive_if_inactive)
            return
        self.archive(archived=True)
        self.changed()

    def post(self, message: Message) -> Message:
        """Add a message, which unarchives the thread, and emit MESSAGE_CREATE."""
        if self.archived:
            self.archive(archived=False)
            self.changed()
        self.active_at = self.world.clock.now()
        message.position = self.messages.total
        return super().post(message)

    def emit_change(self, what: str, **more: object) -> None:
        """Emit THREAD_CREATE or THREAD_UPDATE; `what` is "CREATE" or "UPDATE"."""
        self.emit(f"THREAD_{what}", self.payload() | more)

    def changed(self) -> None:
        """Emit THREAD_UPDATE."""
        self.emit_change("UPDATE")

    def delete(self) -> None:
        """Delete the thread."""
        if (starter := self.parent.message(self.id)) is not None:
            starter.thread = None
        self.world.forget_channel(self)
        ids = {"id": str(self.id), "guild_id": str(self.guild.id), "parent_id": str(self.parent.id)}
        self.emit("THREAD_DELETE", ids | {"type": self.kind})

    def visible_to(self, bot: BotAccount) -> bool:
        """Return whether a bot may view it: a private thread only as its member or with MANAGE_THREADS."""
        if not super().visible_to(bot):
            return False
        may = self.guild.roles.permissions_in(self, bot)
        return self.kind != PRIVATE_THREAD or bot.id in self.joined or bool(may & BITS["manage_threads"])

    def add(self, user_id: int) -> None:
        """Add a member."""
        if user_id not in self.joined:
            self.joined[user_id] = self.world.clock.now()
            self._members_changed(added=user_id)

    def drop(self, user_id: int) -> bool:
        """Remove a member and return whether there was one."""
        if self.joined.pop(user_id, None) is None:
            return False
        self._members_changed(removed=user_id)
        return True

    def archive(self, *, archived: bool) -> None:
        """Archive or unarchive it."""
        if archived != self.archived:
            self.archived, self.archived_at = archived, self.world.clock.now()
            if not archived:
                self.stay_active()

    def member_payload(self, user_id: int) -> Json:
        """Return Discord's thread member object."""
        since = self.joined[user_id].isoformat()
        return {"id": str(self.id), "user_id": str(user_id), "join_timestamp": since, "flags": 0}

    def payload(self) -> Json:
        """Return Discord's channel object."""
        metadata: Json = {
            "archived": self.archived,
            "archive_timestamp": (self.archived_at or self.made_at).isoformat(),
            "auto_archive_duration": self.archive_minutes,
            "locked": self.locked,
            "create_timestamp": self.made_at.isoformat(),
        }
        if self.kind == PRIVATE_THREAD:
            metadata["invitable"] = self.invitable
        return (
            self._pinned_last()
            | ({"applied_tags": self.tags} if self.parent.kind == FORUM else {})
            | {
                "id": str(self.id),
                "type": self.kind,
                "flags": PINNED if self.pinned else 0,
                "guild_id": str(self.guild.id),
                "parent_id": str(self.parent.id),
                "owner_id": str(self.owner_id),
                "name": self.name,
                "last_message_id": self._last_message_id(),
                "rate_limit_per_user": self.slowmode,
                "message_count": len(self.messages),
                "member_count": min(len(self.joined), 50),
                "total_message_sent": self.messages.total,
                "thread_metadata": metadata,
            }
        )

    def _members_changed(self, added: int | None = None, removed: int | None = None) -> None:
        data: Json = {"id": str(self.id), "guild_id": str(self.guild.id), "member_count": min(len(self.joined), 50)}
        if added is not None:
            person = {"member": self.guild.members.peek(added).payload(), "presence": None}
            data["added_members"] = [self.member_payload(added) | person]
        if removed is not None:
            data["removed_member_ids"] = [str(removed)]
        about = added if added is not None else removed
        self.emit("THREAD_MEMBERS_UPDATE", data, about=about)
