"""Which commands a member may use, to be shown in a list: as mentions that run them with a click."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import discord
from discord import AppCommandType, app_commands

from steward.client.interactions.rights import holds
from steward.errors import StewardError

SLASH = AppCommandType.chat_input
Command = app_commands.Command[Any, ..., Any]


@dataclass(frozen=True, slots=True)
class Family:
    """
    A command, or a group of them.

    Attributes:
        name: without the slash.
        description: what Discord shows of it.
        module: whose code answers it.
        mentions: each command, as Discord makes it clickable (docs: Reference > "Message Formatting").

    """

    name: str
    description: str
    module: str
    mentions: tuple[str, ...]


def offered(
    tree: app_commands.CommandTree[Any],
    interaction: discord.Interaction,
    ids: Mapping[tuple[int, str], int],
    require: Callable[[Any], None],
) -> list[Family]:
    """
    Return what a member may use, by name.

    What a server's administrators have changed in its settings, only Discord knows; it refuses such a command itself.

    Args:
        tree: all commands.
        interaction: the member's, with their permissions where they are.
        ids: Discord's ids of the commands; of one that it doesn't have yet the name is shown.
        require: raises for the callback of a command that is switched off.

    """
    found = []
    for command in sorted(tree.get_commands(type=SLASH), key=lambda command: command.name):
        if isinstance(command, app_commands.ContextMenu) or not holds(command, interaction):
            continue
        leaves = [leaf for leaf in _leaves(command) if _is_on(leaf, require)]
        if leaves:
            command_id = ids.get((SLASH.value, command.name))
            mentions = tuple(_mention(leaf, command_id) for leaf in leaves)
            found.append(Family(command.name, command.description, leaves[0].callback.__module__, mentions))
    return found


def _leaves(command: Command | app_commands.Group) -> Iterator[Command]:
    if isinstance(command, app_commands.Group):
        yield from (leaf for leaf in command.walk_commands() if isinstance(leaf, app_commands.Command))
    else:
        yield command


def _is_on(command: Command, require: Callable[[Any], None]) -> bool:
    try:
        require(command.callback)
    except StewardError:
        return False
    return True


def _mention(command: Command, command_id: int | None) -> str:
    name = command.qualified_name
    return f"`/{name}`" if command_id is None else f"</{name}:{command_id}>"
