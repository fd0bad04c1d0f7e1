"""Where interactions arrive: the task of each is held until it is done, and has a line in the log."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Hashable
from functools import partial
from math import inf
from typing import TYPE_CHECKING, Any, Self, Unpack

import discord
from discord import AppCommandType, InteractionType

from steward.client.components.actions import Action, read
from steward.client.components.reply import Reply
from steward.client.interactions.answered import is_private, opens_form
from steward.client.interactions.answering.answer import put_late
from steward.client.interactions.answering.load import Load
from steward.client.interactions.answering.pace import Pace, TooFast
from steward.client.interactions.answering.turn import WAY_BACK, Turn
from steward.client.interactions.choices import PICK, Ambiguous, Choices, Command
from steward.client.interactions.forms import OPEN_AGAIN, Forms
from steward.client.interactions.offered import Family, offered
from steward.client.interactions.rights import Declared, Rights, type_of, whole_of
from steward.client.interactions.router import Handle, HandlerOptions, Outdated, Registered, Router, Unknown, Use
from steward.client.interactions.sync import CommandSync
from steward.client.interactions.tree import CommandTree, complete
from steward.client.payloads import tidy
from steward.runtime.bounded_dict import BoundedDict
from steward.runtime.clock import Clock
from steward.runtime.limits import Limiter
from steward.runtime.logs.loggers import get_logger
from steward.runtime.quarantine import Owner
from steward.store import Store

if TYPE_CHECKING:  # in a bot without Steward's own libraries it can't be imported
    from steward.client.lean import LeanClient

log = get_logger(__name__)

FINISH_WITHIN = 1.5
REMEMBERED = 1000

Refusal = TooFast | Unknown


class Interactions:
    """
    Answers the interactions of a client; see the package for an example.

    Use as `async with`: when the block is left, running handlers have 1.5 seconds to finish, and whoever still waits
    is told to try again.

    Args:
        store: remembers which commands Discord has, and answers that come too late for Discord, which are sent by it.
        limiter: how often commands may be given, by `user`, `guild` and `command`; without one as often as may be.
            Buttons, selects, modals and completions are not counted.
        slow_after: seconds from which an interaction is logged as slow.
        observe: told the seconds that each took, autocompletion aside.
        taken: called when somebody else has answered an interaction before.

    """

    def __init__(
        self,
        client: LeanClient,
        store: Store,
        clock: Clock,
        *,
        limiter: Limiter | None = None,
        slow_after: float = 1.0,
        observe: Callable[[float], None] = lambda seconds: None,
        taken: Callable[[], None] = lambda: None,
    ) -> None:
        self._store = store
        self._clock = clock
        self._pace = None if limiter is None else Pace(limiter, clock)
        self._slow_after = slow_after
        self._observe = observe
        self._taken = taken
        self._requests = client.token_requests
        self._tree = CommandTree(client)
        self._owners: dict[tuple[AppCommandType, str], Owner] = {}
        self._router = Router()
        self._choices = Choices(self._require)
        self._router.on(PICK, self._choices.picked, private=True, opens_form=True)
        self._forms = Forms()
        self._router.on(OPEN_AGAIN, self._forms.open_again, private=True, opens_form=True)
        self._sync = CommandSync(client, store, self._tree.payload)
        self._rights = Rights(client, lambda: self._sync.ids, clock)
        self._refused: list[Callable[[discord.Interaction, Refusal], None]] = []
        self._running: set[asyncio.Task[None]] = set()
        self._seen = BoundedDict[int, None](REMEMBERED)
        self._closing = False
        self._load = Load(clock)
        client.event(self.on_interaction)

    def add(self, command: Declared, *, owner: Owner | None = None) -> None:
        """
        Take up a command or group; before `sync`.

        Args:
            owner: whose it is; while that is off, the command is refused.

        Raises:
            discord.app_commands.CommandAlreadyRegistered: its name is taken.

        """
        self._tree.add_command(command)
        if owner is not None:
            self._owners[type_of(command), command.name] = owner

    def remove(self, owner: Owner) -> None:
        """Drop the commands and components of an owner, before `sync`: Discord is never told of them."""
        for kind, name in [key for key, known in self._owners.items() if known is owner]:
            self._tree.remove_command(name, type=kind)
            del self._owners[kind, name]
        self._router.remove(owner)

    def offered_to(self, interaction: discord.Interaction) -> list[Family]:
        """Return the slash commands that a member may use where they are, as far as their permissions say."""
        return offered(self._tree, interaction, self._sync.ids, self._owners)

    def on(
        self, action: Action, handle: Handle, *, owner: Owner | None = None, **options: Unpack[HandlerOptions]
    ) -> None:
        """
        Have `handle` called with a `Use` when a component or modal of `action` is used.

        What it returns is sent; None leaves everything as it is. While the owner is off, members are told so.

        Raises:
            ValueError: the action has a handler already.

        """
        self._router.on(action, handle, owner=owner, **options)

    def on_refused(self, listener: Callable[[discord.Interaction, Refusal], None]) -> None:
        """Have `listener` called with each command that comes too early, and each component that nobody knows."""
        self._refused.append(listener)

    async def sync(self) -> None:
        """
        Tell Discord of the commands if they have changed; for the supervisor, once logged in.

        Raises:
            LookupError: a component takes the rights of a command that there is not.

        """
        for name in self._router.commands:
            self._command(name)
        await self._sync.run()

    @property
    def problem(self) -> str | None:
        """A sentence for the operator while Discord does not have the commands."""
        return self._sync.problem

    async def on_interaction(self, interaction: discord.Interaction) -> None:
        """Answer; discord.py calls it with each interaction, in a task of its own. One told twice is answered once."""
        task = asyncio.current_task()
        if task is None or self._closing or interaction.id in self._seen:
            return
        self._seen[interaction.id] = None
        tidy(interaction.data)
        acknowledged_until = self._load.came(interaction.created_at)
        self._running.add(task)
        try:
            try:
                turn = await self._handle(interaction, name_of(interaction), acknowledged_until)
            finally:
                self._load.done()
            if turn is not None:
                await turn.run_later()
        finally:
            self._running.discard(task)

    async def _handle(self, interaction: discord.Interaction, name: str, acknowledged_until: float) -> Turn | None:
        from structlog.contextvars import bind_contextvars  # here: it's Steward's own, and loads rich elsewhere

        bind_contextvars(command=name, guild=interaction.guild_id, user=interaction.user.id)  # of this task alone
        began = self._clock.monotonic()
        turn: Turn | None = None
        if interaction.type is InteractionType.autocomplete:
            await complete(interaction, self._call)
        else:
            lane = interaction.guild_id, name
            turn = self._turn(interaction, lane)
            with self._load.in_order((lane, interaction.user.id)) as before:
                if turn.opens_form:
                    await turn.run()
                elif self._load.is_high:
                    await turn.run_acknowledged(acknowledged_until, before)
                elif self._load.is_too_old(acknowledged_until):
                    await turn.run_acknowledged(inf, before)  # the clock may have been set: Discord says whether it is
                else:
                    await turn.run_when_called(before)
            if turn.was_taken:
                self._taken()
            self._observe(self._clock.monotonic() - began)
        seconds = self._clock.monotonic() - began
        log.debug("interaction_done", seconds=round(seconds, 3))
        if seconds > self._slow_after:
            log.info("interaction_slow", seconds=round(seconds, 3))
        return turn

    def _turn(self, interaction: discord.Interaction, lane: Hashable) -> Turn:
        late = partial(self._answer_late, interaction)
        turn = partial(Turn, interaction, load=self._load, lane=lane, late=late, requests=self._requests)
        if interaction.type is InteractionType.application_command:
            work, private = self._run(interaction), is_private(interaction)
            return turn(work, private=private, opens_form=opens_form(interaction))
        try:
            handler, use = self._router.find(interaction)
        except Outdated as outdated:
            if isinstance(outdated, Unknown):
                self._tell_refused(interaction, outdated)
            return turn(_refuse(outdated), private=True)
        return turn(self._use(handler, use), private=handler.private, opens_form=handler.opens_form)

    async def _answer_late(self, interaction: discord.Interaction, reply: Reply, private: bool) -> None:
        log.info("interaction_answered_late", private=private)
        await self._store.write(partial(put_late, interaction=interaction, reply=reply, private=private))

    def _tell_refused(self, interaction: discord.Interaction, error: Refusal) -> None:
        for listener in self._refused:
            listener(interaction, error)

    async def _use(self, handler: Registered, use: Use) -> Reply | None:
        if handler.owner is not None:
            handler.owner.require()
        try:
            if handler.command is not None:
                await self._rights.require(use.interaction, self._command(handler.command))
            reply = await handler.handle(use)
        except Exception:
            use.interaction.extras[WAY_BACK] = self._forms.refused(use)
            raise
        self._opened(use.interaction, reply, declared=handler.opens_form)
        return reply

    async def _run(self, interaction: discord.Interaction) -> Reply | None:
        if self._pace is not None:
            try:
                await self._pace.keep(interaction, name_of(interaction))
            except TooFast as error:
                self._tell_refused(interaction, error)
                raise
        try:
            reply = await self._call(interaction)
        except Ambiguous as error:
            return self._choices.ask(interaction, error)
        self._opened(interaction, reply, declared=opens_form(interaction))
        return reply

    def _opened(self, interaction: discord.Interaction, reply: Reply | None, *, declared: bool) -> None:
        if reply is not None and reply.modal is not None and not declared:
            log.error("form_not_declared", reason="Its handler is to be declared with `opens_form=True`.")
        self._forms.opened(interaction, reply)

    async def _call(self, interaction: discord.Interaction) -> Reply | None:
        if interaction.command is not None:
            self._require(interaction.command)
            await self._rights.require(interaction, interaction.command)
        return await self._tree.run(interaction)

    def _require(self, command: Command) -> None:
        """Refuse a command whose owner is off."""
        whole = whole_of(command)
        owner = self._owners.get((type_of(whole), whole.name))
        if owner is not None:
            owner.require()

    def _command(self, name: str) -> Declared:
        found = self._tree.get_command(name)
        if found is None:
            raise LookupError(f"A component takes the rights of /{name}, which there is not.")
        return found

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *ending: object) -> None:
        self._closing = True
        running = set(self._running)
        if running:
            _, late = await asyncio.wait(running, timeout=FINISH_WITHIN)
            for task in late:
                task.cancel()
            await asyncio.gather(*running, return_exceptions=True)


def name_of(interaction: discord.Interaction) -> str:
    """Return what was used, for the log: `/stats growth`, or `events:rsvp` without its arguments."""
    data: dict[str, Any] = dict(interaction.data or {})
    if "custom_id" in data:
        named = read(data["custom_id"])
        return "unknown component" if named is None else f"{named.bot}:{named.name}"
    words, options = [str(data.get("name"))], data.get("options", [])
    while options and options[0]["type"] in (1, 2):
        words.append(options[0]["name"])
        options = options[0].get("options", [])
    slash = data.get("type", AppCommandType.chat_input.value) == AppCommandType.chat_input.value
    return ("/" if slash else "") + " ".join(words)


async def _refuse(error: Outdated) -> Reply | None:
    raise error
