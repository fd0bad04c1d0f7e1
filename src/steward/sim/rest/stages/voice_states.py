"""
Routes to read voice states, and to change them on stages.

Source: discord-api-docs, developers/resources/voice.mdx, "Modify Current User Voice State" and the next section.
"""

from __future__ import annotations

from datetime import datetime

from steward.sim.channels.channel import STAGE, Channel
from steward.sim.guilds.guild import Guild
from steward.sim.guilds.permissions import BITS
from steward.sim.people.member import Member
from steward.sim.rest.call import Body, Call, Route
from steward.sim.rest.errors import or_refuse, refuse_if
from steward.sim.rest.fields import Field, flag, snowflake, take
from steward.sim.rest.form import Form

_FIELDS = {"channel_id": Field(snowflake), "suppress": Field(flag)}


def edit(call: Call) -> None:
    """Make a member a speaker, or audience."""
    guild = call.guild()
    member = or_refuse(guild.members.get(call.id("user_id")), 10065)
    values = call.values(_FIELDS, new=False)
    call.require_in_channel(_stage_of(guild, member, values.get("channel_id")), "mute_members")
    if values.get("suppress") is False and member.suppressed and not member.user.bot:
        member.asked_to_speak_at = call.world.clock.now()  # invited to speak; bots are not asked
    _suppress(member, values.get("suppress"))
    member.emit_voice_state()


def edit_own(call: Call) -> None:
    """Become a speaker or audience, or request to speak."""
    guild = call.guild()
    member = call.member(guild)
    form = call.form()
    values = take(form, _FIELDS, new=False)
    asked_at = _asked(call, form)
    form.check()
    stage = _stage_of(guild, member, values.get("channel_id"))
    may = call.permissions(stage)
    refuse_if(values.get("suppress") is False and not may & BITS["mute_members"], 50013)
    refuse_if(asked_at is not None and not may & (BITS["request_to_speak"] | BITS["mute_members"]), 50013)
    _suppress(member, values.get("suppress"))
    if "request_to_speak_timestamp" in form:
        member.asked_to_speak_at = asked_at
    member.emit_voice_state()


def _asked(call: Call, form: Form) -> datetime | None:
    found = form.time("request_to_speak_timestamp")
    if found is not None and found < call.world.clock.now():
        found = call.world.clock.now()
    return found


def _stage_of(guild: Guild, member: Member, channel_id: str | None) -> Channel:
    """Return the stage channel that a member is in, which must be `channel_id` if given."""
    stage = member.voice_channel
    refuse_if(channel_id is not None and int(channel_id) not in guild.channels, 10003)
    stage = or_refuse(stage, 10065)
    refuse_if(channel_id is not None and stage.id != int(channel_id), 10065)
    refuse_if(stage.kind != STAGE, 50024)
    return stage


def _suppress(member: Member, suppressed: bool | None) -> None:
    if suppressed is not None:
        member.suppressed = suppressed
        if suppressed:
            member.asked_to_speak_at = None


def _state(call: Call, user_id: int) -> Body:
    member = or_refuse(call.guild().members.get(user_id), 10065)
    refuse_if(member.voice_channel is None, 10065)
    return member.voice_state()


ROUTES = (
    Route("GET", "/guilds/{guild_id}/voice-states/@me", lambda call: _state(call, call.bot.id)),
    Route("GET", "/guilds/{guild_id}/voice-states/{user_id}", lambda call: _state(call, call.id("user_id"))),
    Route("PATCH", "/guilds/{guild_id}/voice-states/@me", edit_own),
    Route("PATCH", "/guilds/{guild_id}/voice-states/{user_id}", edit),
)
