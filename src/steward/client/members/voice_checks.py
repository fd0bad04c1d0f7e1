"""
Asks Discord whether people still sit in voice of whom nothing was heard for hours: a goodbye may have been lost.

That takes one request for each of them in three hours (docs: Voice > "Get User Voice State"), and none where something
is heard meanwhile. If Discord doesn't say, `VoiceTime` stops counting half an hour later.
"""

from __future__ import annotations

import asyncio

import structlog

from steward.client.members.voice_states import VoiceStates
from steward.client.members.voice_time import VoiceTime
from steward.client.rest.errors import Gone, Refused
from steward.client.rest.rest import Rest
from steward.errors import NotReady
from steward.runtime.isolation import Isolation

log = structlog.get_logger(__name__)

LOOK_EVERY = 600.0
SPACING = 0.2
UNKNOWN_VOICE_STATE, UNKNOWN_MEMBER, UNKNOWN_USER = 10065, 10007, 10013  # docs: Opcodes and Status Codes > JSON


class VoiceChecks:
    """
    See the module.

    Args:
        voice: knows of whom nothing was heard for long, and is told what was found.

    """

    def __init__(self, rest: Rest, voice: VoiceTime, states: VoiceStates) -> None:
        self._rest = rest
        self._voice = voice
        self._states = states
        self._isolation = Isolation("check who is in voice")

    async def run(self) -> None:
        while True:
            await asyncio.sleep(LOOK_EVERY)
            await self._check_all()

    async def _check_all(self) -> None:
        """Ask for each in doubt; where Discord doesn't say, nobody else of that server is asked for this time."""
        unsaid: set[int] = set()
        for guild_id, user_id in self._voice.doubtful():
            if guild_id in unsaid:
                continue
            with self._isolation.item(guild_id):
                try:
                    await self._check(guild_id, user_id)
                except Refused as error:  # asked at each look, hundreds of refusals would come to a ban by Discord
                    self._voice.put_off(guild_id, user_id)
                    unsaid.add(guild_id)
                    log.info("voice_not_checked", guild=guild_id, reason=str(error))
                except NotReady as error:
                    unsaid.add(guild_id)
                    log.info("voice_not_checked", guild=guild_id, reason=str(error))
            await asyncio.sleep(SPACING)

    async def _check(self, guild_id: int, user_id: int) -> None:
        try:
            channel_id = await self._rest.voice_channel(guild_id, user_id)
        except Gone as error:
            if error.code not in {UNKNOWN_VOICE_STATE, UNKNOWN_MEMBER, UNKNOWN_USER}:
                return
            channel_id = None
        if not self._voice.is_doubtful(guild_id, user_id):
            return  # an event came meanwhile, which is newer than the answer
        if channel_id is None:
            log.info("voice_goodbye_lost", guild=guild_id, user=user_id)
        self._states.found(guild_id, user_id, channel_id)
