"""
Search of a guild's messages.

Source: discord-api-docs, resources/message.mdx, "Search Guild Messages". Words are matched literally; Discord's index
also stems them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial

from steward.sim.channels.channel import WITHOUT_MESSAGES, Channel
from steward.sim.channels.message import Message
from steward.sim.guilds.permissions import BITS
from steward.sim.rest.call import Body, Call, Route
from steward.sim.rest.errors import refuse_if
from steward.sim.rest.form import Form, as_whole, invalid_field

_MOST, _LAST_OFFSET, _LONGEST = 25, 9975, 1024
_ORDERS, _SORTS = ("asc", "desc"), ("timestamp", "relevance")
_READ = BITS["view_channel"] | BITS["read_message_history"]
Test = Callable[[Message], bool]
_HAS: dict[str, Test] = {
    "link": lambda message: "http://" in message.content or "https://" in message.content,
    "embed": lambda message: bool(message.embeds),
    "file": lambda message: bool(message.attachments),
    "image": lambda message: _attached(message, "image/"),
    "video": lambda message: _attached(message, "video/"),
    "sound": lambda message: _attached(message, "audio/"),
    "sticker": lambda message: bool(message.payload().get("sticker_items")),
    "poll": lambda message: bool(message.payload().get("poll")),
    "snapshot": lambda message: bool(message.payload().get("message_snapshots")),
}
_AUTHORS: dict[str, Test] = {
    "user": lambda message: not message.author.bot,
    "bot": lambda message: message.author.bot and message.webhook_id is None,
    "webhook": lambda message: message.webhook_id is not None,
}


def search(call: Call) -> Body:
    guild = call.guild()
    refuse_if("message_content" not in call.bot.privileged_intents, 50001)
    tests = _tests(call)
    form = Form(dict(call.query))
    limit = form.whole("limit", 1, _MOST, default=_MOST)
    offset = form.whole("offset", 0, _LAST_OFFSET, default=0) or 0
    for name, known in (("sort_order", _ORDERS), ("sort_by", _SORTS)):
        if form.body.get(name, known[0]) not in known:
            form.refuse(name, "BASE_TYPE_CHOICES", f"Value must be one of {known}.")
    form.check()
    channels: list[Channel] = [
        channel
        for channel in (*guild.channels.values(), *guild.threads.values())
        if channel.kind not in WITHOUT_MESSAGES and call.permissions(channel) & _READ == _READ
    ]
    if wanted := _ids(call, "channel_id"):
        channels = [channel for channel in channels if channel.id in wanted or channel.parent_id in wanted]
    found = [
        message
        for channel in channels
        if channel.visible_to(call.bot)
        for message in channel.messages
        if all(test(message) for test in tests)
    ]
    found.sort(key=lambda message: message.id, reverse=form.body.get("sort_order", "desc") == "desc")
    page = found[offset : offset + (limit or _MOST)]
    shown = [[message.payload(call.bot.id) | {"hit": True}] for message in page]
    answer = {"doing_deep_historical_index": False, "total_results": len(found), "messages": shown}
    places = {message.channel_id for message in page}
    threads = [thread.payload() for thread in guild.threads.values() if thread.id in places]
    return answer | ({"threads": threads, "members": []} if threads else {})


def _tests(call: Call) -> list[Test]:
    """Return the tests of the query, all of which a message must pass."""
    if len(call.query.get("content", "")) > _LONGEST:
        raise invalid_field("content", "BASE_TYPE_MAX_LENGTH", f"Must be {_LONGEST} or fewer in length.")
    words = call.query.get("content", "").casefold().split()
    tests: list[Test] = [partial(_says, word) for word in words]
    for name, ids_in in _IDS.items():
        if wanted := _ids(call, name):
            tests.append(partial(_shares, ids_in, wanted))
    for name, known in (("has", _HAS), ("author_type", _AUTHORS)):
        tests += [_chosen(name, known, text) for text in call.texts(name)]
    for name, test in _FLAGS.items():
        if name in call.query:
            tests.append(test if call.flag(name) else _negated(test))
    smallest, greatest = call.cursor("min_id") or 0, call.cursor("max_id") or 1 << 64
    tests.append(lambda message: smallest < message.id < greatest)
    for name, dot in (("attachment_filename", ""), ("attachment_extension", ".")):
        tests += [partial(_named, dot + text) for text in call.texts(name)]
    return tests


_IDS: dict[str, Callable[[Message], Iterable[int | None]]] = {
    "author_id": lambda message: [message.author.id],
    "mentions": lambda message: [user.id for user in message.mentions],
    "mentions_role_id": lambda message: message.mention_roles,
    "replied_to_message_id": lambda message: [as_whole((message.reference or {}).get("message_id"))],
    "replied_to_user_id": lambda message: [message.original.author.id] if message.original is not None else [],
}
_FLAGS: dict[str, Test] = {
    "pinned": lambda message: message.pinned_at is not None,
    "mention_everyone": lambda message: message.mention_everyone,
}


def _chosen(name: str, known: dict[str, Test], text: str) -> Test:
    test = known.get(text.removeprefix("-"))
    if test is None:
        raise invalid_field(name, "BASE_TYPE_CHOICES", f"Value must be one of {tuple(known)}.")
    return _negated(test) if text.startswith("-") else test


def _negated(test: Test) -> Test:
    return lambda message: not test(message)


def _says(word: str, message: Message) -> bool:
    return word in message.content.casefold()


def _shares(ids_in: Callable[[Message], Iterable[int | None]], wanted: set[int], message: Message) -> bool:
    return not wanted.isdisjoint(ids_in(message))


def _ids(call: Call, name: str) -> set[int]:
    ids = {as_whole(text) for text in call.texts(name)}
    if None in ids:
        raise invalid_field(name, "NUMBER_TYPE_COERCE", "Value is not snowflake.")
    return {found for found in ids if found is not None}


def _attached(message: Message, kind: str) -> bool:
    return any(str(file.get("content_type", "")).startswith(kind) for file in message.attachments)


def _named(text: str, message: Message) -> bool:
    return any(text.lower() in str(file["filename"]).lower() for file in message.attachments)


ROUTES = (Route("GET", "/guilds/{guild_id}/messages/search", search),)
