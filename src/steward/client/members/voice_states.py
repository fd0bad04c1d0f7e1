"""From Discord's events to who sits where in voice."""

from __future__ import annotations

from steward.client.lean import LeanClient
from steward.client.members.voice_time import VoiceTime
from steward.client.payloads import Payload, possible_snowflake, records, snowflake


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
