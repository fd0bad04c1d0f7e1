"""Which commands a member may use, to be shown in a list: as mentions that run them with a click."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import discord
from discord import AppCommandType, app_commands

from steward.client.interactions.rights import holds
from steward.runtime.quarantine import Owner

SLASH = AppCommandType.chat_input
Command = app_commands.Command[Any, ..., Any]


@dataclass(frozen=True, slots=True)
class Family:
    """
    A command, or a group of them.

    Attributes:
        name: without the slash.
        owner: the name of the bot that answers it; None for one that belongs to no bot.
        is_restricted: whether it needs permissions that not everybody has.
        mentions: each command, as Discord makes it clickable (docs: Reference > "Message Formatting").

    """

    name: str
    description: str
    owner: str | None
    is_restricted: bool
    mentions: tuple[str, ...]


def offered(
    tree: app_commands.CommandTree[Any],
    interaction: discord.Interaction,
    ids: Mapping[tuple[int, str], int],
    owners: Mapping[tuple[AppCommandType, str], Owner],
) -> list[Family]:
    """
    Return what a member may use, by name.

    What a server's administrators have changed in its settings, only Discord knows; it refuses such a command itself.

    Args:
        interaction: the member's, with their permissions where they are.
        ids: Discord's ids of the commands; of one that it doesn't have yet the name is shown.
        owners: whose each command is, by its type and name; those of an owner that is off are left out.

    """
    found = []
    for command in sorted(tree.get_commands(type=SLASH), key=lambda command: command.name):
        if isinstance(command, app_commands.ContextMenu) or not holds(command, interaction):
            continue
        owner = owners.get((SLASH, command.name))
        if owner is None or owner.is_on:
            command_id = ids.get((SLASH.value, command.name))
            mentions = tuple(_mention(leaf, command_id) for leaf in _leaves(command))
            whose = None if owner is None else owner.name
            restricted = command.default_permissions is not None
            found.append(Family(command.name, command.description, whose, restricted, mentions))
    return found


def _leaves(command: Command | app_commands.Group) -> Iterator[Command]:
    if isinstance(command, app_commands.Group):
        yield from (leaf for leaf in command.walk_commands() if isinstance(leaf, app_commands.Command))
    else:
        yield command


def _mention(command: Command, command_id: int | None) -> str:
    name = command.qualified_name
    return f"`/{name}`" if command_id is None else f"</{name}:{command_id}>"
