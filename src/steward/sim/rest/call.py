"""One authenticated request, as the routes see it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from multidict import MultiMapping

from steward.sim.channels.channel import DIRECT, Channel
from steward.sim.guilds.guild import Guild
from steward.sim.guilds.permissions import BITS, VOICE_CHANNEL_TYPES, bits_of
from steward.sim.limits import Limits
from steward.sim.people.bot import BotAccount
from steward.sim.people.user import Json
from steward.sim.rest.errors import RestRefused
from steward.sim.rest.form import Form, as_whole, invalid_field
from steward.sim.uploads import Upload
from steward.sim.world import World

if TYPE_CHECKING:
    from steward.sim.rest.limits.hidden import HiddenLimits


class RestAnswer(NamedTuple):
    """A status and the body: JSON, None for an empty one, or bytes of another `kind` of media."""

    status: int
    body: Any = None
    kind: str = "application/json"


@dataclass(slots=True)
class Call:
    """
    A request of a bot.

    Args:
        world: what it acts on.
        bot: who calls.
        path: the parameters in the path, by name.
        query: the query parameters.
        body: the parsed JSON body, None without one.
        files: uploaded files.
        reason: the audit log reason.
        limits: sizes.
        hidden: the limits that depend on what is asked.
        describe_gateway: returns the gateway's URL and the bot's session start limit.

    """

    world: World
    bot: BotAccount
    path: Mapping[str, str]
    query: MultiMapping[str]
    limits: Limits
    hidden: HiddenLimits
    describe_gateway: Callable[[BotAccount], tuple[str, dict[str, int]]]
    body: Any = None
    files: list[Upload] = field(default_factory=list)
    reason: str | None = None

    def form(self) -> Form:
        """Return the body for reading."""
        return Form(self.body)

    def id(self, name: str) -> int:
        """
        Return an id from the path.

        Raises:
            Refused: it is no snowflake (50035).

        """
        return self._snowflake(name, self.path[name])

    def flag(self, name: str) -> bool:
        """Return a boolean query parameter in any of Discord's spellings."""
        return self.query.get(name, "").lower() in ("1", "true")

    def number(self, name: str, lowest: int, highest: int, default: int) -> int:
        """
        Return a whole number from the query.

        Raises:
            Refused: it is no number, or out of range (50035).

        """
        form = Form(dict(self.query))
        found = form.whole(name, lowest, highest, default=default)
        form.check()
        return default if found is None else found

    def texts(self, name: str) -> list[str]:
        """Return what the query says of a parameter that may come several times."""
        return self.query.getall(name, [])

    def cursor(self, name: str) -> int | None:
        """
        Return an id from the query, None without one.

        Raises:
            Refused: it is no snowflake (50035).

        """
        return self._snowflake(name, self.query[name]) if name in self.query else None

    def guild(self) -> Guild:
        """
        Return the guild of the path.

        Raises:
            Refused: there is none (10004), or the bot is not in it (50001).

        """
        guild = self.world.guilds.get(self.id("guild_id"))
        if guild is None:
            raise RestRefused.by_code(10004)
        if self.bot.id not in guild.bots:
            raise RestRefused.by_code(50001)
        return guild

    def channel(self) -> Channel:
        """
        Return the channel of the path.

        Raises:
            Refused: there is none (10003), or the bot may not view it (50001).

        """
        channel = self.world.channels.get(self.id("channel_id"))
        if channel is None:
            raise RestRefused.by_code(10003)
        if not channel.visible_to(self.bot):
            raise RestRefused.by_code(50001)
        return channel

    def log(
        self,
        guild: Guild,
        action: int,
        target: int | None,
        *,
        before: Json | None = None,
        after: Json | None = None,
        changes: list[Json] | None = None,
        options: Json | None = None,
    ) -> None:
        """
        Write into the audit log what the bot did, with its reason.

        Args:
            guild: where.
            action: Discord's number (`steward.sim.guilds.audit_log`).
            target: the id of what it was done to.
            before: the payload of that as it was, None where it is new.
            after: its payload now, None where it is gone; the differences are noted, and nothing where there are none.
            changes: those, where no payloads tell them (`steward.sim.guilds.audit_changes`).
            options: what Discord adds for some actions.

        """
        guild.log_change(action, target, self.bot.id, self.reason, options, before=before, after=after, changes=changes)

    def need_own_application(self) -> None:
        """
        Insist that the path names the bot's own application.

        Raises:
            Refused: it is another's (20012).

        """
        if self.id("application_id") != self.bot.application_id:
            raise RestRefused.by_code(20012)

    def permissions(self, channel: Channel) -> int:
        """Return what the bot may do in a guild's channel."""
        assert channel.guild is not None  # noqa: S101 - callers treat direct messages first
        return channel.guild.roles.permissions_in(channel, self.bot)

    def need_in_guild(self, guild: Guild, *names: str) -> None:
        """
        Insist on permissions in a guild.

        Raises:
            Refused: one is missing (50013).

        """
        wanted = bits_of(names)
        if guild.roles.permissions_of(self.bot.id) & wanted != wanted:
            raise RestRefused.by_code(50013)

    def need_in_channel(self, channel: Channel, *names: str) -> None:
        """
        Insist on permissions in a channel; whoever may not CONNECT to a voice channel may not touch it.

        Raises:
            Refused: one is missing (50013), or CONNECT to a voice channel is (50001; discord-api-docs #1522).

        """
        if channel.kind == DIRECT:
            return
        found = self.permissions(channel)
        wanted = bits_of(names)
        if channel.kind in VOICE_CHANNEL_TYPES and not found & BITS["connect"]:
            raise RestRefused.by_code(50001)
        if found & wanted != wanted:
            raise RestRefused.by_code(50013)

    @staticmethod
    def _snowflake(name: str, text: str) -> int:
        number = as_whole(text)
        if number is None or not 0 <= number < 1 << 64:
            raise invalid_field(name, "NUMBER_TYPE_COERCE", f'Value "{text[:50]}" is not snowflake.')
        return number


Handler = Callable[[Call], RestAnswer]


class Route(NamedTuple):
    """
    A method, a path template and what answers it.

    `by_token`: whoever has the token in the path may call it, or anybody where the path has none. `unlimited`: it has
    no bucket, and no headers of one.
    """

    method: str
    template: str
    handler: Handler
    by_token: bool = False
    unlimited: bool = False
