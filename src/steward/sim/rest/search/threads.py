"""Search of a channel's threads. Source: Discord's OpenAPI document, `thread_search`."""

from __future__ import annotations

from steward.sim.channels.channel import ANNOUNCEMENT, FORUM, TEXT
from steward.sim.channels.thread import Thread
from steward.sim.people.user import Json
from steward.sim.rest.call import Body, Call, Route
from steward.sim.rest.channels.threads import listed
from steward.sim.rest.errors import refuse_if
from steward.sim.rest.form import Form

_MOST, _LAST_OFFSET, _LONGEST, _MAX_SLOP = 25, 9975, 100, 100
_CHOICES = {
    "tag_setting": ("match_some", "match_all"),
    "sort_by": ("last_message_time", "creation_time", "archive_time", "relevance"),
    "sort_order": ("desc", "asc"),
}


def search(call: Call) -> Body:
    channel = call.channel()
    refuse_if(channel.kind not in (TEXT, ANNOUNCEMENT, FORUM), 50024)
    guild = channel.own_guild
    call.require_in_channel(channel, "read_message_history")
    form = Form(dict(call.query))
    name = (form.text("name", longest=_LONGEST) or "").casefold()
    form.whole("slop", 0, _MAX_SLOP)
    limit, offset = form.whole("limit", 1, _MOST, default=_MOST), form.whole("offset", 0, _LAST_OFFSET, default=0) or 0
    chosen = {key: form.body.get(key, known[0]) for key, known in _CHOICES.items()}
    for key, known in _CHOICES.items():
        if chosen[key] not in known:
            form.refuse(key, "BASE_TYPE_CHOICES", f"Value must be one of {known}.")
    form.check()
    smallest, greatest = call.cursor("min_id") or 0, call.cursor("max_id")
    tags = {part for text in call.texts("tag") for part in text.split(",") if part}
    fits_tags = tags.issubset if chosen["tag_setting"] == "match_all" else lambda found: bool(tags & set(found))
    found = [
        thread
        for thread in guild.threads.values()
        if thread.parent is channel
        and thread.visible_to(call.bot)
        and name in thread.name.casefold()
        and ("archived" not in call.query or thread.archived is call.flag("archived"))
        and thread.id > smallest
        and (greatest is None or thread.id < greatest)
        and (not tags or fits_tags(thread.tags))
    ]
    found.sort(key=_ORDERS[chosen["sort_by"]], reverse=chosen["sort_order"] == "desc")
    page = found[offset : offset + (limit or _MOST)]
    more: Json = {"total_results": len(found), "first_messages": _first_messages(call, page)}
    return listed(call, page, has_more=offset + len(page) < len(found)) | more


def _first_messages(call: Call, threads: list[Thread]) -> list[Json]:
    firsts = (thread.message(thread.id) or thread.parent.message(thread.id) for thread in threads)
    return [first.payload(call.bot.id) for first in firsts if first is not None]


_ORDERS = {
    "last_message_time": lambda thread: thread.messages[-1].id if thread.messages else thread.id,
    "creation_time": lambda thread: thread.id,
    "relevance": lambda thread: thread.id,
    "archive_time": lambda thread: thread.archived_at or thread.made_at,
}
ROUTES = (Route("GET", "/channels/{channel_id}/threads/search", search),)
