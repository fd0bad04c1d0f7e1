"""A guild: its members, bans, roles and channels, and the story that its people act out in it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from steward.sim.channels.channel import CATEGORY, FORUM, STAGE, TEXT, VOICE, Channel, normalised_name
from steward.sim.channels.thread import Thread
from steward.sim.events import Event
from steward.sim.guilds import audit_changes, audit_log, stickers
from steward.sim.guilds import payload as guild_payload
from steward.sim.guilds.approximate_counts import ApproximateCounts
from steward.sim.guilds.audit_log import AuditLog
from steward.sim.guilds.bans import Bans
from steward.sim.guilds.permissions import BITS, OVERRIDE_OF_ROLE, OVERRIDE_OF_USER, Overwrite, bits_of, names_of
from steward.sim.guilds.role import Role
from steward.sim.guilds.roles import GuildRoles
from steward.sim.people.bot import BotAccount
from steward.sim.people.member import Member
from steward.sim.people.members import Members
from steward.sim.people.population import Population
from steward.sim.people.user import Json, User
from steward.sim.scheduled.events import GuildScheduledEvents
from steward.sim.snowflake import LOW_BITS

if TYPE_CHECKING:
    from steward.sim.world import World

DEFAULT_BOT_PERMISSIONS = (
    "view_channel", "send_messages", "embed_links", "attach_files", "read_message_history", "connect",
    "manage_channels", "manage_roles", "ban_members", "view_audit_log",
)  # fmt: skip

_CHANNEL_SETTINGS = (
    "afk_channel_id", "rules_channel_id", "public_updates_channel_id", "safety_alerts_channel_id", "widget_channel_id",
)  # fmt: skip
_BOOSTS_FOR_TIERS = (2, 7, 14)


class Guild:
    """A guild. Make it with `Simulator.add_guild`."""

    def __init__(
        self, world: World, guild_id: int, name: str, members: Population, bans: Population, *, online: int
    ) -> None:
        self.world = world
        self.id = guild_id
        self.name = name
        self.available = True
        self.owner_id = members.id_of(0)
        self.system_channel_id: int | None = None
        self.boosts = 0
        self.members = Members(world, self, members, online=online)
        self.bans = Bans(self, bans)
        self.approximate_counts = ApproximateCounts(self)
        self.roles = GuildRoles(self)
        self.channels: dict[int, Channel] = {}
        self.threads: dict[int, Thread] = {}
        self.bots: dict[int, BotAccount] = {}
        self.emojis: dict[int, Json] = {}
        self.stickers: dict[int, Json] = {}
        self.sounds: dict[int, Json] = {}
        self.stages: dict[int, Json] = {}  # by the channel's id
        self.auto_moderation: dict[int, Json] = {}
        self.templates: dict[str, Json] = {}
        self.settings: Json = {}  # what was changed of the guild object
        self.welcome_screen: Json | None = None
        self.onboarding: Json = {"prompts": [], "default_channel_ids": [], "enabled": False, "mode": 0}
        self.scheduled_events = GuildScheduledEvents(self)
        self.audit_log = AuditLog(world.clock, world.snowflakes)

    @property
    def member_count(self) -> int:
        """How many members there are, bots included."""
        return len(self.members)

    @property
    def online_count(self) -> int:
        """How many members are online."""
        return self.members.online

    @property
    def ban_count(self) -> int:
        """How many users are banned."""
        return len(self.bans)

    @property
    def everyone(self) -> Role:
        """The role that all members have."""
        return self.roles.everyone

    # Rooms and roles

    def add_text_channel(self, name: str, *, parent: Channel | None = None) -> Channel:
        """Make a text channel."""
        return self.insert(self.new_channel(name, TEXT, parent_id=parent.id if parent else None))

    def add_voice_channel(self, name: str, *, parent: Channel | None = None) -> Channel:
        """Make a voice channel."""
        return self.insert(self.new_channel(name, VOICE, parent_id=parent.id if parent else None))

    def add_stage_channel(self, name: str, *, parent: Channel | None = None) -> Channel:
        """Make a stage channel."""
        return self.insert(self.new_channel(name, STAGE, parent_id=parent.id if parent else None))

    def add_forum(self, name: str, *, parent: Channel | None = None) -> Channel:
        """Make a forum channel, whose posts are threads."""
        return self.insert(self.new_channel(name, FORUM, parent_id=parent.id if parent else None))

    def add_category(self, name: str) -> Channel:
        """Make a category."""
        return self.insert(self.new_channel(name, CATEGORY))

    def new_channel(
        self,
        name: str,
        kind: int,
        *,
        parent_id: int | None = None,
        overwrites: dict[int, Overwrite] | None = None,
    ) -> Channel:
        """
        Return a channel of any of Discord's types, not yet in the guild.

        The name is normalised as Discord does it; without overwrites it takes those of its category.
        """
        category = self.channels.get(parent_id) if parent_id else None
        if not overwrites and category is not None:
            overwrites = {overwrite.id: replace(overwrite) for overwrite in category.overwrites.values()}
        return Channel(
            self.world,
            self.world.snowflakes.next(),
            kind,
            normalised_name(name, kind),
            self,
            position=len(self.channels),
            parent_id=parent_id,
            overwrites=overwrites or {},
        )

    def insert(self, channel: Channel) -> Channel:
        """Add a new channel and tell everybody."""
        self.channels[channel.id] = self.world.channels[channel.id] = channel
        channel.emit("CHANNEL_CREATE", channel.payload())
        return channel

    def forget_channel(self, channel_id: int) -> None:
        """Take a deleted channel out of all that names it: settings, welcome screen, onboarding."""
        gone = str(channel_id)
        named = [name for name in _CHANNEL_SETTINGS if self.settings.get(name) == gone]
        self.settings |= dict.fromkeys(named)
        if self.system_channel_id == channel_id:
            self.system_channel_id = None
            named.append("system_channel_id")
        if self.welcome_screen is not None:
            shown = [found for found in self.welcome_screen["welcome_channels"] if found["channel_id"] != gone]
            self.welcome_screen["welcome_channels"] = shown
        for place, field in [
            (self.onboarding, "default_channel_ids"),
            *((option, "channel_ids") for prompt in self.onboarding["prompts"] for option in prompt["options"]),
        ]:
            place[field] = [found for found in place[field] if found != gone]
        if named:
            self.changed()

    def add_role(self, name: str, *permissions: str) -> Role:
        """Make a role, the lowest but for @everyone."""
        return self.roles.insert(Role(self.world.snowflakes.next(), name, bits_of(permissions)))

    def add_emoji(self, name: str) -> str:
        """Add a custom emoji and return how messages and reactions name it: `name:id`."""
        emoji_id = self.world.snowflakes.next()
        self.emojis[emoji_id] = {
            "id": str(emoji_id), "name": name, "roles": [], "require_colons": True, "managed": False,
            "animated": False, "available": True,
        }  # fmt: skip
        self.emojis_changed()
        return f"{name}:{emoji_id}"

    def add_sticker(self, name: str, tags: str = "wave") -> int:
        """Add a sticker, with words or an emoji that suggest it, and return its id."""
        made = stickers.new(self, name, tags)
        self.stickers[int(made["id"])] = made
        stickers.tell(self)
        return int(made["id"])

    def emojis_changed(self) -> None:
        """Tell everybody of its emoji."""
        data = {"guild_id": str(self.id), "emojis": guild_payload.emojis(self)}
        self.emit(Event("GUILD_EMOJIS_UPDATE", data, guild=self))

    def rename(self, name: str) -> None:
        """Give the guild another name."""
        self.name = name
        self.changed()

    def changed(self) -> None:
        """Tell everybody of the guild's new state."""
        self.emit(Event("GUILD_UPDATE", self.payload(), guild=self))

    def has(self, feature: str) -> bool:
        """Return whether it has one of Discord's features, such as `COMMUNITY`."""
        return feature in self.settings.get("features", ())

    def set_feature(self, feature: str, *, on: bool) -> None:
        """Give it one of Discord's features, or take it away; nobody is told yet."""
        kept = [found for found in self.settings.get("features", ()) if found != feature]
        self.settings["features"] = [*kept, feature] if on else kept

    @property
    def boost_tier(self) -> int:
        """The level that its boosts reach, 0 to 3."""
        return sum(self.boosts >= least for least in _BOOSTS_FOR_TIERS)

    def set_boosts(self, count: int) -> None:
        """Let so many boosts be given to it."""
        self.boosts = count
        self.changed()

    # Bots

    def add_bot(self, bot: BotAccount, *permissions: str, in_place_of_one: bool = False) -> Member:
        """Let a bot in with a role of its own; `in_place_of_one`: it takes the seat of one of the crowd."""
        role = self.roles.add_for(bot, self.world.snowflakes.next(), bits_of(permissions))
        member = self.members.seat(bot, role.id, in_place_of_one=in_place_of_one)
        self.bots[bot.id] = bot
        self.emit(Event("GUILD_CREATE", {}, guild=self, only=bot))
        if not in_place_of_one:
            self.log_change(audit_log.BOT_ADD, bot.id, None, None)
        return member

    def remove_bot(self, bot: BotAccount) -> None:
        """Kick a bot out; it is told by GUILD_DELETE."""
        member = self.members.known(bot.id)
        if member is None:
            raise LookupError(f"{bot.name} is no member of {self.name}.")
        self.members.remove(member)

    @property
    def bot_permissions(self) -> frozenset[str]:
        """What the first bot may do in the guild, by name."""
        return names_of(self.roles.permissions_of(self._first_bot().id))

    def set_bot_permissions(self, *permissions: str) -> None:
        """Give the first bot's role exactly these permissions (@everyone's still add to them)."""
        role = self.roles.of_bot(self._first_bot())
        role.permissions = bits_of(permissions)
        self.roles.changed(role)

    def let_use(self, command: str, whom: int, *, allowed: bool = True) -> None:
        """
        Change who may use one of the first bot's commands, as an administrator does in Server Settings > Integrations.

        Args:
            command: its name, without the slash and what comes after it: `event`.
            whom: a role or a member, by id; the guild's own id is @everyone.
            allowed: whether they may.

        Raises:
            LookupError: the bot has no such command.

        """
        bot = self._first_bot()
        known = [*bot.commands.get(self.id, {}).values(), *bot.commands.get(None, {}).values()]
        found = next((int(one["id"]) for one in known if one["name"] == command), None)
        if found is None:
            raise LookupError(f"{bot.name} has no command {command!r}.")
        kind = OVERRIDE_OF_ROLE if whom in self.roles else OVERRIDE_OF_USER
        bot.overrides.setdefault(self.id, {}).setdefault(found, {})[kind, whom] = allowed
        told = bot.overrides_of(self.id, found)
        self.emit(Event("APPLICATION_COMMAND_PERMISSIONS_UPDATE", told, guild=self, only=bot))

    def _first_bot(self) -> BotAccount:
        if not self.bots:
            raise LookupError(f"No bot is a member of {self.name}.")
        return next(iter(self.bots.values()))

    # People

    def meet(self, name: str) -> Member:
        """
        Give a face to one of the crowd: the next member nobody has met, under this name.

        When all have been met, a newcomer joins.
        """
        return self.members.meet(name)

    def join(self, name: str | User) -> Member:
        """
        Let somebody in: a new user of that name, or one who was here before.

        Raises:
            ValueError: the user is a member or is banned.

        """
        return self.members.join(self.world.new_user(name) if isinstance(name, str) else name)

    def kick(self, member: Member, *, by: int | None = None, reason: str | None = None) -> None:
        """Kick a member, by default as the owner."""
        self.members.remove(member)
        self.log_change(audit_log.KICK, member.id, by, reason)

    def prune(
        self,
        count: int | None = None,
        *,
        days: int = 7,
        role_ids: frozenset[int] = frozenset(),
        by: int | None = None,
        reason: str | None = None,
    ) -> int:
        """
        Remove so many (by default all) of those who were not online for days, by default as the owner.

        They have no role but those of `role_ids`. Return how many were removed.
        """
        removed = self.members.prune(count, days=days, role_ids=role_ids)
        options = {"delete_member_days": str(days), "members_removed": str(removed)}
        self.log_change(audit_log.PRUNE, None, by, reason, options)
        return removed

    def ban(self, who: Member | User, *, by: int | None = None, reason: str | None = None, forget: float = 0) -> None:
        """
        Ban a member or a stranger, by default as the owner; who is banned already stays so, silently.

        The messages of the last `forget` seconds are deleted.
        """
        self.bans.add(who.user if isinstance(who, Member) else who, by, reason, forget=forget)

    def unban(self, user: User, *, by: int | None = None, reason: str | None = None) -> None:
        """Lift a ban, by default as the owner; nothing happens without one."""
        self.bans.lift(user, by, reason)

    def set_online(self, count: int) -> None:
        """Let so many members be online: the crowd's coming and going, which sends no events."""
        self.members.set_online(count)

    # For the gateway

    def emit(self, event: Event) -> None:
        """Tell the gateway."""
        self.world.emit(event)

    def shard_of(self, shards: int) -> int:
        """Return which of so many shards this guild belongs to."""
        return (self.id >> LOW_BITS) % shards

    def payload(self) -> Json:
        """Return Discord's guild object."""
        return guild_payload.guild(self)

    def log_change(
        self,
        action: int,
        target: int | None,
        by: int | None,
        reason: str | None,
        options: Json | None = None,
        *,
        before: Json | None = None,
        after: Json | None = None,
        changes: list[Json] | None = None,
    ) -> None:
        """
        Write an audit log entry, by default of the owner, and tell those who may read the log.

        `before` and `after` are the payloads of what was changed, of which the entry tells the differences; `changes`
        are given where there is no payload. An update that changed nothing is not noted.
        """
        changed = audit_changes.between(before, after) if changes is None else changes
        if not changed and before is not None and after is not None:
            return
        by = by or self.owner_id
        entry = self.audit_log.note(action, by=by, target=target, reason=reason, changes=changed, options=options)
        if entry is None:
            return
        data = entry.payload() | {"guild_id": str(self.id)}
        self.emit(Event("GUILD_AUDIT_LOG_ENTRY_CREATE", data, guild=self, needs=BITS["view_audit_log"]))
