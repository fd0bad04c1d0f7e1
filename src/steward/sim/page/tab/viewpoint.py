"""Where a tab is: a server or the direct messages, a channel, and the member as whom it acts."""

from __future__ import annotations

from dataclasses import dataclass

from steward.sim.channels.channel import ANNOUNCEMENT, CATEGORY, TEXT, Channel
from steward.sim.guilds.guild import Guild
from steward.sim.guilds.permissions import BITS
from steward.sim.people.member import Member
from steward.sim.world import World

_LATEST = 50  # messages of a channel


@dataclass(frozen=True, slots=True)
class Viewpoint:
    """
    A place in the simulated Discord; all None where there is no server.

    Attributes:
        guild: None in direct messages.
        channel: None where the member sees none.
        me: the member as whom the tab acts.

    """

    guild: Guild | None = None
    channel: Channel | None = None
    me: Member | None = None

    @property
    def ids(self) -> tuple[int | None, int | None, int | None]:
        """Their ids."""
        return (
            self.guild.id if self.guild is not None else None,
            self.channel.id if self.channel is not None else None,
            self.me.id if self.me is not None else None,
        )

    @property
    def direct(self) -> bool:
        """Whether it is in direct messages."""
        return self.guild is None and self.me is not None


def latest_place(world: World) -> Viewpoint:
    """Return where something happened last, seen by the person who did something there last."""
    recent = world.interactions.recent
    newest = {channel.messages[-1].id: channel for channel in world.channels.values() if channel.messages}
    newest |= {one.id: one.channel for one in recent}
    if not newest:
        return Viewpoint()
    channel = newest[max(newest)]
    acted = {one.id: one.user for one in recent if one.channel is channel}
    acted |= {message.id: message.author for message in channel.messages[-_LATEST:] if not message.author.bot}
    doer = acted[max(acted)] if acted else channel.recipient
    homes = [channel.guild] if channel.guild is not None else list(world.guilds.values())
    known = (guild.members.get(doer.id) for guild in homes if doer is not None and doer.id in guild.members)
    return Viewpoint(channel.guild, channel, next(known, None))


def find_place(
    world: World, guild_id: int | None, channel_id: int | None, user_id: int | None, *, direct: bool
) -> Viewpoint:
    """Return the place of these ids; what is missing or gone is replaced by the first that fits."""
    guild = world.guilds.get(guild_id or 0) or next(iter(world.guilds.values()), None)
    if guild is None:
        return Viewpoint()
    channel = world.channels.get(channel_id or 0)
    if direct:
        return _direct(world, guild, channel, user_id)
    me = guild.members.get(user_id) if user_id is not None else None
    me = me or _somebody(guild)
    if channel is None or channel.guild is not guild or not sees(me, channel) or channel.kind == CATEGORY:
        channel = next(
            (found for found in guild.channels.values() if found.kind in (TEXT, ANNOUNCEMENT) and sees(me, found)), None
        )
    return Viewpoint(guild, channel, me)


def sees(me: Member, channel: Channel) -> bool:
    """Return whether a member may view a channel of its server."""
    return channel.guild is None or bool(me.guild.roles.permissions_in(channel, me) & BITS["view_channel"])


def _direct(world: World, guild: Guild, channel: Channel | None, user_id: int | None) -> Viewpoint:
    homes = (home for home in world.guilds.values() if user_id is not None and user_id in home.members)
    home = next(homes, guild)
    me = (home.members.get(user_id) if user_id is not None else None) or _somebody(home)
    own = world.direct_channels_of(me.user)
    return Viewpoint(None, channel if channel in own else next(iter(own), None), me)


def _somebody(guild: Guild) -> Member:
    """Return the first person who has acted, else the owner."""
    people = (member for member in guild.members.stored.values() if not member.user.bot)
    found = next(people, None) or guild.members.get(guild.owner_id)
    assert found is not None  # noqa: S101 - the owner is a member
    return found
