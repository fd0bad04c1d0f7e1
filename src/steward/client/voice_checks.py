"""
Asks Discord whether people still sit in voice of whom nothing was heard for hours: a goodbye may have been lost.

That takes one request for each of them in three hours (docs: Voice > "Get User Voice State"), and none where something
is heard meanwhile. If Discord doesn't say, `VoiceTime` stops counting half an hour later.
"""

from __future__ import annotations

import asyncio

import structlog

from steward.client.errors import Gone, Refused
from steward.client.rest import Rest
from steward.client.voice_states import VoiceStates
from steward.client.voice_time import VoiceTime
from steward.errors import NotReady

log = structlog.get_logger(__name__)

LOOK_EVERY = 600.0
SPACING = 0.2
UNKNOWN_VOICE_STATE, UNKNOWN_MEMBER, UNKNOWN_USER = 10065, 10007, 10013  # docs: Opcodes and Status Codes > JSON


class VoiceChecks:
    """
    See the module.

    Args:
        rest: Discord.
        voice: knows of whom nothing was heard for long, and is told what was found.
        states: knows which channel counts.

    """

    def __init__(self, rest: Rest, voice: VoiceTime, states: VoiceStates) -> None:
        self._rest = rest
        self._voice = voice
        self._states = states

    async def run(self) -> None:
        """Ask again and again, for ever."""
        while True:
            await asyncio.sleep(LOOK_EVERY)
            for guild_id, user_id in self._voice.doubtful():
                await self._check(guild_id, user_id)
                await asyncio.sleep(SPACING)

    async def _check(self, guild_id: int, user_id: int) -> None:
        try:
            channel_id = await self._rest.voice_channel(guild_id, user_id)
        except Gone as error:
            if error.code in {UNKNOWN_VOICE_STATE, UNKNOWN_MEMBER, UNKNOWN_USER}:
                log.info("voice_goodbye_lost", guild=guild_id, user=user_id)
                self._voice.moved(guild_id, user_id, None)
        except (Refused, NotReady) as error:
            log.info("voice_not_checked", guild=guild_id, reason=str(error))
        else:
            self._states.found(guild_id, user_id, channel_id)
