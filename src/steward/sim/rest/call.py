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
from steward.sim.people.member import Member
from steward.sim.people.user import Json
from steward.sim.rest.errors import RestRefused, or_refuse, refuse_if
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

    `gateway_url` returns the URL at the host that the request was sent to. `path` has the path parameters by name,
    `body` the parsed JSON (None without one), `reason` is for the audit log.
    """

    world: World
    hub: Hub
    hidden: HiddenLimits
    bot: BotAccount
    gateway_url: Callable[[], str]
    path: Mapping[str, str]
    query: MultiMapping[str]
    body: Any
    files: list[Upload]
    reason: str | None

    def form(self, *, optional: bool = False) -> Form:
        """Return the body as a form; without a body, an empty one if `optional`."""
        return Form({} if optional and self.body is None else self.body)

    def values(self, fields: Mapping[str, Field], *, new: bool) -> Json:
        """Return the values of some fields of the body (`fields.take`), all of which must be valid (50035)."""
        form = self.form()
        values = take(form, fields, new=new)
        form.check()
        return values

    def list_form(self, name: str) -> Form:
        """Return the body, which must be a JSON list (50035), as the field `name` of a form."""
        if not isinstance(self.body, list):
            raise RestRefused(400, {"message": "Invalid Form Body", "code": 50035, "errors": {}})
        return Form({name: self.body})

    def id(self, name: str) -> int:
        """Return an id from the path, which must be a snowflake (50035)."""
        return self._snowflake(name, self.path[name])

    def flag(self, name: str) -> bool:
        """Return a boolean query parameter, false if absent."""
        return self.query.get(name, "").lower() in ("1", "true")

    def number(self, name: str, lowest: int, highest: int, default: int) -> int:
        """Return an integer from the query, which must be in a range (50035)."""
        form = Form(dict(self.query))
        number = form.whole(name, lowest, highest, default=default)
        form.check()
        return default if number is None else number

    def texts(self, name: str) -> list[str]:
        """Return all values of a query parameter that may be repeated."""
        return self.query.getall(name, [])

    def cursor(self, name: str) -> int | None:
        """Return an id from the query, which must be a snowflake (50035); None if absent."""
        return self._snowflake(name, self.query[name]) if name in self.query else None

    def guild(self, *permissions: str) -> Guild:
        """Return the guild of the path (10004), which the bot must be in (50001) and have permissions in (50013)."""
        guild = or_refuse(self.world.guilds.get(self.id("guild_id")), 10004)
        refuse_if(self.bot.id not in guild.bots, 50001)
        self.require_in_guild(guild, *permissions)
        return guild

    def member(self, guild: Guild) -> Member:
        """Return the bot's member of a guild that it is in."""
        return guild.members.stored[self.bot.id]

    def channel(self, *permissions: str) -> Channel:
        """Return the channel of the path, as `visible_channel`; permissions are checked as by `require_in_channel`."""
        channel = self.visible_channel(self.id("channel_id"))
        if permissions:
            self.require_in_channel(channel, *permissions)
        return channel

    def visible_channel(self, channel_id: int) -> Channel:
        """Return a channel by its id, which must exist (10003) and be visible to the bot (50001)."""
        channel = or_refuse(self.world.channels.get(channel_id), 10003)
        refuse_if(not channel.visible_to(self.bot), 50001)
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

    def log(self, guild: Guild, action: int, target: int | None, **details: Any) -> None:
        """Write an audit log entry by the bot, with its reason; the details are those of `Guild.log_change`."""
        guild.log_change(action, target, self.bot.id, self.reason, **details)

    def require_own_application(self) -> None:
        """Require the application in the path to be the bot's own (20012)."""
        refuse_if(self.id("application_id") != self.bot.application_id, 20012)

    def permissions(self, channel: Channel) -> int:
        """Return the bot's permission bits in a guild's channel."""
        return channel.own_guild.roles.permissions_in(channel, self.bot)

    def require_in_guild(self, guild: Guild, *names: str) -> None:
        """Require permissions in a guild (50013)."""
        wanted = bits_of(names)
        refuse_if(guild.roles.permissions_of(self.bot.id) & wanted != wanted, 50013)

    def require_in_channel(self, channel: Channel, *names: str) -> None:
        """Require permissions in a channel (50013), and in voice CONNECT too (50001; discord-api-docs #1522)."""
        if channel.kind == DIRECT:
            return
        found = self.permissions(channel)
        wanted = bits_of(names)
        refuse_if(channel.kind in VOICE_CHANNEL_TYPES and not found & BITS["connect"], 50001)
        refuse_if(found & wanted != wanted, 50013)

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
