"""A member of a guild, and what tests do as one."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from steward.sim.guilds import audit_log
from steward.sim.guilds.permissions import BITS, VOICE_CHANNEL_TYPES
from steward.sim.people.actor import Actor
from steward.sim.people.user import Json, User
from steward.sim.people.writer import Writer

if TYPE_CHECKING:
    from steward.sim.channels.channel import Channel
    from steward.sim.guilds.guild import Guild

_STAGE = 13
STATUSES = ("online", "idle", "dnd", "offline")


@dataclass(slots=True, eq=False)
class Member(Actor, Writer):
    """A user in a guild; `role_ids` exclude @everyone, `timed_out_until` is the end of a timeout."""

    guild: Guild = field(repr=False)
    user: User
    joined_at: datetime
    status: str = "offline"
    nick: str | None = None
    role_ids: list[int] = field(default_factory=list)
    voice_channel: Channel | None = field(default=None, repr=False)
    mute: bool = False
    deaf: bool = False
    self_mute: bool = False
    self_deaf: bool = False
    timed_out_until: datetime | None = None
    suppressed: bool = False
    asked_to_speak_at: datetime | None = None

    @property
    def id(self) -> int:
        """The user id."""
        return self.user.id

    @property
    def name(self) -> str:
        """The displayed name: the nickname, else the user's."""
        return self.nick or self.user.shown_name

    @property
    def timed_out(self) -> bool:
        """Whether the member is timed out now."""
        return self.timed_out_until is not None and self.timed_out_until > self.guild.world.clock.now()

    def leave(self) -> None:
        """Leave the guild."""
        self.guild.members.remove(self)

    def rename(self, nick: str | None, *, reason: str | None = None) -> None:
        """Change or remove the own nickname."""
        before, self.nick = self.payload(), nick
        self.changed()
        self.guild.log_change(audit_log.MEMBER_UPDATE, self.id, self.id, reason, before=before, after=self.payload())

    def give(self, role_id: int) -> None:
        """Add a role."""
        if role_id not in self.role_ids:
            self.role_ids.append(role_id)
            self.changed()

    def take(self, role_id: int) -> None:
        """Remove a role."""
        if role_id in self.role_ids:
            self.role_ids.remove(role_id)
            self.changed()

    def go_online(self, status: str = "online") -> None:
        """Change the status, one of STATUSES; `ValueError` if the status is unknown."""
        if status not in STATUSES:
            raise ValueError(f"{status!r} is not a status. Use one of {', '.join(STATUSES)}.")
        if status == self.status:
            return
        self.guild.members.shift_online((status != "offline") - (self.status != "offline"))
        self.status = status
        self.guild.emit("PRESENCE_UPDATE", self.presence(), about=self.id)

    def go_offline(self) -> None:
        """Go offline."""
        self.go_online("offline")

    def join_voice(self, channel: Channel) -> None:
        """
        Join a voice channel.

        Raises:
            PermissionError: the member may not connect, or the channel is full.
            ValueError: it is not a voice channel.

        """
        if channel.kind not in VOICE_CHANNEL_TYPES:
            raise ValueError(f"#{channel.name} is not a voice channel.")
        may = self.guild.roles.permissions_in(channel, self)
        if not may & BITS["connect"]:
            raise PermissionError(f"{self.name} may not connect to {channel.name}.")
        inside = sum(one.voice_channel is channel for one in self.guild.members.in_voice)
        if 0 < channel.user_limit <= inside and not may & BITS["move_members"]:
            raise PermissionError(f"{channel.name} is full: its limit is {channel.user_limit}.")
        self.move_to(channel)

    def leave_voice(self) -> None:
        """Leave the voice channel, if in one."""
        self.move_to(None)

    def move_to(self, channel: Channel | None) -> None:
        """Move to another voice channel, or to none."""
        before = self.voice_channel
        if channel is before:
            return
        self.voice_channel = channel
        self.suppressed = channel is not None and channel.kind == _STAGE  # joins as audience
        self.asked_to_speak_at = None
        self.emit_voice_state()
        for moved in (before, channel):
            if moved is not None:
                self.guild.scheduled_events.voice_changed(moved)

    def emit_voice_state(self) -> None:
        """Emit VOICE_STATE_UPDATE."""
        data = self.voice_state() | {"member": self.payload()}
        self.guild.emit("VOICE_STATE_UPDATE", data)

    def voice_state(self) -> Json:
        """Return Discord's voice state object."""
        own = ("self_stream", "self_video")
        asked = self.asked_to_speak_at
        return dict.fromkeys(own, False) | {
            "guild_id": str(self.guild.id),
            "channel_id": str(self.voice_channel.id) if self.voice_channel is not None else None,
            "user_id": str(self.id),
            "session_id": f"{self.id:032x}",
            "deaf": self.deaf,
            "mute": self.mute,
            "self_deaf": self.self_deaf,
            "self_mute": self.self_mute,
            "suppress": self.suppressed,
            "request_to_speak_timestamp": asked.isoformat() if asked is not None else None,
        }

    def presence(self) -> Json:
        """Return the presence object; of the user, only the id, which is all that Discord guarantees."""
        shown = {} if self.status == "offline" else {"desktop": self.status}
        return {
            "user": {"id": str(self.id)},
            "guild_id": str(self.guild.id),
            "status": self.status,
            "activities": [],
            "client_status": shown,
        }

    def payload(self, *, with_user: bool = True) -> Json:
        """Return Discord's guild member object."""
        payload: Json = {
            "avatar": None,
            "avatar_decoration_data": None,
            "banner": None,
            "collectibles": None,
            "communication_disabled_until": self.timed_out_until.isoformat() if self.timed_out_until else None,
            "flags": 0,
            "joined_at": self.joined_at.isoformat(),
            "nick": self.nick,
            "pending": False,
            "premium_since": None,
            "roles": [str(role_id) for role_id in self.role_ids],
            "mute": self.mute,
            "deaf": self.deaf,
        }
        if with_user:
            payload["user"] = self.user.payload()
        return payload

    def changed(self) -> None:
        """Emit GUILD_MEMBER_UPDATE."""
        data = self.payload() | {"guild_id": str(self.guild.id)}
        self.guild.emit("GUILD_MEMBER_UPDATE", data, about=self.id)
