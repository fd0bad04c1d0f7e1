"""
Who may use a command: whoever has its permissions, and whoever the server's settings name (Settings > Integrations).

Discord looks at both before it passes a command on. They are looked at again here: a panel that was opened earlier
outlives a right, and what a server's members see must not hang on one check that somebody else makes. The settings are
asked for only where a member lacks the permissions.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import inf
from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands
from discord.http import Route

from steward.client.access.permissions import Permission
from steward.client.interactions import guild_of
from steward.client.payloads import Payload, snowflake
from steward.client.rest.asking import asking
from steward.client.rest.errors import Gone, Refused
from steward.errors import StewardError
from steward.runtime.bounded_dict import BoundedDict
from steward.runtime.clock import Clock

if TYPE_CHECKING:  # in a bot without Steward's own libraries it can't be imported
    from steward.client.lean import LeanClient

MAY_USE = "steward.may_use"
"""In a command's `extras`: tells whether a member may use it. Such a command refuses members itself."""

HOLDS = 60.0  # seconds for which a server's settings are remembered
FRESH = 2.0  # older ones refuse nobody: who was refused is told to have them changed, and tries again
REMEMBERED = 1000
ANSWER_WITHIN = 2.0  # of the three seconds that Discord waits
OF_ROLE, OF_USER = 1, 2  # docs: Application Commands > "Application Command Permission Type"

Declared = app_commands.Command[Any, ..., Any] | app_commands.Group | app_commands.ContextMenu
Override = Mapping[tuple[int, int], bool]
"""Whether a role or a user may, by kind and id."""


class NotAllowed(StewardError):
    """A member may not use a command; the sentence names it and what is needed."""


class Rights:
    """
    Knows who may use which command.

    Args:
        ids: Discord's ids of the commands, by type and name.

    """

    def __init__(self, client: LeanClient, ids: Callable[[], Mapping[tuple[int, str], int]], clock: Clock) -> None:
        self._client = client
        self._ids = ids
        self._clock = clock
        self._settings = BoundedDict[int, tuple[float, Mapping[int, Override]]](REMEMBERED)
        client.on_gateway("APPLICATION_COMMAND_PERMISSIONS_UPDATE", self._changed)

    async def require(self, interaction: discord.Interaction, command: Declared) -> None:
        """
        Refuse whoever may not use a command, or a part of one.

        Raises:
            NotAllowed: the member may not.
            TryLater: Discord doesn't say what the server's settings are.

        """
        whole = whole_of(command)
        if MAY_USE in whole.extras or holds(whole, interaction) or await self._is_allowed(interaction, whole):
            return
        needed = Permission((whole.default_permissions or discord.Permissions()).value).said
        raise NotAllowed(
            f"You need {needed} to use `/{whole.name}`.",
            remedy="An administrator can open it to your role in Server Settings > Integrations.",
        )

    async def _is_allowed(self, interaction: discord.Interaction, command: Declared) -> bool:
        """Tell whether the server's settings let a member use a command."""
        guild_id = guild_of(interaction)
        for oldest in (HOLDS, FRESH):
            if self._allow(await self._settings_of(guild_id, oldest), interaction, command):
                return True
        return False

    def _allow(self, settings: Mapping[int, Override], interaction: discord.Interaction, command: Declared) -> bool:
        """Tell whether settings let a member use a command: its own, or else those for the whole bot."""
        own = settings.get(self._ids().get((type_of(command).value, command.name), 0))
        overrides = own or settings.get(self._client.application_id or 0, {})
        of_roles = [overrides[OF_ROLE, role] for role in role_ids(interaction) if (OF_ROLE, role) in overrides]
        if (of_member := overrides.get((OF_USER, interaction.user.id))) is not None:
            return of_member
        return any(of_roles) if of_roles else overrides.get((OF_ROLE, guild_of(interaction)), False)

    def _changed(self, told: Payload) -> None:
        self._settings.pop(snowflake(told["guild_id"]), None)

    async def _settings_of(self, guild_id: int, oldest: float) -> Mapping[int, Override]:
        """Return a server's settings, as they were so many seconds ago at the most."""
        now = self._clock.monotonic()
        at, known = self._settings.get(guild_id, (-inf, {}))
        if now - at < oldest:
            return known
        route = Route(
            "GET",
            "/applications/{application_id}/guilds/{guild_id}/commands/permissions",
            application_id=self._client.application_id,
            guild_id=guild_id,
        )
        try:
            async with asking("find out who may use that here", within=ANSWER_WITHIN):
                listed = await self._client.http.request(route)
                found = {snowflake(one["id"]): _override(one["permissions"]) for one in listed}
        except (Gone, Refused):
            found = {}
        self._settings[guild_id] = (now, found)
        return found


def _override(rules: list[Payload]) -> Override:
    return {(rule["type"], snowflake(rule["id"])): rule["permission"] for rule in rules}


def whole_of(command: Declared) -> Declared:
    """Return the command of which one is a part, or itself: permissions and owners are of the whole."""
    return command if isinstance(command, app_commands.ContextMenu) else command.root_parent or command


def type_of(command: Declared) -> discord.AppCommandType:
    return command.type if isinstance(command, app_commands.ContextMenu) else discord.AppCommandType.chat_input


def holds(command: Declared, interaction: discord.Interaction) -> bool:
    """Tell whether a member may use a command by permissions alone, or by the command's own rule."""
    rule: Callable[[discord.Interaction], bool] | None = command.extras.get(MAY_USE)
    if rule is not None:
        return rule(interaction)
    needed, held = command.default_permissions, interaction.permissions
    return needed is None or held.administrator or needed.is_subset(held)


def role_ids(interaction: discord.Interaction) -> frozenset[int]:
    """
    Return the ids of the member's roles, as they came with the interaction.

    `Member.roles` would look them up in discord.py's cache of roles, which is kept empty here.
    """
    user = interaction.user
    return frozenset(user._roles) if isinstance(user, discord.Member) else frozenset()  # noqa: SLF001 - see above
