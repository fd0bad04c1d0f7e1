"""What `/setup` promises, tested against what the bot may do: before anything is saved, and at Save once more."""

from __future__ import annotations

from collections.abc import Awaitable
from dataclasses import dataclass, field

import structlog

from steward.bots.stats.counters.counters import Counted
from steward.bots.stats.setup.draft import SetupDraft
from steward.client.access.channel_access import ChannelAccess, Standing
from steward.client.access.permissions import POST, REPORT, VOICE_COUNTER, Permission
from steward.client.rest.errors import Gone, Refused
from steward.errors import NeedsOperator, NotReady

log = structlog.get_logger(__name__)


@dataclass(slots=True)
class Tested:
    """
    What the bot may not do, a sentence each with its remedy.

    Attributes:
        blocking: nothing can be saved before.
        limiting: it can be saved, and a part of it won't work.
        standing: of the bot, as it was tested.

    """

    blocking: list[str] = field(default_factory=list)
    limiting: list[str] = field(default_factory=list)
    standing: Standing | None = None


class SetupChecks:
    """
    Tests drafts of `/setup`.

    Args:
        access: knows what the bot may do.

    """

    def __init__(self, access: ChannelAccess) -> None:
        self._access = access

    async def test(self, guild_id: int, draft: SetupDraft) -> Tested:
        """Test all that a draft promises; what Discord doesn't tell now is taken to be allowed."""
        settings, tested = draft.settings, Tested()
        counted = {counter.counted for counter in (*draft.make, *settings.counters)}
        channels = [(settings.report_channel_id, REPORT), (settings.heartbeat_channel_id, POST)]
        try:
            tested.standing = await self._access.standing(guild_id)
            for channel_id, needed in channels:
                if channel_id is not None:
                    tested.blocking += await _refusal(
                        self._access.require(guild_id, channel_id, needed, tested.standing)
                    )
            if draft.make:
                refused = await _refusal(self._access.require_in_guild(guild_id, VOICE_COUNTER, tested.standing))
                tested.blocking += [f"I can't create channels for counters. {why}" for why in refused]
            if Counted.BANS in counted:
                wanted = Permission.BAN_MEMBERS
                refused = await _refusal(self._access.require_in_guild(guild_id, wanted, tested.standing))
                tested.limiting += [f"The ban counter wouldn't work. {why}" for why in refused]
        except (NotReady, Refused, Gone) as error:
            log.info("setup_not_tested", guild=guild_id, reason=str(error))
        return tested

    async def why_no_reports(self, guild_id: int, channel_id: int) -> str | None:
        """Return why reports can't go to a channel; None where they can, or Discord doesn't tell now."""
        try:
            refused = await _refusal(self._access.require(guild_id, channel_id, REPORT))
        except NotReady:
            return None
        return next(iter(refused), None)


async def _refusal(test: Awaitable[object]) -> list[str]:
    try:
        await test
    except NeedsOperator as missing:
        return [str(missing)]
    return []
