"""
The settings of a channel, with the ranges of its type.

Source: discord-api-docs, developers/resources/channel.mdx ("Modify Channel") and topics/permissions.mdx.
"""

from __future__ import annotations

from collections.abc import Mapping

from steward.sim.channels.channel import ANNOUNCEMENT, CATEGORY, FORUM, LONGEST_SLOWMODE, STAGE, TEXT, Channel
from steward.sim.channels.thread import ARCHIVE_MINUTES
from steward.sim.guilds.guild import Guild
from steward.sim.guilds.permissions import VOICE_CHANNEL_TYPES
from steward.sim.people.user import Json
from steward.sim.rest.channels import forums
from steward.sim.rest.fields import Field, choice, flag, new_object, snowflake, take, text, whole
from steward.sim.rest.form import Form, as_whole

_LOWEST_BITRATE, _BITRATES = 8000, (96_000, 128_000, 256_000, 384_000)  # maximum by the guild's boost tier
_STAGE_BITRATE = 64_000
_TOPIC, _FORUM_TOPIC = 1024, 4096
_MAX_IN_VOICE, _MAX_ON_STAGE = 99, 10_000
_MAX_IN_CATEGORY = 50
_FORUM_FLAGS = forums.REQUIRE_TAG | 1 << 15
_OF_THREADS = {
    "default_auto_archive_duration": Field(choice(*ARCHIVE_MINUTES), default=1440),
    "default_thread_rate_limit_per_user": Field(whole(0, LONGEST_SLOWMODE), default=0),
}
_OF_FORUM = {
    **_OF_THREADS,
    "default_reaction_emoji": Field(new_object({"emoji_id": Field(snowflake), "emoji_name": Field(text(0, 100))})),
    "default_sort_order": Field(choice(0, 1)),
    "default_forum_layout": Field(choice(0, 1, 2), default=0),
    "flags": Field(whole(0, 2**31 - 1), default=0),
}
_OF_VOICE = {"rtc_region": Field(text(0, 100)), "video_quality_mode": Field(choice(1, 2), default=1)}
_CONVERTIBLE = (TEXT, ANNOUNCEMENT)
_ATTRIBUTES = {
    "topic": "topic", "nsfw": "nsfw", "position": "position", "parent_id": "parent_id", "user_limit": "user_limit",
    "rate_limit_per_user": "slowmode",
}  # fmt: skip


def _settings_of(kind: int) -> Mapping[str, Field]:
    """Return the settings of a channel type that its payload returns as they were set."""
    if kind in VOICE_CHANNEL_TYPES:
        return _OF_VOICE
    return {TEXT: _OF_THREADS, ANNOUNCEMENT: _OF_THREADS, FORUM: _OF_FORUM}.get(kind, {})


def read(form: Form, guild: Guild, kind: int) -> Json:
    """Return the settings in a form for a channel type; errors are recorded in the form."""
    fields = {
        "topic": Field(text(0, _FORUM_TOPIC if kind == FORUM else _TOPIC)),
        "nsfw": Field(flag, default=False),
        "position": Field(whole(0, 2**31 - 1), default=0),
        "rate_limit_per_user": Field(whole(0, LONGEST_SLOWMODE), default=0),
        "bitrate": Field(whole(_LOWEST_BITRATE, _STAGE_BITRATE if kind == STAGE else _BITRATES[guild.boost_tier])),
        "user_limit": Field(whole(0, _MAX_ON_STAGE if kind == STAGE else _MAX_IN_VOICE), default=0),
        **_settings_of(kind),
    }
    values = take(form, fields, new=False)
    if (values.get("flags") or 0) & ~_FORUM_FLAGS:
        form.refuse("flags", "BASE_TYPE_CHOICES", "Flags must be settable on this channel type.")
    if kind == FORUM and "available_tags" in form:
        values["available_tags"] = forums.read_tags(form)
    if "parent_id" in form:
        values["parent_id"] = as_whole(form.body["parent_id"])
        _check_parent(form, guild, kind)
    return values


def new_type(form: Form, kind: int) -> int:
    """Return the type in a form: only text and announcement channels can be converted to each other."""
    wanted = form.whole("type", 0, 16, default=kind) or TEXT
    if wanted != kind and not {wanted, kind} <= set(_CONVERTIBLE):
        form.refuse("type", "BASE_TYPE_CHOICES", f"Value must be one of {_CONVERTIBLE}.")
    return wanted


def apply(values: Json, channel: Channel) -> None:
    """Apply settings to a channel."""
    for name, attribute in _ATTRIBUTES.items():
        if name in values:
            setattr(channel, attribute, values[name])
    channel.bitrate = values.get("bitrate") or channel.bitrate
    channel.settings |= {name: values[name] for name in _settings_of(channel.kind) if name in values}
    if "available_tags" in values:
        channel.settings["available_tags"] = forums.with_ids(channel, values["available_tags"])


def _check_parent(form: Form, guild: Guild, kind: int) -> None:
    asked = form.body.get("parent_id")
    if asked is None:
        return
    parent = guild.channels.get(as_whole(asked) or 0)
    if parent is None or parent.kind != CATEGORY:
        form.refuse("parent_id", "CHANNEL_PARENT_INVALID", "Category does not exist")
    elif kind == CATEGORY:
        form.refuse("parent_id", "CHANNEL_PARENT_INVALID_TYPE", "Not a category")
    elif sum(channel.parent_id == parent.id for channel in guild.channels.values()) >= _MAX_IN_CATEGORY:
        words = f"Maximum number of channels in category reached ({_MAX_IN_CATEGORY})"
        form.refuse("parent_id", "CHANNEL_PARENT_MAX_CHANNELS", words)
