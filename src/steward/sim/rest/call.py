"""An authenticated request, as the route handlers get it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from string import ascii_letters, digits
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias, TypeVar

from multidict import MultiMapping

from steward.sim.channels.channel import DIRECT, Channel
from steward.sim.guilds.guild import Guild
from steward.sim.guilds.permissions import BITS, VOICE_CHANNEL_TYPES, bits_of
from steward.sim.people.bot import BotAccount
from steward.sim.people.user import Json
from steward.sim.rest.errors import RestRefused
from steward.sim.rest.fields import Field, take
from steward.sim.rest.form import Form, as_whole, invalid_field
from steward.sim.uploads import Upload
from steward.sim.world import World

if TYPE_CHECKING:
    from steward.sim.gateway.hub import Hub
    from steward.sim.rest.limits.hidden import HiddenLimits


T = TypeVar("T")
Body: TypeAlias = Mapping[str, Any] | Sequence[Any] | None
"""The JSON body of a response with status 200, or None for 204 without one."""


class RestAnswer(NamedTuple):
    """A status and a body: JSON, None if empty, or bytes of the media type `kind`."""

    status: int
    body: Any = None
    kind: str = "application/json"


def answer_of(result: Body | RestAnswer) -> RestAnswer:
    """Return the answer for what a handler returned."""
    return result if isinstance(result, RestAnswer) else RestAnswer(204 if result is None else 200, result)


@dataclass(slots=True)
class Call:
    """
    A request of a bot.

    `path` has the path parameters by name, `body` the parsed JSON (None without one), `reason` is for the audit log.
    """

    world: World
    hub: Hub
    hidden: HiddenLimits
    bot: BotAccount
    path: Mapping[str, str]
    query: MultiMapping[str]
    body: Any
    files: list[Upload]
    reason: str | None

    def form(self) -> Form:
        """Return the body as a form."""
        return Form(self.body)

    def values(self, fields: Mapping[str, Field], *, new: bool) -> Json:
        """
        Return the validated values of some fields of the body (`steward.sim.rest.fields.take`).

        Raises:
            RestRefused: a field is invalid (50035).

        """
        form = self.form()
        found = take(form, fields, new=new)
        form.check()
        return found

    def list_form(self, name: str) -> Form:
        """
        Return a body that is a JSON list as the field `name` of a form.

        Raises:
            RestRefused: it is not a list (50035).

        """
        if not isinstance(self.body, list):
            raise RestRefused(400, {"message": "Invalid Form Body", "code": 50035, "errors": {}})
        return Form({name: self.body})

    def id(self, name: str) -> int:
        """
        Return an id from the path.

        Raises:
            RestRefused: it is not a snowflake (50035).

        """
        return self._snowflake(name, self.path[name])

    def flag(self, name: str) -> bool:
        """Return a boolean query parameter, false if absent."""
        return self.query.get(name, "").lower() in ("1", "true")

    def number(self, name: str, lowest: int, highest: int, default: int) -> int:
        """
        Return an integer from the query.

        Raises:
            RestRefused: it is not an integer, or out of range (50035).

        """
        form = Form(dict(self.query))
        found = form.whole(name, lowest, highest, default=default)
        form.check()
        return default if found is None else found

    def texts(self, name: str) -> list[str]:
        """Return all values of a query parameter that may be repeated."""
        return self.query.getall(name, [])

    def cursor(self, name: str) -> int | None:
        """
        Return an id from the query, None if absent.

        Raises:
            RestRefused: it is not a snowflake (50035).

        """
        return self._snowflake(name, self.query[name]) if name in self.query else None

    def guild(self, *permissions: str) -> Guild:
        """
        Return the guild of the path, in which the bot must have these permissions.

        Raises:
            RestRefused: it does not exist (10004), the bot is not in it (50001), or a permission is missing (50013).

        """
        guild = self.world.guilds.get(self.id("guild_id"))
        if guild is None:
            raise RestRefused.by_code(10004)
        if self.bot.id not in guild.bots:
            raise RestRefused.by_code(50001)
        self.require_in_guild(guild, *permissions)
        return guild

    def channel(self, *permissions: str) -> Channel:
        """
        Return the channel of the path, in which the bot must have these permissions, if any are given.

        Raises:
            RestRefused: it does not exist (10003), the bot may not view it (50001), or as in `require_in_channel`.

        """
        channel = self.visible_channel(self.id("channel_id"))
        if permissions:
            self.require_in_channel(channel, *permissions)
        return channel

    def visible_channel(self, channel_id: int) -> Channel:
        """
        Return a channel by its id.

        Raises:
            RestRefused: it does not exist (10003), or the bot may not view it (50001).

        """
        channel = self.world.channels.get(channel_id)
        if channel is None:
            raise RestRefused.by_code(10003)
        if not channel.visible_to(self.bot):
            raise RestRefused.by_code(50001)
        return channel

    def page(self, items: Iterable[T], most: int, id_of: Callable[[T], int]) -> list[T]:
        """Return a page of items in ascending order of ids, by the query's `before`, `after` and `limit`."""
        limit, before, after = self.number("limit", 1, most, most), self.cursor("before"), self.cursor("after")
        if before is not None:
            return [item for item in items if id_of(item) < before][-limit:]
        return [item for item in items if after is None or id_of(item) > after][:limit]

    def page_of_users(self, ids: Iterable[int]) -> list[Json]:
        """Return a page of users in ascending order of ids, by the query's `after` and `limit`."""
        limit, after = self.number("limit", 1, 100, 25), self.cursor("after") or 0
        page = sorted(user_id for user_id in ids if user_id > after)[:limit]
        return [user.payload() for user_id in page if (user := self.world.user(user_id))]

    def new_code(self, length: int) -> str:
        """Return random letters and digits."""
        return "".join(self.world.random.choices(ascii_letters + digits, k=length))

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
        Write an audit log entry by the bot, with its reason; an update without changes is not logged.

        Args:
            guild: the guild.
            action: Discord's number (`steward.sim.guilds.audit_log`).
            target: id of the changed object.
            before: its payload before, None if it is new.
            after: its payload after, None if it was deleted.
            changes: the changes, if there are no payloads to compare (`steward.sim.guilds.audit_changes`).
            options: further fields of some actions.

        """
        guild.log_change(action, target, self.bot.id, self.reason, options, before=before, after=after, changes=changes)

    def require_own_application(self) -> None:
        """
        Require the application in the path to be the bot's own.

        Raises:
            RestRefused: it is not (20012).

        """
        if self.id("application_id") != self.bot.application_id:
            raise RestRefused.by_code(20012)

    def permissions(self, channel: Channel) -> int:
        """Return the bot's permission bits in a guild's channel."""
        assert channel.guild is not None  # noqa: S101 - callers handle direct messages first
        return channel.guild.roles.permissions_in(channel, self.bot)

    def require_in_guild(self, guild: Guild, *names: str) -> None:
        """
        Require permissions in a guild.

        Raises:
            RestRefused: one is missing (50013).

        """
        wanted = bits_of(names)
        if guild.roles.permissions_of(self.bot.id) & wanted != wanted:
            raise RestRefused.by_code(50013)

    def require_in_channel(self, channel: Channel, *names: str) -> None:
        """
        Require permissions in a channel, and in a voice channel CONNECT as well.

        Raises:
            RestRefused: one is missing (50013), or CONNECT is (50001; discord-api-docs #1522).

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


Handler = Callable[[Call], Body | RestAnswer]


class Route(NamedTuple):
    """
    A method, a path template and a handler.

    `by_token`: authorized by a token in the path, or public if the path has none. `unlimited`: without a rate limit
    bucket and its headers.
    """

    method: str
    template: str
    handler: Handler
    by_token: bool = False
    unlimited: bool = False
