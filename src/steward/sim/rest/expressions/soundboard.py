"""Routes of the soundboard. Source: discord-api-docs, developers/resources/soundboard.mdx."""

from __future__ import annotations

from steward.sim.guilds.audit_log import SOUND_CREATE
from steward.sim.guilds.guild import Guild
from steward.sim.people.user import Json
from steward.sim.rest.call import Body, Call, Route
from steward.sim.rest.errors import RestRefused, or_refuse, refuse_if
from steward.sim.rest.expressions.rights import require_expressions, shown
from steward.sim.rest.fields import Field, fraction, needed, snowflake, text
from steward.sim.rest.messages import pictures
from steward.sim.rest.resource import Resource, ResourceChange, log_change

_MAX_BY_TIER = (8, 24, 36, 48)
_DEFAULTS = (
    ("quack", "🦆"), ("airhorn", "🔊"), ("cricket", "🦗"), ("golf clap", "👏"), ("sad horn", "🎷"),
    ("ba dum tss", "🥁"),
)  # fmt: skip
_SENT = {"sound_id": needed(snowflake), "source_guild_id": Field(snowflake)}


def defaults(call: Call) -> Body:
    return [_default(number, *sound) for number, sound in enumerate(_DEFAULTS, 1)]


def _default(number: int, name: str, emoji: str) -> Json:
    own = {"name": name, "emoji_id": None, "emoji_name": emoji}
    return own | {"sound_id": str(number), "volume": 1.0, "available": True}


def _make(call: Call, values: Json) -> Json:
    own = {name: values[name] for name in ("name", "volume", "emoji_id", "emoji_name")}
    return own | {
        "sound_id": str(call.world.snowflakes.next()),
        "guild_id": str(call.guild().id),
        "available": True,
        "user": call.bot.user.payload(),
    }


def _emit(call: Call, change: ResourceChange) -> None:
    guild = call.guild()
    ids = {"sound_id": change.item["sound_id"], "guild_id": str(guild.id)}
    guild.emit(f"GUILD_SOUNDBOARD_SOUND_{change.what}", change.after or ids)
    log_change(call, guild, SOUND_CREATE, change, id_name="sound_id")


SOUNDS = Resource(
    path="/guilds/{guild_id}/soundboard-sounds",
    key="sound_id",
    id_name="sound_id",
    unknown=10097,
    fields={
        "name": needed(text(2, 32)),
        "volume": Field(fraction, default=1.0),
        "emoji_id": Field(snowflake),
        "emoji_name": Field(text(1, 32)),
    },
    once={"sound": needed(pictures.sound)},
    store=lambda call: call.guild().sounds,
    require=require_expressions,
    make=_make,
    emit=_emit,
    shown=shown,
    most=lambda call: (_MAX_BY_TIER[call.guild().boost_tier], 30045),
    made=201,
)


def send(call: Call) -> None:
    """Play a sound in the bot's voice channel."""
    channel = call.channel()
    guild = or_refuse(channel.guild, 50024)
    call.require_in_channel(channel, "speak", "use_soundboard")
    values = call.values(_SENT, new=True)
    member = call.member(guild)
    refuse_if(member.voice_channel is not channel or member.mute or member.deaf, 40032)
    sound = _sound(call, guild, values)
    if sound.get("guild_id", str(guild.id)) != str(guild.id):
        call.require_in_channel(channel, "use_external_sounds")
    emoji = {"id": sound["emoji_id"], "name": sound["emoji_name"]}
    data: Json = {
        "guild_id": str(guild.id),
        "channel_id": str(channel.id),
        "user_id": str(call.bot.id),
        "emoji": emoji if any(emoji.values()) else None,
        "animation_type": 1,
        "animation_id": 0,
        "sound_id": sound["sound_id"],
        "sound_volume": sound["volume"],
    }
    channel.emit("VOICE_CHANNEL_EFFECT_SEND", data)


def _sound(call: Call, guild: Guild, values: Json) -> Json:
    source = call.world.guilds.get(int(values["source_guild_id"] or guild.id))
    number = int(values["sound_id"])
    if source is not None and call.bot.id in source.bots and number in source.sounds:
        return source.sounds[number]
    if 1 <= number <= len(_DEFAULTS):
        return _default(number, *_DEFAULTS[number - 1])
    raise RestRefused.by_code(10097)


ROUTES = (
    Route("GET", "/soundboard-default-sounds", defaults),
    Route("GET", SOUNDS.path, lambda call: {"items": [shown(call, sound) for sound in call.guild().sounds.values()]}),
    *SOUNDS.routes("read", "create", "update", "delete"),
    Route("POST", "/channels/{channel_id}/send-soundboard-sound", send),
)
