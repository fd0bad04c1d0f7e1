"""
The plain settings of a channel, with the ranges that its kind has.

Source: discord-api-docs, developers/resources/channel.mdx ("Modify Channel") and topics/permissions.mdx.
"""

from __future__ import annotations

from steward.sim.channel import ANNOUNCEMENT, CATEGORY, FORUM, STAGE, TEXT, Channel
from steward.sim.guild import Guild
from steward.sim.rest.form import Form, as_whole

_LOWEST_BITRATE, _BITRATES = 8000, (96_000, 128_000, 256_000, 384_000)  # the highest, by the guild's boost tier
_STAGE_BITRATE = 64_000
_TOPIC, _FORUM_TOPIC = 1024, 4096
_MOST_IN_VOICE, _MOST_ON_STAGE = 99, 10_000
_MOST_IN_CATEGORY = 50
_LONGEST_SLOWMODE = 21_600
_CONVERTIBLE = (TEXT, ANNOUNCEMENT)


def check(form: Form, guild: Guild, kind: int) -> None:
    """Complain about the settings of a form that a channel of that kind cannot have."""
    form.text("topic", longest=_FORUM_TOPIC if kind == FORUM else _TOPIC)
    form.whole("position", 0, 2**31 - 1)
    form.whole("rate_limit_per_user", 0, _LONGEST_SLOWMODE)
    form.whole("bitrate", _LOWEST_BITRATE, _STAGE_BITRATE if kind == STAGE else _BITRATES[guild.boost_tier])
    form.whole("user_limit", 0, _MOST_ON_STAGE if kind == STAGE else _MOST_IN_VOICE)
    form.flag("nsfw")
    _check_parent(form, guild, kind)


def check_type(form: Form, kind: int) -> None:
    """Complain about a change of a channel's type; only text and announcement channels become each other."""
    wanted = form.whole("type", 0, 16, default=kind)
    if wanted != kind and not {wanted, kind} <= set(_CONVERTIBLE):
        form.refuse("type", "BASE_TYPE_CHOICES", f"Value must be one of {_CONVERTIBLE}.")


def apply(form: Form, channel: Channel) -> None:
    """Take over the settings that a checked form names."""
    if "type" in form:
        channel.kind = form.whole("type", 0, 16, default=channel.kind) or TEXT
    if "topic" in form:
        channel.topic = form.text("topic", longest=_FORUM_TOPIC)
    if "nsfw" in form:
        channel.nsfw = form.flag("nsfw")
    if "parent_id" in form:
        channel.parent_id = as_whole(form.body["parent_id"])
    if "position" in form:
        channel.position = form.whole("position", 0, 2**31 - 1) or 0
    if "rate_limit_per_user" in form:
        channel.slowmode = form.whole("rate_limit_per_user", 0, _LONGEST_SLOWMODE) or 0
    channel.bitrate = form.whole("bitrate", _LOWEST_BITRATE, _BITRATES[-1]) or channel.bitrate
    if "user_limit" in form:
        channel.user_limit = form.whole("user_limit", 0, _MOST_ON_STAGE) or 0


def parent_of(form: Form) -> int | None:
    """Return the id of the category that a form names."""
    return as_whole(form.body.get("parent_id"))


def _check_parent(form: Form, guild: Guild, kind: int) -> None:
    asked = form.body.get("parent_id")
    if asked is None:
        return
    parent = guild.channels.get(as_whole(asked) or 0)
    if parent is None or parent.kind != CATEGORY:
        form.refuse("parent_id", "CHANNEL_PARENT_INVALID", "Category does not exist")
    elif kind == CATEGORY:
        form.refuse("parent_id", "CHANNEL_PARENT_INVALID_TYPE", "Not a category")
    elif sum(channel.parent_id == parent.id for channel in guild.channels.values()) >= _MOST_IN_CATEGORY:
        words = f"Maximum number of channels in category reached ({_MOST_IN_CATEGORY})"
        form.refuse("parent_id", "CHANNEL_PARENT_MAX_CHANNELS", words)
