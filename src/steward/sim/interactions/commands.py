"""Finds the command a user runs, and checks the permission to run it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from steward.sim.guilds.permissions import BITS, OVERRIDE_OF_ROLE, OVERRIDE_OF_USER, names_of
from steward.sim.people.user import Json

if TYPE_CHECKING:
    from steward.sim.channels.channel import Channel
    from steward.sim.people.bot import BotAccount
    from steward.sim.people.member import Member

_KINDS = (1, 2, 3)  # slash commands, and those of members and messages
_IN_GUILD, _IN_DIRECT_MESSAGES = 0, 1


def find_command(who: Member, channel: Channel, name: str, kind: int) -> tuple[BotAccount, Json]:
    """
    Return a command and its bot; guild commands come before global ones.

    Raises:
        LookupError: there is no command of this name and type here.
        PermissionError: the member may not run it here.

    """
    known = list(_known(channel, kind))
    found = next(((bot, command) for bot, command in known if command["name"] == name), None)
    if found is None:
        names = ", ".join(sorted({command["name"] for _, command in known})) or "none"
        raise LookupError(f"There is no command {name!r} here; there are: {names}. Has the bot registered it?")
    if channel.guild is not None:
        _check(who, channel, *found)
    return found


def commands_here(who: Member, channel: Channel) -> Iterator[tuple[BotAccount, Json, str | None]]:
    """Yield all commands here with their bots, and why this member may not run it; None if it may."""
    for kind in _KINDS:
        for bot, command in _known(channel, kind):
            refused = None
            try:
                if channel.guild is not None:
                    _check(who, channel, bot, command)
            except PermissionError as error:
                refused = str(error)
            yield bot, command, refused


def _known(channel: Channel, kind: int) -> Iterator[tuple[BotAccount, Json]]:
    guild = channel.guild
    context = _IN_DIRECT_MESSAGES if guild is None else _IN_GUILD
    bots = [channel.bot] if channel.bot is not None else list(guild.bots.values()) if guild is not None else []
    for bot in bots:
        own = bot.commands.get(guild.id, {}) if guild is not None else {}
        for command in (*own.values(), *bot.commands.get(None, {}).values()):
            contexts = command.get("contexts")
            here = context in contexts if contexts else guild is not None or command.get("dm_permission", True)
            if command["type"] == kind and here:
                yield bot, command


def _check(who: Member, channel: Channel, bot: BotAccount, command: Json) -> None:
    may = who.guild.roles.permissions_in(channel, who)
    if not may & BITS["use_application_commands"]:
        raise PermissionError(f"{who.name} may not use commands in #{channel.name}.")
    needed, allowed = command.get("default_member_permissions"), _override(who, bot, int(command["id"]))
    if may & BITS["administrator"] or allowed:
        return
    if allowed is False:
        raise PermissionError(f"{who.name} may not run /{command['name']}: the server's settings say so.")
    if needed is not None and (not int(needed) or may & int(needed) != int(needed)):
        names = ", ".join(sorted(names_of(int(needed)))) or "to be an administrator"
        raise PermissionError(f"{who.name} may not run /{command['name']}: it needs {names}.")


def _override(who: Member, bot: BotAccount, command_id: int) -> bool | None:
    """
    Return the server's permission override for a member: of the user, else of a role, else of @everyone.

    Source: discord-api-docs, developers/interactions/application-commands.mdx, "Permissions".
    """
    overrides = bot.overrides.get(who.guild.id, {}).get(command_id, {})
    if (of_member := overrides.get((OVERRIDE_OF_USER, who.id))) is not None:
        return of_member
    of_roles = [overrides[one] for role in who.role_ids if (one := (OVERRIDE_OF_ROLE, role)) in overrides]
    return any(of_roles) if of_roles else overrides.get((OVERRIDE_OF_ROLE, who.guild.id))
