"""
The tags of a forum and of its posts.

Source: discord-api-docs, developers/topics/threads.mdx, "Forums", and resources/channel.mdx, "Forum Tag Object".
"""

from __future__ import annotations

from steward.sim.channels.channel import Channel
from steward.sim.people.user import Json
from steward.sim.rest.call import Call
from steward.sim.rest.errors import refuse_if
from steward.sim.rest.fields import Field, flag, listed, needed, new_object, snowflake, text
from steward.sim.rest.form import Form

REQUIRE_TAG = 1 << 4  # channel flag
_MAX_OF_FORUM, _MAX_OF_POST = 20, 5
_TAG = {
    "id": Field(snowflake),
    "name": needed(text(1, 50)),
    "moderated": Field(flag, default=False),
    "emoji_id": Field(snowflake),
    "emoji_name": Field(text(0, 100)),
}
_TAGS = listed(new_object(_TAG), _MAX_OF_FORUM)


def read_tags(form: Form) -> list[Json]:
    """Return the requested tags of a forum; new ones have no id."""
    return [] if form.body.get("available_tags") is None else list(_TAGS(form, "available_tags"))


def with_ids(forum: Channel, tags: list[Json]) -> list[Json]:
    """Return tags with ids; those that the forum already has keep theirs."""
    known = {tag["id"] for tag in forum.settings.get("available_tags", ())}
    return [tag | {"id": tag["id"] if tag["id"] in known else str(forum.world.snowflakes.next())} for tag in tags]


def tags_of_post(call: Call, form: Form, forum: Channel, before: list[str] | None = None) -> list[str]:
    """
    Return the requested tags of a post; `before` are its current ones.

    They must exist (10087), those for moderators need MANAGE_THREADS (50013), and a tag may be required (40067).
    """
    asked = form.body.get("applied_tags")
    if asked is None and before is not None:
        return before
    wanted = [] if asked is None else listed(snowflake, _MAX_OF_POST)(form, "applied_tags")
    form.check()
    known = {tag["id"]: tag for tag in forum.settings.get("available_tags", ())}
    refuse_if(any(tag_id not in known for tag_id in wanted), 10087)
    changed = set(wanted) ^ set(before or ())
    if any(known[tag_id]["moderated"] for tag_id in changed if tag_id in known):
        call.require_in_channel(forum, "manage_threads")
    refuse_if(not wanted and forum.settings.get("flags", 0) & REQUIRE_TAG, 40067)
    return list(dict.fromkeys(wanted))
