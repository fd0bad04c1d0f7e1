"""Routes of a guild's widget, which is public. Source: discord-api-docs, developers/resources/guild.mdx."""

from __future__ import annotations

from itertools import islice
from struct import pack
from zlib import compress, crc32

from steward.sim.channels.channel import CATEGORY, Channel
from steward.sim.guilds.guild import Guild
from steward.sim.guilds.permissions import BITS, VOICE_CHANNEL_TYPES, in_channel
from steward.sim.people.user import Json
from steward.sim.rest.call import Body, Call, RestAnswer, Route
from steward.sim.rest.errors import or_refuse, refuse_if
from steward.sim.rest.fields import Field, flag, snowflake, take
from steward.sim.rest.form import invalid_field

_FIELDS = {"enabled": Field(flag, default=False), "channel_id": Field(snowflake)}
_MAX_MEMBERS = 100
_SIZES = {"shield": (115, 20), "banner1": (320, 76), "banner2": (320, 76), "banner3": (320, 76), "banner4": (350, 250)}
_BLURPLE = b"\x58\x65\xf2"


def edit(call: Call) -> Body:
    guild = call.guild("manage_guild")
    form = call.form()
    values = take(form, _FIELDS, new=False)
    channel_id = values.get("channel_id")
    if channel_id is not None and (
        int(channel_id) not in guild.channels or guild.channels[int(channel_id)].kind == CATEGORY
    ):
        form.refuse("channel_id", "CHANNEL_INVALID", f"Channel {channel_id} does not exist")
    form.check()
    guild.settings |= {f"widget_{name}": value for name, value in values.items()}
    guild.changed()
    return _settings(guild)


def widget(call: Call) -> Body:
    guild = _guild(call)
    refuse_if(not guild.settings.get("widget_enabled"), 50004)
    rooms: list[Json] = [
        {"id": str(channel.id), "name": channel.name, "position": channel.position}
        for channel in guild.channels.values()
        if channel.kind in VOICE_CHANNEL_TYPES and _is_open(channel)
    ]
    found: Json = {
        "id": str(guild.id),
        "name": guild.name,
        "instant_invite": _invite(call, guild),
        "channels": rooms,
        "members": _members(guild, {room["id"] for room in rooms}),
        "presence_count": guild.online_count,
    }
    return found


def _is_open(channel: Channel) -> bool:
    """Return whether @everyone may connect to a voice channel."""
    everyone = channel.guild.everyone if channel.guild is not None else None
    if everyone is None:
        return False
    found = in_channel(
        everyone.permissions,
        channel.overwrites,
        everyone_id=everyone.id,
        role_ids=(),
        member_id=0,
        channel_type=channel.kind,
    )
    return bool(found & BITS["view_channel"] and found & BITS["connect"])


def _invite(call: Call, guild: Guild) -> str | None:
    """Return the URL of an invite to the widget's channel, if there is one."""
    wanted = guild.settings.get("widget_channel_id")
    codes = (invite.code for invite in call.world.invites.values() if str(invite.channel.id) == wanted)
    code = next(codes, None)
    return f"https://discord.com/invite/{code}" if code is not None else None


def _members(guild: Guild, rooms: set[str]) -> list[Json]:
    """Return up to 100 online members, with anonymised ids."""
    everybody = (guild.members.peek(user_id) for user_id in guild.members.roll.after(0, 10 * _MAX_MEMBERS))
    online = islice((member for member in everybody if member.status != "offline"), _MAX_MEMBERS)
    found = []
    for number, member in enumerate(online):
        shown: Json = {
            "id": str(number), "username": member.name, "discriminator": "0000", "avatar": None,
            "status": member.status, "avatar_url": f"https://cdn.discordapp.com/widget-avatars/{number}",
        }  # fmt: skip
        if member.voice_channel is not None and str(member.voice_channel.id) in rooms:
            state = member.voice_state()
            names = ("channel_id", "deaf", "mute", "self_deaf", "self_mute", "suppress")
            shown |= {name: state[name] for name in names}
        found.append(shown)
    return found


def image(call: Call) -> RestAnswer:
    """Return the widget as a plain picture of the documented size."""
    guild = _guild(call)
    style = call.query.get("style", "shield")
    if style not in _SIZES:
        raise invalid_field("style", "BASE_TYPE_CHOICES", f"Value must be one of {tuple(_SIZES)}.")
    refuse_if(not guild.settings.get("widget_enabled"), 50004)
    return RestAnswer(200, _png(*_SIZES[style]), kind="image/png")


def _png(width: int, height: int) -> bytes:
    def chunk(name: bytes, data: bytes) -> bytes:
        return pack(">I", len(data)) + name + data + pack(">I", crc32(name + data))

    rows = (b"\0" + _BLURPLE * width) * height
    head = pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", compress(rows)) + chunk(b"IEND", b"")


def _guild(call: Call) -> Guild:
    return or_refuse(call.world.guilds.get(call.id("guild_id")), 10004)


def _settings(guild: Guild) -> Json:
    enabled, channel_id = guild.settings.get("widget_enabled", False), guild.settings.get("widget_channel_id")
    return {"enabled": enabled, "channel_id": channel_id}


_WIDGET = "/guilds/{guild_id}/widget"
ROUTES = (
    Route("GET", _WIDGET, lambda call: _settings(call.guild("manage_guild"))),
    Route("PATCH", _WIDGET, edit),
    Route("GET", f"{_WIDGET}.json", widget, by_token=True),
    Route("GET", f"{_WIDGET}.png", image, by_token=True),
)
