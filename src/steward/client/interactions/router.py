"""Which handler a component or modal belongs to, by its `custom_id` alone: nothing is remembered of messages."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypedDict, TypeVar, Unpack

import discord

from steward.client.components.actions import Action, read
from steward.client.components.reply import Reply
from steward.errors import StewardError
from steward.runtime.quarantine import Owner

T = TypeVar("T")

OUTDATED = "This is from an older version of me and no longer works."
UNKNOWN = "This doesn't work any more."
ASK_AGAIN = "Use the command again for a new one."


class Outdated(StewardError):
    """A component whose handler is not there, or understands a newer form only."""


class Unknown(Outdated):
    """A component that no bot here has made, or that a part made which is no more."""


@dataclass(frozen=True, slots=True)
class Use:
    """
    What a member did to a component or modal.

    Attributes:
        interaction: who, where, with which permissions.
        args: those of `Action.id`, as text.
        values: what was chosen in a message's select: values, or ids of members, roles, channels.
        fields: a modal's texts by the names of its fields.
        chosen: what was chosen in a modal's selects, by their names.

    """

    interaction: discord.Interaction
    args: tuple[str, ...]
    values: tuple[str, ...]
    fields: Mapping[str, str]
    chosen: Mapping[str, tuple[str, ...]]

    @property
    def value(self) -> str:
        """
        The one thing that was chosen in a message's select.

        Raises:
            Unknown: nothing was.

        """
        if len(self.values) != 1:
            raise Unknown(UNKNOWN, remedy=ASK_AGAIN)
        return self.values[0]


class ModalParts(dict[str, T]):
    """What a modal's fields hold; one that lacks a field is none of ours, and its sender is told so."""

    def __missing__(self, name: str) -> T:
        raise Unknown(UNKNOWN, remedy=ASK_AGAIN)


Handle = Callable[[Use], Awaitable[Reply | None]]


class HandlerOptions(TypedDict, total=False):
    """
    How a component or modal is answered.

    Attributes:
        private: only the member sees the answer, unless the reply itself says otherwise.
        command: the name of a command; only who may use it may use this.
        opens_form: the reply may open a form: Discord takes one as the first answer only.

    """

    private: bool
    command: str | None
    opens_form: bool


@dataclass(frozen=True, slots=True)
class Registered:
    """A handler with its options, and whose it is."""

    action: Action
    handle: Handle
    owner: Owner | None = None
    private: bool = False
    command: str | None = None
    opens_form: bool = False


class Router:
    """Handlers by action."""

    def __init__(self) -> None:
        self._handlers: dict[tuple[str, str], Registered] = {}

    def on(
        self, action: Action, handle: Handle, *, owner: Owner | None = None, **options: Unpack[HandlerOptions]
    ) -> None:
        """
        Have `handle` called when a component or modal of `action` is used.

        Raises:
            ValueError: the action has a handler already.

        """
        key = action.bot, action.name
        if key in self._handlers:
            raise ValueError(f"{action.bot}:{action.name} has a handler already.")
        self._handlers[key] = Registered(action, handle, owner, **options)

    def remove(self, owner: Owner) -> None:
        """Drop the handlers of an owner."""
        self._handlers = {key: one for key, one in self._handlers.items() if one.owner is not owner}

    @property
    def commands(self) -> set[str]:
        """The commands whose rights are taken."""
        return {one.command for one in self._handlers.values() if one.command is not None}

    def find(self, interaction: discord.Interaction) -> tuple[Registered, Use]:
        """
        Return the handler of a component or modal, and what to call it with.

        Raises:
            Outdated: there is none, or its `custom_id` has another version, or other arguments than it can have.

        """
        data: dict[str, Any] = dict(interaction.data or {})
        named = read(data["custom_id"])
        found = None if named is None else self._handlers.get((named.bot, named.name))
        if named is None or found is None:
            raise Unknown(UNKNOWN, remedy=ASK_AGAIN)
        if named.version != found.action.version:
            raise Outdated(OUTDATED, remedy=ASK_AGAIN)
        if not found.action.takes(named.args):
            raise Unknown(UNKNOWN, remedy=ASK_AGAIN)
        sent = list(inputs(data.get("components", ())))
        use = Use(
            interaction,
            named.args,
            tuple(data.get("values", ())),
            ModalParts({item["custom_id"]: item["value"] or "" for item in sent if "value" in item}),
            ModalParts({item["custom_id"]: tuple(item["values"]) for item in sent if "values" in item}),
        )
        return found, use


def inputs(components: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Yield a modal's fields, opened or submitted, out of their labels and rows."""
    for component in components:
        if "custom_id" in component:
            yield component
        inner = [component["component"]] if "component" in component else component.get("components", [])
        yield from inputs(inner)
