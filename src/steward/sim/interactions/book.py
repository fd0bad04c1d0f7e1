"""Creates interactions and finds them by token."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable
from typing import TYPE_CHECKING

from steward.sim.channels.message import Message
from steward.sim.events import Event
from steward.sim.interactions import payload
from steward.sim.interactions.interaction import Interaction
from steward.sim.people.user import Json
from steward.sim.subscribers import Subscribers

if TYPE_CHECKING:
    from steward.sim.channels.channel import Channel
    from steward.sim.people.bot import BotAccount
    from steward.sim.people.member import Member
    from steward.sim.people.user import User
    from steward.sim.world import World

_SECRET = 64


class InteractionBook:
    """The interactions of a world, by token; old ones are dropped."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._by_token: dict[str, Interaction] = {}
        self._subscribers = Subscribers[Interaction]()

    def begin(
        self,
        kind: int,
        bot: BotAccount,
        who: Member,
        channel: Channel,
        data: Json,
        *,
        message: Message | None = None,
        parent: Interaction | None = None,
    ) -> Interaction:
        """Create an interaction and emit INTERACTION_CREATE to its bot."""
        self._forget_old()
        interaction_id = self._world.snowflakes.next()
        secret = f"{self._world.random.getrandbits(8 * _SECRET // 2):0{_SECRET}x}"
        token = b64encode(f"interaction:{interaction_id}:{secret}".encode()).decode().rstrip("=")
        interaction = Interaction(self._world, interaction_id, token, kind, bot, who, channel, data, message, parent)
        self._by_token[token] = interaction
        self.tell(interaction)
        self._world.emit(Event("INTERACTION_CREATE", payload.created(interaction), guild=channel.guild, only=bot))
        return interaction

    def with_token(self, token: str) -> Interaction | None:
        """Return the interaction of a token."""
        return self._by_token.get(token)

    @property
    def recent(self) -> list[Interaction]:
        """The recent interactions, oldest first."""
        return list(self._by_token.values())

    def of(self, user: User, channel: Channel) -> list[Interaction]:
        """Return a user's recent interactions in a channel, oldest first."""
        return [one for one in self._by_token.values() if one.user is user and one.channel is channel]

    def subscribe(self, listener: Callable[[Interaction], None]) -> Callable[[], None]:
        """Call `listener` when an interaction begins or gets a response, until the returned function is called."""
        return self._subscribers.add(listener)

    def tell(self, interaction: Interaction) -> None:
        """Tell the listeners that an interaction has changed."""
        self._subscribers.tell(interaction)

    def _forget_old(self) -> None:
        # Twice the lifetime, to tell an expired token from an unknown one.
        while self._by_token:
            token, oldest = next(iter(self._by_token.items()))
            if oldest.age <= 2 * self._world.limits.interaction_token_seconds:
                break
            del self._by_token[token]
