"""What a bot registers, with its name on it: nothing of it is called while the bot is switched off."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any, Self, Unpack

from steward.runtime.quarantine import Owner
from steward.store import JobRunner, Schedule
from steward.store.jobs.runner import Handler

if TYPE_CHECKING:
    from steward.client.components import Action
    from steward.client.interactions import Handle, Interactions
    from steward.client.interactions.rights import Declared
    from steward.client.interactions.router import HandlerOptions
    from steward.client.lean import Interruption, LeanClient

STEWARDS_OWN = frozenset({"help", "privacy", "timezone", "export", "setup"})


class _Owned:
    """One bot's part of something; the whole where no owner is named."""

    def __init__(self, whole: Any, owner: Owner | None = None) -> None:
        self._whole = whole
        self._owner = owner

    def owned_by(self, owner: Owner) -> Self:
        """Return the same for a bot."""
        return type(self)(self._whole, owner)


class OwnedInteractions(_Owned):
    """The commands and components of one bot."""

    _whole: Interactions

    def add(self, command: Declared) -> None:
        """
        Take up a command or group; see `Interactions.add`.

        Raises:
            ValueError: its name belongs to Steward itself.

        """
        if command.name in STEWARDS_OWN:
            raise ValueError(f"/{command.name} is Steward's own.")
        self._whole.add(command, owner=self._owner)

    def on(self, action: Action, handle: Handle, **options: Unpack[HandlerOptions]) -> None:
        """
        Have a component or modal answered; see `Interactions.on`.

        Raises:
            ValueError: its action carries another bot's name.

        """
        if self._owner is not None and action.bot != self._owner.name:
            raise ValueError(f"The action {action.name} carries the name {action.bot}, not {self._owner.name}.")
        self._whole.on(action, handle, owner=self._owner, **options)


class OwnedJobs(_Owned):
    """The durable jobs of one bot."""

    _whole: JobRunner

    def register(
        self, name: str, schedule: Schedule, handler: Handler, *, coalesce: bool = False, deletes: bool = False
    ) -> None:
        """Add a job, or change one; see `JobRunner.register`."""
        self._whole.register(name, schedule, handler, coalesce=coalesce, deletes=deletes, owner=self._owner)

    def unregister(self, name: str) -> None:
        """Stop running a job; what is recorded of it stays."""
        self._whole.unregister(name)

    async def last_done(self, name: str, before: datetime) -> datetime | None:
        """Return when the newest occurrence of a job that is done was due, before that instant."""
        return await self._whole.last_done(name, before)


class OwnedGateway(_Owned):
    """What one bot hears of Discord's events."""

    _whole: LeanClient

    def on_gateway(self, event: str, sink: Callable[[dict[str, Any]], None]) -> None:
        """Have `sink` called with the payload of every `event`; see `LeanClient.on_gateway`."""
        self._whole.on_gateway(event, sink, owner=self._owner)

    def on_interruption(self, sink: Callable[[Interruption], None]) -> None:
        """Have `sink` called whenever events have been lost; see `LeanClient.on_interruption`."""
        self._whole.on_interruption(sink if self._owner is None else self._owner.guard(sink))
