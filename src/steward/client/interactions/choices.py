"""An option that fits several things: the member sees them as buttons or a menu, and the command goes on with one."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import discord
from discord import app_commands

from steward.client.components.actions import Action, number
from steward.client.components.builders import button, option, row, select
from steward.client.components.reply import Reply
from steward.client.interactions.router import Use
from steward.errors import StewardError
from steward.runtime.bounded_dict import BoundedDict

# the command's interaction, and the number of the choice; of a menu without it
PICK = Action("steward", "pick", args=(number,), optional=(number,))
MAX_BUTTONS = 5
MAX_OFFERED = 25  # options of a select (docs: Components > "String Select")
KEPT = 200  # choices that wait for a click; each is forgotten after that many others

Command = app_commands.Command[Any, ..., Any] | app_commands.ContextMenu
Again = Callable[[discord.Interaction, str], Awaitable[Reply]]


class Ambiguous(StewardError):
    """
    What was typed for an option fits several things.

    Args:
        option: the option, as the command's function names it.
        offers: what it may be: a label for the member, and the value that the option takes. The first 25 are shown.

    Attributes:
        again: runs the command again with another value of the option; set by `answered`.

    """

    def __init__(self, sentence: str, *, option: str, offers: Sequence[tuple[str, str]]) -> None:
        super().__init__(sentence, remedy="Which one do you mean?")
        self.option = option
        self.offers = tuple(offers[:MAX_OFFERED])
        self.again: Again | None = None


@dataclass(frozen=True, slots=True)
class _Waiting:
    command: Command
    again: Again
    values: tuple[str, ...]


class Choices:
    """
    Remembers commands that wait for a choice.

    They are kept in memory: after a restart the member gives the command again.

    Args:
        require: called with a command before it goes on; what it raises is told in place of the answer.

    """

    def __init__(self, require: Callable[[Command], None]) -> None:
        self._require = require
        self._waiting = BoundedDict[int, _Waiting](KEPT)

    def ask(self, interaction: discord.Interaction, error: Ambiguous) -> Reply:
        """
        Return the question, and keep what the answer leads to.

        Raises:
            Ambiguous: nothing can go on from there, since it was not raised by a command.

        """
        if error.again is None or interaction.command is None:
            raise error
        return self._question(interaction, error, interaction.command, error.again)

    async def picked(self, use: Use) -> Reply:
        """
        Go on with the command that waits for this choice.

        Raises:
            StewardError: it waits no more.

        """
        command_id, which = int(use.args[0]), int(use.args[1] if len(use.args) > 1 else use.value)
        waiting = self._waiting.get(command_id)
        if waiting is None or which >= len(waiting.values):
            raise StewardError("I don't remember that choice any more.", remedy="Use the command again.")
        self._require(waiting.command)
        try:
            reply = await waiting.again(use.interaction, waiting.values[which])
        except Ambiguous as error:  # about another option
            if error.again is None:
                raise
            return replace(self._question(use.interaction, error, waiting.command, error.again), update=True)
        in_place = reply.modal is None and not reply.files
        emptied = {"content": "", "embeds": [], "components": []} | reply.message
        return replace(reply, message=emptied, update=True) if in_place else reply

    def _question(self, interaction: discord.Interaction, error: Ambiguous, command: Command, again: Again) -> Reply:
        self._waiting[interaction.id] = _Waiting(command, again, tuple(value for _, value in error.offers))
        if len(error.offers) <= MAX_BUTTONS:
            shown = [button(name, PICK.id(interaction.id, number)) for number, (name, _) in enumerate(error.offers)]
        else:
            choices = [option(name, str(number)) for number, (name, _) in enumerate(error.offers)]
            shown = [select(PICK.id(interaction.id), choices, placeholder="Pick one")]
        return Reply({"content": str(error), "components": [row(*shown)]}, private=True)
