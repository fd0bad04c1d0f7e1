"""A guild: its members, bans, roles, channels and settings, and the actions of tests on them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

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
    """A guild. Create it with `Simulator.add_guild`."""

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
        self.settings: Json = {}  # changed fields of the guild object
        self.welcome_screen: Json | None = None
        self.onboarding: Json = {"prompts": [], "default_channel_ids": [], "enabled": False, "mode": 0}
        self.scheduled_events = GuildScheduledEvents(self)
        self.audit_log = AuditLog(world.clock, world.snowflakes)

    @property
    def member_count(self) -> int:
        """The number of members, bots included."""
        return len(self.members)

    @property
    def online_count(self) -> int:
        """The number of members who are online."""
        return self.members.online

    @property
    def ban_count(self) -> int:
        """The number of banned users."""
        return len(self.bans)

    @property
    def everyone(self) -> Role:
        """The @everyone role."""
        return self.roles.everyone

    # Channels, roles and settings

    def add_text_channel(self, name: str, *, parent: Channel | None = None) -> Channel:
        """Create a text channel."""
        return self._add_channel(name, TEXT, parent)

    def add_voice_channel(self, name: str, *, parent: Channel | None = None) -> Channel:
        """Create a voice channel."""
        return self._add_channel(name, VOICE, parent)

    def add_stage_channel(self, name: str, *, parent: Channel | None = None) -> Channel:
        """Create a stage channel."""
        return self._add_channel(name, STAGE, parent)

    def add_forum(self, name: str, *, parent: Channel | None = None) -> Channel:
        """Create a forum channel, whose posts are threads."""
        return self._add_channel(name, FORUM, parent)

    def add_category(self, name: str) -> Channel:
        """Create a category."""
        return self._add_channel(name, CATEGORY, None)

    def _add_channel(self, name: str, kind: int, parent: Channel | None) -> Channel:
        return self.insert(self.new_channel(name, kind, parent_id=parent.id if parent else None))

    def new_channel(
        self,
        name: str,
        kind: int,
        *,
        parent_id: int | None = None,
        overwrites: dict[int, Overwrite] | None = None,
    ) -> Channel:
        """
        Return a channel of any of Discord's types, not yet added to the guild.

        Its name is normalised as by Discord; without overwrites it copies those of its category.
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
        """Add a new channel and emit CHANNEL_CREATE."""
        self.channels[channel.id] = self.world.channels[channel.id] = channel
        channel.emit("CHANNEL_CREATE", channel.payload())
        return channel

    def forget_channel(self, channel_id: int) -> None:
        """Remove references to a deleted channel from settings, welcome screen and onboarding."""
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
        """Create a role just above @everyone."""
        return self.roles.insert(Role(self.world.snowflakes.next(), name, bits_of(permissions)))

    def add_emoji(self, name: str) -> str:
        """Add a custom emoji and return it as `name:id`."""
        emoji = guild_payload.new_emoji(self.world.snowflakes.next(), name)
        self.emojis[int(emoji["id"])] = emoji
        self.emojis_changed()
        return f"{name}:{emoji['id']}"

    def add_sticker(self, name: str, tags: str = "wave") -> int:
        """Add a sticker and return its id; `tags` are Discord's autocomplete keywords."""
        sticker = stickers.new(self, name, tags)
        self.stickers[int(sticker["id"])] = sticker
        self.stickers_changed()
        return int(sticker["id"])

    def emojis_changed(self) -> None:
        """Emit GUILD_EMOJIS_UPDATE."""
        data = {"guild_id": str(self.id), "emojis": guild_payload.emojis(self)}
        self.emit("GUILD_EMOJIS_UPDATE", data)

    def stickers_changed(self) -> None:
        """Emit GUILD_STICKERS_UPDATE."""
        self.emit("GUILD_STICKERS_UPDATE", {"guild_id": str(self.id), "stickers": guild_payload.stickers(self)})

    def rename(self, name: str) -> None:
        """Rename the guild."""
        self.name = name
        self.changed()

    def changed(self) -> None:
        """Emit GUILD_UPDATE."""
        self.emit("GUILD_UPDATE", self.payload())

    def has(self, feature: str) -> bool:
        """Return whether it has a feature, such as `COMMUNITY`."""
        return feature in self.settings.get("features", ())

    def set_feature(self, feature: str, *, on: bool) -> None:
        """Add or remove a feature, without emitting an event."""
        kept = [found for found in self.settings.get("features", ()) if found != feature]
        self.settings["features"] = [*kept, feature] if on else kept

    @property
    def boost_tier(self) -> int:
        """The boost level, 0 to 3."""
        return sum(self.boosts >= least for least in _BOOSTS_FOR_TIERS)

    def set_boosts(self, count: int) -> None:
        """Set the number of boosts."""
        self.boosts = count
        self.changed()

    # Bots

    def add_bot(self, bot: BotAccount, *permissions: str, replace_member: bool = False) -> Member:
        """Add a bot with a role of its own; with `replace_member` it replaces a member, so the count stays."""
        role = self.roles.add_for(bot, self.world.snowflakes.next(), bits_of(permissions))
        member = self.members.seat(bot, role.id, replace_member=replace_member)
        self.bots[bot.id] = bot
        bot.guilds.add(self)
        self.emit("GUILD_CREATE", {}, only=bot)
        if not replace_member:
            self.log_change(audit_log.BOT_ADD, bot.id, None, None)
        return member

    def remove_bot(self, bot: BotAccount) -> None:
        """Remove a bot, which receives GUILD_DELETE."""
        member = self.members.stored.get(bot.id)
        if member is None:
            raise LookupError(f"{bot.name} is not a member of {self.name}.")
        self.members.remove(member)

    @property
    def bot_permissions(self) -> frozenset[str]:
        """The names of the first bot's permissions in the guild."""
        return names_of(self.roles.permissions_of(self._first_bot().id))

    def set_bot_permissions(self, *permissions: str) -> None:
        """Set the permissions of the first bot's role (those of @everyone still apply)."""
        role = self.roles.of_bot(self._first_bot())
        role.permissions = bits_of(permissions)
        self.roles.changed(role)

    def let_use(self, command: str, whom: int, *, allowed: bool = True) -> None:
        """
        Set who may use one of the first bot's commands, as in Server Settings > Integrations.

        Args:
            command: its name without slash and subcommands, such as `event`.
            whom: id of a role or a member; the guild's id for @everyone.
            allowed: whether they may use it.

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
        data = bot.overrides_of(self.id, found)
        self.emit("APPLICATION_COMMAND_PERMISSIONS_UPDATE", data, only=bot)

    def _first_bot(self) -> BotAccount:
        if not self.bots:
            raise LookupError(f"{self.name} has no bot.")
        return next(iter(self.bots.values()))

    # People

    def meet(self, name: str) -> Member:
        """
        Return the next anonymous member of the crowd, under this name.

        If none is left, a new user joins.
        """
        return self.members.meet(name)

    def join(self, name: str | User) -> Member:
        """
        Add a member: a new user of this name, or an existing user.

        Raises:
            ValueError: the user is a member or is banned.

        """
        return self.members.join(self.world.new_user(name) if isinstance(name, str) else name)

    def kick(self, member: Member, *, by: int | None = None, reason: str | None = None) -> None:
        """Kick a member, as the owner unless `by` is given."""
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
        Remove `count` (None: all) members who were offline for `days` and have no roles besides `role_ids`.

        Return how many were removed. It is done as the owner unless `by` is given.
        """
        removed = self.members.prune(count, days=days, role_ids=role_ids)
        options = {"delete_member_days": str(days), "members_removed": str(removed)}
        self.log_change(audit_log.PRUNE, None, by, reason, options)
        return removed

    def ban(self, who: Member | User, *, by: int | None = None, reason: str | None = None, forget: float = 0) -> None:
        """
        Ban a user, as the owner unless `by` is given; a second ban has no effect.

        Their messages of the last `forget` seconds are deleted.
        """
        self.bans.add(who.user if isinstance(who, Member) else who, by, reason, forget=forget)

    def unban(self, user: User, *, by: int | None = None, reason: str | None = None) -> None:
        """Lift a ban, if there is one, as the owner unless `by` is given."""
        self.bans.lift(user, by, reason)

    def set_online(self, count: int) -> None:
        """Set the number of online members without emitting events."""
        self.members.set_online(count)

    # For the gateway

    def emit(self, name: str, data: Json, **conditions: Any) -> None:
        """Emit an event to the bots in this guild; further conditions are fields of `Event`."""
        self.world.emit(Event(name, data, guild=self, **conditions))

    def shard_of(self, shards: int) -> int:
        """Return the index of the shard, of `shards`, that this guild belongs to."""
        return (self.id >> LOW_BITS) % shards

    def payload(self) -> Json:
        """Return Discord's guild object."""
        return guild_payload.full(self)

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
        Write an audit log entry (by the owner if `by` is None) and emit GUILD_AUDIT_LOG_ENTRY_CREATE.

        The changes are computed from the payloads `before` and `after`, or given as `changes`. An update without
        changes is not logged.
        """
        changed = audit_changes.between(before, after) if changes is None else changes
        if not changed and before is not None and after is not None:
            return
        by = by or self.owner_id
        entry = self.audit_log.add(action, by=by, target=target, reason=reason, changes=changed, options=options)
        if entry is None:
            return
        data = entry.payload() | {"guild_id": str(self.id)}
        self.emit("GUILD_AUDIT_LOG_ENTRY_CREATE", data, needs=BITS["view_audit_log"])
