"""The simulator: Discord on a loopback port."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from types import TracebackType
from typing import Self

from steward.runtime.clock import Clock
from steward.sim.events import Event
from steward.sim.faults import Faults
from steward.sim.gateway.hub import Hub, gateway_url
from steward.sim.gateway.session import GatewaySession
from steward.sim.guilds.guild import DEFAULT_BOT_PERMISSIONS, Guild
from steward.sim.limits import Limits
from steward.sim.listener import HOST, Listener
from steward.sim.people.bot import PRIVILEGED_INTENTS, BotAccount
from steward.sim.recorder import Recorder
from steward.sim.rest.api import Api
from steward.sim.rest.limits.hidden import HiddenLimits
from steward.sim.subscribers import Subscribers
from steward.sim.uploads import Uploads
from steward.sim.world import World


class Simulator:
    """
    A simulated Discord: REST v10 and the gateway.

    Use as `async with Simulator(clock=clock) as sim`; create guilds, point a client at `sim.api_url` with
    `sim.bot.token`, and act as the guilds' members.

    Args:
        clock: on an accelerated loop, that loop's clock.
        seed: of all randomness; the same seed gives the same tokens, and the same ids at the same times.
        port: 0 for a free one.
        host: the IP address to listen on, loopback by default; `0.0.0.0` and `::` are all of this machine's. Whoever
            reaches it can use it: it has no secrets.

    Raises:
        ValueError: the host is not an IP address.

    """

    def __init__(
        self, *, clock: Clock, seed: int = 1, port: int = 0, host: str = HOST, limits: Limits | None = None
    ) -> None:
        self.limits = limits if limits is not None else Limits()
        self.recorder = Recorder()
        self._subscribers = Subscribers[Event]()
        random = Random(seed)  # noqa: S311 - repeatable on purpose
        uploads = Uploads(lambda: f"http://{self._listener.authority}", most_bytes=self.limits.kept_file_bytes)
        self.world = World(clock, random, self._emit, limits=self.limits, uploads=uploads)
        self.hidden = HiddenLimits(self.world)
        self._hub = Hub(self.world, self.recorder)
        self.faults = Faults(self._hub)
        api = Api(self.world, self._hub, self.hidden, self.recorder, self.faults)
        self._listener = Listener(host, port, self.world, self._hub, api.answer)
        self.bot = self.add_bot("Steward")

    def _emit(self, event: Event) -> None:
        self._hub.dispatch(event)
        self._subscribers.tell(event)

    def subscribe(self, listener: Callable[[Event], None]) -> Callable[[], None]:
        """Call `listener` with each event, whether a bot receives it or not, until the returned function is called."""
        return self._subscribers.add(listener)

    # The world

    def add_bot(self, name: str, privileged_intents: set[str] | frozenset[str] = PRIVILEGED_INTENTS) -> BotAccount:
        """
        Create a bot account; `privileged_intents` are those enabled in the developer portal.

        Raises:
            ValueError: a name is not `members`, `presences` or `message_content`.

        """
        return self.world.add_bot(name, frozenset(privileged_intents))

    def add_guild(
        self,
        name: str,
        *,
        members: int = 10,
        online: int = 0,
        bans: int = 0,
        bot: BotAccount | None = None,
        permissions: tuple[str, ...] = DEFAULT_BOT_PERMISSIONS,
    ) -> Guild:
        """
        Create a guild with numbers of members, of those online, and of bans.

        Args:
            members: includes the owner and the bot.
            bot: the bot in it; the first one by default.
            permissions: granted by the bot's role.

        Raises:
            ValueError: the numbers contradict each other.

        """
        return self.world.add_guild(
            name, bot or self.bot, members=members, online=online, bans=bans, permissions=permissions
        )

    # Addresses

    @property
    def port(self) -> int:
        """The port; 0 before the first start if none was given."""
        return self._listener.port

    @property
    def api_url(self) -> str:
        """Base URL of the REST API."""
        return f"http://{self._listener.authority}/api/v10"

    @property
    def gateway_url(self) -> str:
        """URL of the gateway."""
        return gateway_url(self._listener.authority)

    @property
    def sessions(self) -> tuple[GatewaySession, ...]:
        """Gateway sessions that are connected or can be resumed."""
        return tuple(self._hub.sessions)

    def describe(self) -> str:
        """Return addresses, token and ids as text, for connecting a bot."""
        guilds = "\n".join(
            f"  {guild.id}  {guild.name}: {guild.member_count:,} members, {guild.online_count:,} online, "
            f"{guild.ban_count:,} bans"
            for guild in self.world.guilds.values()
        )
        channels = "\n".join(
            f"  {channel.id}  {channel.name}"
            for guild in self.world.guilds.values()
            for channel in guild.channels.values()
        )
        return (
            f"REST     {self.api_url}\nGateway  {self.gateway_url}\nToken    {self.bot.token}\n"
            f"Guilds\n{guilds or '  none'}\nChannels\n{channels or '  none'}"
        )

    # Listening

    async def start_listening(self) -> None:
        """Open the port, the same as before; does nothing if it is open."""
        await self._listener.open()

    async def stop_listening(self) -> None:
        """Close the port and all connections; sessions can be resumed."""
        await self._listener.close()

    async def __aenter__(self) -> Self:
        await self.start_listening()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop_listening()
        self._hub.close()
        self.world.alarms.close()
