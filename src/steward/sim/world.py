"""The state of the simulated Discord. It does no I/O and emits each change as an event."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from random import Random

from steward.runtime.clock import Clock
from steward.sim.channels.channel import DIRECT, Channel
from steward.sim.events import Event
from steward.sim.guilds.guild import DEFAULT_BOT_PERMISSIONS, Guild
from steward.sim.guilds.invite import Invite
from steward.sim.guilds.webhook import Webhook
from steward.sim.interactions.acts import Acts
from steward.sim.interactions.book import InteractionBook
from steward.sim.limits import Limits
from steward.sim.people.bot import PRIVILEGED_INTENTS, BotAccount, make_token
from steward.sim.people.population import Population
from steward.sim.people.user import User
from steward.sim.scheduled.alarms import Alarms
from steward.sim.snowflake import LOW_BITS, Snowflakes, milliseconds
from steward.sim.uploads import Uploads

_FEWEST = 2
_DISCRIMINATORS = 9973  # a prime below 9999, so that consecutive ids get different ones
_GUILD_AGE_MS = 2 * 365 * 86_400_000
_GUILD_STEP_MS = 60_013  # a prime, so that guilds spread evenly over any number of shards


class World:
    """Guilds, channels, users and bots; `emit` is called with each event."""

    def __init__(
        self, clock: Clock, random: Random, emit: Callable[[Event], None], *, limits: Limits, uploads: Uploads
    ) -> None:
        self.clock = clock
        self.random = random
        self.emit = emit
        self.limits = limits
        self.uploads = uploads
        self.forget_files = uploads.forget  # one object for all channels, of which there may be half a million
        self.interactions = InteractionBook(self)
        self.acts = Acts(self)
        self.snowflakes = Snowflakes(clock)
        self.alarms = Alarms(clock)
        self.guilds: dict[int, Guild] = {}
        self.channels: dict[int, Channel] = {}
        self.users: dict[int, User] = {}
        self.bots: dict[int, BotAccount] = {}
        self.webhooks: dict[int, Webhook] = {}
        self.invites: dict[str, Invite] = {}
        self._direct: dict[tuple[int, int], Channel] = {}
        self._crowds: dict[int, Population] = {}
        self._used: defaultdict[int, int] = defaultdict(int)
        self._first_guild_ms = milliseconds(clock.now()) - _GUILD_AGE_MS

    def add_bot(self, name: str, privileged_intents: frozenset[str] = PRIVILEGED_INTENTS) -> BotAccount:
        """Create a bot account; `ValueError` if a privileged intent is unknown."""
        if unknown := privileged_intents - PRIVILEGED_INTENTS:
            known = ", ".join(sorted(PRIVILEGED_INTENTS))
            raise ValueError(f"{', '.join(sorted(unknown))}: no privileged intent. Known are: {known}.")
        number = self.snowflakes.next()
        user = User(number, name, bot=True, discriminator=f"{number % _DISCRIMINATORS + 1:04d}")
        bot = BotAccount(user, make_token(user.id, self.random), privileged_intents)
        self.users[user.id] = user
        self.bots[bot.id] = bot
        return bot

    def bot_with_token(self, token: str) -> BotAccount | None:
        """Return the bot with this token."""
        return next((bot for bot in self.bots.values() if bot.token == token), None)

    def add_guild(
        self,
        name: str,
        bot: BotAccount | None,
        *,
        members: int,
        online: int,
        bans: int,
        permissions: tuple[str, ...] = DEFAULT_BOT_PERMISSIONS,
    ) -> Guild:
        """Create a guild of `members`, including the bot; `ValueError` if the numbers contradict each other."""
        if members < _FEWEST or not 0 <= online <= members or bans < 0:
            raise ValueError(
                f"A guild of {members} members, {online} online, {bans} bans cannot be: it has at least 2 members "
                "(its owner and the bot), no more of them online than there are, and no negative number of bans."
            )
        created = self._first_guild_ms + len(self.guilds) * _GUILD_STEP_MS
        guild = Guild(self, created << LOW_BITS, name, self._crowd(members), self._crowd(bans), online=online)
        self.guilds[guild.id] = guild
        if bot is not None:
            guild.add_bot(bot, *permissions, replace_member=True)
        return guild

    def guilds_of(self, bot: BotAccount) -> list[Guild]:
        """Return the guilds of a bot, by ascending id."""
        return list(bot.guilds)

    def user(self, user_id: int) -> User | None:
        """Return a user by id, anonymous members included."""
        found = self.users.get(user_id)
        if found is None and (crowd := self._crowds.get(user_id & ((1 << LOW_BITS) - 1))):
            found = crowd.user(user_id)
        return found

    def new_user(self, name: str) -> User:
        """Create a human account, signed up now."""
        user = User.named(self.snowflakes.next(), name)
        self.users[user.id] = user
        return user

    def unused_ids(self, crowd: Population) -> Iterator[int]:
        """Yield ids of a population, each once."""
        while self._used[crowd.salt] < crowd.size:
            self._used[crowd.salt] += 1
            yield crowd.id_of(self._used[crowd.salt] - 1)

    def direct_channel(self, bot: BotAccount, user: User) -> Channel:
        """Return the direct-message channel of a bot and a user; created on first use."""
        channel = self._direct.get((bot.id, user.id))
        if channel is None:
            channel = Channel(self, self.snowflakes.next(), DIRECT, user.name, recipient=user, bot=bot)
            self._direct[bot.id, user.id] = self.channels[channel.id] = channel
        return channel

    def direct_channels_of(self, user: User) -> list[Channel]:
        """Return a user's direct messages with bots."""
        return [channel for channel in self._direct.values() if channel.recipient is user]

    def forget_channel(self, channel: Channel) -> None:
        """Remove a channel with its threads, webhooks, invites and records of who wrote there."""
        self.channels.pop(channel.id, None)
        for code in [code for code, found in self.invites.items() if found.channel is channel]:
            del self.invites[code]
        for webhook in [found for found in self.webhooks.values() if found.channel is channel]:
            del self.webhooks[webhook.id]
        if channel.guild is not None:
            for member in channel.guild.members.in_voice:
                if member.voice_channel is channel:
                    member.move_to(None)
            for child in channel.guild.channels.values():
                if child.parent_id == channel.id:
                    child.parent_id = None
                    child.changed()
            channel.guild.channels.pop(channel.id, None)
            if (stage := channel.guild.stages.pop(channel.id, None)) is not None:
                channel.guild.emit("STAGE_INSTANCE_DELETE", stage)
            channel.guild.threads.pop(channel.id, None)
            for thread in [found for found in channel.guild.threads.values() if found.parent is channel]:
                self.forget_channel(thread)
            channel.guild.forget_channel(channel.id)

    def _crowd(self, size: int) -> Population:
        salt = len(self._crowds) + 1
        crowd = self._crowds[salt] = Population(size, salt)
        return crowd
