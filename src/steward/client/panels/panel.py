"""
A private message in which a member makes something up: each press changes the draft, stores it and shows it anew.

    panel = Panel(host.interactions, host.store, SLIPS, self._draw, self._missing, command="bet")
    panel.on(STAKE, self._stake)                        # async def _stake(use, draft) -> Slip: the changed draft
    panel.form(SENT, more_form, self._sent, opens=MORE)  # def more_form(draft) -> ModalForm
    panel.on(PLACE, self._place)                        # -> Reply: the end of it

Guarantees: presses of one member are handled one after the other. An error that a handler raises stands in the panel,
and what was typed in a form stands in that form again, across restarts and whatever failed.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from typing import Any, Generic, Protocol, TypeVar, Unpack
from weakref import WeakValueDictionary

import discord

from steward.client.components import Action, Reply
from steward.client.interactions import Handle, Use, guild_of
from steward.client.interactions.answering.failures import told_of
from steward.client.interactions.router import HandlerOptions
from steward.client.panels.drafts import Drafts, HeldDraft
from steward.client.panels.form import ModalForm
from steward.client.payloads import Payload
from steward.errors import StewardError
from steward.store import Store

D = TypeVar("D")


class Handlers(Protocol):
    """Where handlers of components are registered: `Interactions`, or a bot's part of it."""

    def on(self, action: Action, handle: Handle, **options: Unpack[HandlerOptions]) -> None:
        """Have a component or modal answered."""


Press = Callable[[Use, D], Awaitable[D | Reply]]
"""What a press does: the changed draft is stored and shown; a reply is sent as it is."""
Take = Callable[[Use, D, dict[str, Any]], Awaitable[D]]
"""Changes a draft by the values of a form; it is stored and shown."""
Draw = Callable[[discord.Interaction, D, StewardError | None], Awaitable[Payload]]
"""Shows a draft, and what was refused at last."""
Missing = Callable[[Use], Awaitable[D | Reply]]
"""Answers a press that belongs to no stored draft, or returns one to go on with."""


class Panel(Generic[D]):
    """
    Handles the presses of a panel.

    A custom id's first argument, where it has any, is the `id` of its draft: the panel of another is told from it.

    Args:
        command: only who may use this command may use the panel.
        require: raises what refuses a member, besides.

    """

    def __init__(
        self,
        interactions: Handlers,
        store: Store,
        drafts: Drafts[D],
        draw: Draw[D],
        missing: Missing[D],
        *,
        command: str | None = None,
        require: Callable[[discord.Interaction], None] = lambda _: None,
    ) -> None:
        self._interactions = interactions
        self._store = store
        self._drafts = drafts
        self._draw = draw
        self._missing = missing
        self._command = command
        self._require = require
        self._turns: WeakValueDictionary[tuple[int, int], asyncio.Lock] = WeakValueDictionary()

    def on(self, action: Action, press: Press[D], *, opens_form: bool = False) -> None:
        """Have `press` called with what a member did and their draft."""

        async def work(use: Use, held: HeldDraft[D]) -> D | Reply:
            return await press(use, held.draft)

        self._on(action, work, opens_form=opens_form)

    def form(self, sent: Action, form: Callable[[D], ModalForm], take: Take[D], *, opens: Action | None = None) -> None:
        """
        Register a form: its valid fields change the draft, its errors are shown together.

        Args:
            take: returns the draft changed by the values of the valid fields.
            opens: the action of the button that opens the form; it has the same arguments as `sent`.

        """

        async def open_form(use: Use, held: HeldDraft[D]) -> Reply:
            return Reply(modal=form(held.draft).modal(sent.id(*use.args), held.refused))

        async def read(use: Use, held: HeldDraft[D]) -> D:
            draft = held.draft
            values, errors = form(draft).read(use)
            with errors:
                draft = await take(use, draft, values)
            if errors.error is not None:
                await self._write(use.interaction, HeldDraft(draft, held.refused))
                raise errors.error
            return draft

        self._on(sent, read)
        if opens is not None:
            self._on(opens, open_form, opens_form=True)

    async def show(
        self,
        interaction: discord.Interaction,
        draft: D,
        work: Awaitable[D | Reply] | None = None,
        **typed: str,
    ) -> Reply:
        """
        Begin with a draft: store and show it.

        Args:
            work: changes it before it is shown.
            typed: what the work is about, by the fields of a form: it stands there if the work fails.

        """
        if work is not None:
            return await self._shown(interaction, HeldDraft(draft), typed, work)
        await self.keep(interaction, draft)
        return Reply(await self._draw(interaction, draft, None))

    async def keep(self, interaction: discord.Interaction, draft: D) -> None:
        """Store a draft, such as one that an interrupted press is to go on with."""
        await self._write(interaction, HeldDraft(draft))

    async def drop(self, interaction: discord.Interaction) -> None:
        await self._store.write(partial(self._drafts.drop, **_member(interaction)))

    def _on(
        self,
        action: Action,
        work: Callable[[Use, HeldDraft[D]], Awaitable[D | Reply]],
        *,
        opens_form: bool = False,
    ) -> None:
        async def handled(use: Use) -> Reply:
            self._require(use.interaction)
            member = guild_of(use.interaction), use.interaction.user.id
            async with self._turns.setdefault(member, asyncio.Lock()):
                held = await self._held(use.interaction)
                if held is None or (action.args and getattr(held.draft, "id", None) != int(use.args[0])):
                    instead = await self._missing(use)
                    if isinstance(instead, Reply):
                        return instead
                    held = HeldDraft(instead)
                return await self._shown(use.interaction, held, use.fields, work(use, held), update=True)

        self._interactions.on(action, handled, private=True, command=self._command, opens_form=opens_form)

    async def _shown(
        self,
        interaction: discord.Interaction,
        held: HeldDraft[D],
        typed: Mapping[str, str],
        work: Awaitable[D | Reply],
        *,
        update: bool = False,
    ) -> Reply:
        """Store and show what some work makes of a draft; what was typed stays where the work fails."""
        problem: StewardError | None = None
        try:
            done = await work
        except Exception as error:  # noqa: BLE001 - the boundary of panels: a fault loses nothing that was typed
            told = told_of(interaction, error).message["content"]
            problem = error if isinstance(error, StewardError) and str(error) == told else StewardError(told)
            if update:  # the press may have stored a part of what it does
                held = await self._held(interaction) or held
        else:
            if isinstance(done, Reply):
                return done
            held = HeldDraft(done, held.refused)
        rest = {name: text for name, text in held.refused.items() if name not in typed}
        held = HeldDraft(held.draft, rest if problem is None else {**rest, **typed})
        await self._write(interaction, held)
        return Reply(await self._draw(interaction, held.draft, problem), update=update)

    async def _held(self, interaction: discord.Interaction) -> HeldDraft[D] | None:
        return await self._store.read(partial(self._drafts.get, **_member(interaction)))

    async def _write(self, interaction: discord.Interaction, held: HeldDraft[D]) -> None:
        await self._store.write(partial(self._drafts.put, **_member(interaction), held=held))


def _member(interaction: discord.Interaction) -> dict[str, Any]:
    return {"guild_id": guild_of(interaction), "user_id": interaction.user.id}
