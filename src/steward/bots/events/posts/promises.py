"""
What an event promises that Discord would refuse: asked before it is posted, and again when it was refused.

Whoever made the event is told what Discord refuses to do for it: the cause first, where, and the remedy; once.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from typing import TYPE_CHECKING

import structlog

from steward.bots.events.model.details import BadEvent, Details, Reach
from steward.bots.events.model.occurrences import Occurrence, occurrence
from steward.bots.events.roles.check import may_not_give
from steward.client.access.permissions import POST, VOICE_TYPES, Permission
from steward.client.embeds import plain
from steward.errors import StewardError
from steward.store import Store, Transaction
from steward.store.outbox import outbox

if TYPE_CHECKING:
    from steward.client.access.channel_access import ChannelAccess, Standing
    from steward.client.payloads import Payload
    from steward.client.rest.errors import Refused


log = structlog.get_logger(__name__)

IN_CHANNEL = "Allow it in that channel's settings > Permissions, for me or my role."
IN_SERVER = "Allow it in Server Settings > Roles, for my role."


class Effect(StrEnum):
    """What an event does on Discord."""

    POST = "post"
    THREAD = "thread"
    NATIVE = "native"
    ROLE = "role"
    MENTION = "mention"
    VOICE = "voice"


BLOCKING = (Effect.POST, Effect.ROLE)
"""What an event is not posted without."""

_ONCE_MENDED = {
    Effect.POST: "update the post of {title}",
    Effect.THREAD: "open the thread of {title}",
    Effect.NATIVE: "bring the Discord event of {title} up to date",
    Effect.ROLE: "give and take the role of {title}",
}


@dataclass(frozen=True, slots=True)
class Obstacle:
    """
    Why Discord would refuse an effect.

    Attributes:
        why: the cause, a sentence; channels and roles are mentioned.

    """

    effect: Effect
    why: str
    remedy: str

    @property
    def text(self) -> str:
        """The cause, then the remedy."""
        return f"{self.why} {self.remedy}"


class Promises:
    """Tests what an event promises."""

    def __init__(self, access: ChannelAccess) -> None:
        self._access = access

    async def obstacles(self, guild_id: int, channel_id: int, details: Details) -> list[Obstacle]:
        """
        Return what Discord would refuse of an event that is posted in a channel.

        Raises:
            StewardError: Discord does not answer now.

        """
        standing = await self._access.standing(guild_id)
        channel = await self._access.seen(guild_id, channel_id)
        voice_id = details.voice_channel_id
        voice = None if voice_id is None else await self._access.seen(guild_id, voice_id)
        return [
            *_of_post(standing, channel_id, channel, details),
            *_of_native(standing, voice, details),
            *_of_role(standing, details),
            *_of_mentions(standing, channel_id, channel, details),
            *_of_voice(standing, voice, details),
        ]

    async def require(self, guild_id: int, channel_id: int, details: Details) -> list[str]:
        """
        Return what Discord would refuse of an event that is posted all the same.

        Raises:
            BadEvent: it can't be posted so.
            StewardError: Discord does not answer now.

        """
        found = await self.obstacles(guild_id, channel_id, details)
        for one in found:
            if one.effect in BLOCKING:
                raise BadEvent(one.why, remedy=one.remedy)
        return [one.text for one in found]


def _of_post(standing: Standing, channel_id: int, channel: Payload | None, details: Details) -> Iterator[Obstacle]:
    if channel is None:
        yield Obstacle(Effect.POST, f"I can't see <#{channel_id}>.", f"I need View Channel there. {IN_CHANNEL}")
        return
    held = standing.in_channel(channel)
    if missing := POST & ~held:
        yield Obstacle(Effect.POST, f"To post in <#{channel_id}> I need {missing.said} there.", IN_CHANNEL)
    if details.thread and not held & Permission.CREATE_PUBLIC_THREADS:
        why = f"To open a thread in <#{channel_id}> I need {Permission.CREATE_PUBLIC_THREADS.said} there."
        yield Obstacle(Effect.THREAD, why, IN_CHANNEL)


def _of_native(standing: Standing, voice: Payload | None, details: Details) -> Iterator[Obstacle]:
    if not details.native:
        return
    if not standing.in_guild & (Permission.CREATE_EVENTS | Permission.MANAGE_EVENTS):
        why = f"To create a Discord event I need {Permission.CREATE_EVENTS.said} in this server."
        yield Obstacle(Effect.NATIVE, why, IN_SERVER)
    needed = Permission.VIEW_CHANNEL | Permission.CONNECT
    if voice is not None and (missing := needed & ~standing.in_channel(voice)):
        why = f"To create a Discord event in <#{voice['id']}> I need {missing.said} there."
        yield Obstacle(Effect.NATIVE, why, IN_CHANNEL)


def _of_role(standing: Standing, details: Details) -> Iterator[Obstacle]:
    if details.role_id is not None:
        refusal = may_not_give(standing.guild, standing.member, details.role_id, whose="my", who="I")
        if refusal is not None:
            yield Obstacle(Effect.ROLE, refusal.sentence, refusal.remedy)


def _of_mentions(standing: Standing, channel_id: int, channel: Payload | None, details: Details) -> Iterator[Obstacle]:
    if all(reminder.reach is not Reach.ROLE for reminder in details.reminders):
        return
    instead = "so reminders mention each member instead."
    if details.role_id is None:
        why = f"Reminders are to mention a role, but none is chosen, {instead}"
        yield Obstacle(Effect.MENTION, why, "Choose one in Who and where.")
        return
    if standing.role(details.role_id) is None or channel is None:
        return
    if not standing.may_mention(details.role_id, channel):
        why = f"I may not mention <@&{details.role_id}> in <#{channel_id}>, {instead}"
        yield Obstacle(
            Effect.MENTION,
            why,
            "Let anyone mention that role in Server Settings > Roles, or allow me to mention all roles in the channel.",
        )


def _of_voice(standing: Standing, voice: Payload | None, details: Details) -> Iterator[Obstacle]:
    if details.voice_channel_id is None:
        return
    if voice is None or voice["type"] not in VOICE_TYPES or not standing.in_channel(voice) & Permission.VIEW_CHANNEL:
        why = f"I can't see <#{details.voice_channel_id}>, where the event takes place."
        yield Obstacle(Effect.VOICE, why, f"I need View Channel there. {IN_CHANNEL}")


class Refusals:
    """Explains refusals, and tells organisers of them."""

    def __init__(self, store: Store, promises: Promises) -> None:
        self._store = store
        self._promises = promises

    async def explain(self, occurrence_id: int, error: Refused, *, effect: Effect, remedy: str = "") -> str:
        """
        Return why Discord refuses something to an event, with the remedy; its organiser is told, once for a series.

        Args:
            error: what Discord said, which is told where no permission is missing.
            remedy: what to do then.

        Raises:
            StewardError: the event is gone, or the database is away.

        """
        event = await self._store.read(partial(occurrence, occurrence_id=occurrence_id))
        found = await self._found(event, effect)
        why = found.text if found is not None else f"{error.sentence} {remedy}".strip()
        what = _ONCE_MENDED[effect].format(title=f"**{plain(event.details.title)}** in <#{event.channel_id}>")
        text = f"{why} Once that's done, I'll {what} within ten minutes."
        await self.tell(event, effect, text)
        return text

    async def tell(self, event: Occurrence, effect: Effect, text: str) -> None:
        """Promise an event's organiser a direct message, or a mention in the channel; once in 30 days for a series."""
        await self._store.write(partial(_tell, event=event, effect=effect, text=text))

    async def _found(self, event: Occurrence, effect: Effect) -> Obstacle | None:
        try:
            found = await self._promises.obstacles(event.guild_id, event.channel_id, event.details)
        except StewardError as error:  # Discord's own words must do
            log.warning("events_delayed", error=str(error))
            return None
        likely = (effect, Effect.POST) if effect is Effect.THREAD else (effect,)
        return next((one for one in found if one.effect in likely), None)


def _tell(tx: Transaction, event: Occurrence, effect: Effect, text: str) -> None:
    organiser_id = occurrence(tx, event.id).organiser_id  # as it is now: they may have been forgotten meanwhile
    if not organiser_id:
        return
    outbox.put_direct(
        tx,
        key=f"event_refused:{event.guild_id}:{event.event_id}:{effect}",
        user_id=organiser_id,
        payload={"content": text},
        instead_channel_id=event.channel_id,
    )
