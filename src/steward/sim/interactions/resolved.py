"""The `resolved` objects of an interaction, which its values reference by id."""

from __future__ import annotations

from typing import TYPE_CHECKING

from steward.sim.channels.channel import Channel
from steward.sim.channels.message import Message
from steward.sim.guilds.role import Role
from steward.sim.interactions.payload import resolved_channel, resolved_member
from steward.sim.people.member import Member
from steward.sim.people.user import Json, User
from steward.sim.uploads import File

if TYPE_CHECKING:
    from steward.sim.guilds.guild import Guild

Thing = User | Member | Role | Channel | Message | File


class Resolved:
    """Collects the objects of `resolved`, as seen by the acting member."""

    def __init__(self, channel: Channel, member: Member) -> None:
        self.data: Json = {}
        self._channel = channel
        self._member = member

    def add(self, thing: Thing) -> str:
        """Add an object and return its id as the value to send; `ValueError` if a file is too large."""
        match thing:
            case File():
                return self._add_file(thing)
            case Member() | User():
                user = thing if isinstance(thing, User) else thing.user
                self._put("users", thing.id, user.payload())
                guild: Guild | None = self._channel.guild
                if guild is not None and (member := guild.members.get(thing.id)) is not None:
                    self._put("members", thing.id, resolved_member(member, self._channel))
            case Role():
                self._put("roles", thing.id, thing.payload())
            case Channel():
                self._put("channels", thing.id, resolved_channel(thing, self._member))
            case Message():
                self._put("messages", thing.id, thing.payload())
        return str(thing.id)

    def _add_file(self, file: File) -> str:
        world = self._channel.world
        if len(file.content) > world.limits.file_bytes:
            raise ValueError(f"{file.name} is larger than Discord's limit of {world.limits.file_bytes} bytes.")
        attachment = world.uploads.keep(world.snowflakes.next(), file) | {"ephemeral": True}
        self.data.setdefault("attachments", {})[attachment["id"]] = attachment
        return str(attachment["id"])

    def into(self, data: Json) -> Json:
        """Return interaction data with `resolved` added, if there are objects."""
        return data | {"resolved": self.data} if self.data else data

    def _put(self, kind: str, thing_id: int, payload: Json) -> None:
        self.data.setdefault(kind, {})[str(thing_id)] = payload
