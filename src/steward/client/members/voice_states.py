"""From Discord's events to who sits where in voice."""

from __future__ import annotations

import asyncio

import structlog

from steward.client.lean import LeanClient
from steward.client.members.voice_time import VoiceTime
from steward.client.payloads import Payload, possible_snowflake, records, snowflake
from steward.client.rest.errors import Gone, Refused
from steward.client.rest.rest import Rest
from steward.errors import NotReady
from steward.runtime.isolation import Isolation

log = structlog.get_logger(__name__)
LOOK_EVERY = 600.0
SPACING = 0.2
UNKNOWN_VOICE_STATE, UNKNOWN_MEMBER, UNKNOWN_USER = 10065, 10007, 10013  # docs: Opcodes and Status Codes > JSON


class VoiceStates:
    """Listens to Discord and tells who is in voice. Bots do not count; in the guild's AFK channel nobody does."""

    def __init__(self, client: LeanClient, voice: VoiceTime) -> None:
        self._client = client
        self._voice = voice
        self._afk: dict[int, int] = {}
        for event, sink in (
            ("VOICE_STATE_UPDATE", self._voice_state),
            ("GUILD_CREATE", self._guild),
            ("GUILD_UPDATE", self._guild_updated),
            ("GUILD_DELETE", self._guild_gone),
            ("GUILD_MEMBER_REMOVE", self._member_gone),
            ("GUILD_BAN_ADD", self._member_gone),
            ("CHANNEL_DELETE", self._channel_gone),
        ):
            client.on_gateway(event, sink)

    def _voice_state(self, data: Payload) -> None:
        # What the session of an earlier process tells has no time; the new session says who sits where.
        if "guild_id" not in data or self._client.telling_of_the_past or _is_bot(data.get("member")):
            return
        guild_id, channel_id = snowflake(data["guild_id"]), possible_snowflake(data["channel_id"])
        self._voice.moved(guild_id, snowflake(data["user_id"]), self._counted_channel(guild_id, channel_id))

    def _guild(self, data: Payload) -> None:
        if data.get("unavailable") or self._client.telling_of_the_past:
            return
        guild_id = snowflake(data["id"])
        self._guild_updated(data)
        bots = {member["user"]["id"] for member in records(data["members"]) if _is_bot(member)}
        places = {
            snowflake(state["user_id"]): self._counted_channel(guild_id, possible_snowflake(state["channel_id"]))
            for state in records(data["voice_states"])
            if state["user_id"] not in bots
        }
        self._voice.seen(guild_id, {user: channel for user, channel in places.items() if channel is not None})

    def _guild_updated(self, data: Payload) -> None:
        guild_id, channel_id = snowflake(data["id"]), possible_snowflake(data.get("afk_channel_id"))
        if channel_id is None:
            self._afk.pop(guild_id, None)
        else:
            self._afk[guild_id] = channel_id

    def _guild_gone(self, data: Payload) -> None:
        guild_id = snowflake(data["id"])
        self._voice.gone(guild_id)
        self._afk.pop(guild_id, None)

    def _member_gone(self, data: Payload) -> None:
        """Note that who is not in the guild is not in voice there: the event that says so may be lost."""
        if not self._client.telling_of_the_past:
            self._voice.moved(snowflake(data["guild_id"]), snowflake(data["user"]["id"]), None)

    def _channel_gone(self, data: Payload) -> None:
        if not self._client.telling_of_the_past and data.get("guild_id") is not None:
            self._voice.emptied(snowflake(data["guild_id"]), snowflake(data["id"]))

    def found(self, guild_id: int, user_id: int, channel_id: int | None) -> None:
        """Take over where Discord, asked for it, says that somebody sits."""
        self._voice.moved(guild_id, user_id, self._counted_channel(guild_id, channel_id))

    def _counted_channel(self, guild_id: int, channel_id: int | None) -> int | None:
        """Return where somebody counts as sitting."""
        return None if channel_id == self._afk.get(guild_id) else channel_id


def _is_bot(member: Payload | None) -> bool:
    return bool(member and member["user"].get("bot"))


class VoiceChecks:
    """
    Asks Discord whether people still sit in voice of whom nothing was heard for hours: a goodbye may have been lost.

    That takes one request for each of them in three hours (docs: Voice > "Get User Voice State"), and none where
    something is heard meanwhile. If Discord doesn't say, `VoiceTime` stops counting half an hour later.

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
