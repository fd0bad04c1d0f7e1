"""Routes of threads. Source: discord-api-docs, developers/topics/threads.mdx and resources/channel.mdx."""

from __future__ import annotations

from typing import Any

from steward.sim.channels import threads
from steward.sim.channels.channel import ANNOUNCEMENT, FORUM, LONGEST_SLOWMODE, TEXT, Channel
from steward.sim.channels.message import Message
from steward.sim.channels.thread import ARCHIVE_MINUTES, NEWS_THREAD, PINNED, PRIVATE_THREAD, PUBLIC_THREAD, Thread
from steward.sim.guilds import audit_log
from steward.sim.guilds.guild import Guild
from steward.sim.people.user import Json
from steward.sim.rest.call import Body, Call, RestAnswer, Route
from steward.sim.rest.channels import forums as tagged
from steward.sim.rest.errors import RestRefused, or_refuse, refuse_if
from steward.sim.rest.fields import choice
from steward.sim.rest.form import Form
from steward.sim.rest.messages import draft
from steward.sim.rest.messages.messages import named_message, refuse_archived, require_to_attach

_LONGEST_NAME = 100
_MAX_ACTIVE = 1000
_DURATION = choice(*ARCHIVE_MINUTES)


def create(call: Call) -> Body | RestAnswer:
    parent, guild = _parent(call, forums=True)
    if parent.kind == FORUM:
        return _create_post(call, parent, guild)
    form = call.form()
    kind = form.whole("type", NEWS_THREAD, PRIVATE_THREAD, default=PRIVATE_THREAD) or PRIVATE_THREAD
    permission = "create_private_threads" if kind == PRIVATE_THREAD else "create_public_threads"
    call.require_in_channel(parent, permission)
    settings = _read(call, form, parent, guild)
    return _created(call, threads.open_thread(parent, kind=kind, **settings))


def _created(call: Call, thread: Thread, **more: Json) -> RestAnswer:
    return RestAnswer(201, thread.payload() | {"member": thread.member_payload(call.bot.id)} | more)


def _create_post(call: Call, forum: Channel, guild: Guild) -> RestAnswer:
    """Create a forum post: a thread with its first message, which has the thread's id."""
    call.require_in_channel(forum, "send_messages")
    form = call.form()
    form.required("message")
    wanted = draft.read(call, form.part("message", form.body.get("message") or {}))
    require_to_attach(call, forum, wanted)
    thread = threads.open_thread(forum, kind=PUBLIC_THREAD, **_read(call, form, forum, guild))
    first = Message(thread.id, thread.id, call.bot.user)
    wanted.write_to(call, thread, first)
    thread.post(first)
    return _created(call, thread, message=first.payload(call.bot.id))


def create_at_message(call: Call) -> RestAnswer:
    """Create a thread from a message; it gets the message's id."""
    parent, guild = _parent(call)
    message = named_message(call, parent)
    call.require_in_channel(parent, "create_public_threads")
    refuse_if(message.by_system, 50068)
    refuse_if(message.id in call.world.channels, 160004)
    return _created(call, threads.open_at(parent, message, **_read(call, call.form(), parent, guild)))


def active(call: Call) -> Body:
    threads = call.guild().threads.values()
    return listed(call, [thread for thread in threads if not thread.archived and thread.visible_to(call.bot)])


def archived_private(call: Call) -> Body:
    call.require_in_channel(_parent(call)[0], "manage_threads")
    return _archived(call, PRIVATE_THREAD)


def members(call: Call) -> Body:
    thread = _thread(call)
    return [thread.member_payload(user_id) for user_id in thread.joined]


def member(call: Call) -> Body:
    thread, user_id = _thread(call), call.id("user_id")
    refuse_if(user_id not in thread.joined, 10007)
    return thread.member_payload(user_id)


def leave(call: Call) -> None:
    _open_thread(call).drop(call.bot.id)


def add(call: Call) -> None:
    thread, user_id = _open_thread(call), call.id("user_id")
    call.require_in_channel(thread, "send_messages_in_threads")
    refuse_if(user_id not in thread.guild.members, 10007)
    thread.add(user_id)


def remove(call: Call) -> None:
    thread, user_id = _open_thread(call), call.id("user_id")
    if not (thread.kind == PRIVATE_THREAD and thread.owner_id == call.bot.id):
        call.require_in_channel(thread, "manage_threads")
    refuse_if(not thread.drop(user_id), 10007)


def change(call: Call, thread: Thread) -> Body:
    """Change a thread: PATCH /channels/{channel_id}."""
    form = call.form()
    name = form.text("name", shortest=1, longest=_LONGEST_NAME)
    minutes = _minutes(form)
    slowmode = form.whole("rate_limit_per_user", 0, LONGEST_SLOWMODE)
    flags = form.whole("flags", 0, 2**31 - 1)
    invitable = form.flag("invitable", default=thread.invitable)
    locked, archived = form.flag("locked", default=thread.locked), form.flag("archived", default=thread.archived)
    form.check()
    reopening = "archived" in form and not archived
    refuse_if(thread.archived and not reopening, 50083)
    if reopening and set(form.body) == {"archived"} and not thread.locked:
        call.require_in_channel(thread, thread.write_permission)  # resources/channel.mdx, "Modify Channel", threads
    elif thread.owner_id != call.bot.id or "locked" in form or thread.locked:
        call.require_in_channel(thread, "manage_threads")
    before = thread.payload()
    if flags is not None and bool(flags & PINNED) != thread.pinned:
        call.require_in_channel(thread, "manage_threads")
    tags = tagged.tags_of_post(call, form, thread.parent, thread.tags) if thread.parent.kind == FORUM else []
    if name is not None:
        call.hidden.rename(thread)  # last check: nothing has changed yet
    if thread.parent.kind == FORUM:
        thread.tags = tags
        thread.pinned = thread.pinned if flags is None else bool(flags & PINNED)
    thread.invitable = invitable
    thread.name = name or thread.name
    if minutes is not None:
        thread.archive_minutes = minutes
        thread.stay_active()
    thread.slowmode = thread.slowmode if slowmode is None else slowmode
    thread.locked = locked
    thread.archive(archived=archived)
    thread.changed()
    call.log(thread.guild, audit_log.THREAD_UPDATE, thread.id, before=before, after=thread.payload())
    return thread.payload()


def _read(call: Call, form: Form, parent: Channel, guild: Guild) -> dict[str, Any]:
    """Return the arguments to open a thread as the bot."""
    form.required("name")
    usual = parent.settings.get("default_thread_rate_limit_per_user", 0)
    settings = {
        "name": form.text("name", shortest=1, longest=_LONGEST_NAME),
        "owner_id": call.bot.id,
        "reason": call.reason,
        "minutes": _minutes(form) or parent.settings.get("default_auto_archive_duration", 1440),
        "slowmode": form.whole("rate_limit_per_user", 0, LONGEST_SLOWMODE, default=usual),
        "invitable": form.flag("invitable", default=True),
    }
    form.check()
    refuse_if(sum(not thread.archived for thread in guild.threads.values()) >= _MAX_ACTIVE, 160006)
    return settings | ({"tags": tagged.tags_of_post(call, form, parent)} if parent.kind == FORUM else {})


def _minutes(form: Form) -> int | None:
    return _DURATION(form, "auto_archive_duration") if form.body.get("auto_archive_duration") is not None else None


def _parent(call: Call, *, forums: bool = False) -> tuple[Channel, Guild]:
    """Return the channel of the path, whose type must have threads (50024), and its guild."""
    parent = call.channel()
    refuse_if(parent.kind not in (TEXT, ANNOUNCEMENT, *((FORUM,) if forums else ())), 50024)
    return parent, or_refuse(parent.guild, 50024)


def _thread(call: Call) -> Thread:
    found = call.channel()
    if not isinstance(found, Thread):
        raise RestRefused.by_code(50024)
    return found


def _open_thread(call: Call) -> Thread:
    found = _thread(call)
    refuse_archived(found)
    return found


def _archived(call: Call, *kinds: int, only_mine: bool = False) -> Body:
    """List the archived threads of these kinds in a channel, latest first; or those of which the bot is a member."""
    parent, guild = _parent(call, forums=True)
    call.require_in_channel(parent, "read_message_history")
    limit = call.number("limit", 2, 100, 50)
    mine = [found for found in guild.threads.values() if found.parent is parent and found.kind in kinds]
    closed = [found for found in mine if found.archived and (not only_mine or call.bot.id in found.joined)]
    latest = sorted(closed, key=lambda found: found.archived_at or found.made_at, reverse=True)
    return listed(call, latest[:limit], has_more=len(latest) > limit)


def listed(call: Call, found: list[Thread], *, has_more: bool = False) -> Json:
    """Return a page of threads with the bot's memberships."""
    own = [thread.member_payload(call.bot.id) for thread in found if call.bot.id in thread.joined]
    return {"threads": [thread.payload() for thread in found], "members": own, "has_more": has_more}


_CHANNEL = "/channels/{channel_id}"
_MEMBER, _OWN_ARCHIVED = f"{_CHANNEL}/thread-members", f"{_CHANNEL}/users/@me/threads/archived/private"
ROUTES = (
    Route("POST", f"{_CHANNEL}/threads", create),
    Route("POST", f"{_CHANNEL}/messages/{{message_id}}/threads", create_at_message),
    Route("GET", "/guilds/{guild_id}/threads/active", active),
    Route("GET", f"{_CHANNEL}/threads/archived/public", lambda call: _archived(call, NEWS_THREAD, PUBLIC_THREAD)),
    Route("GET", f"{_CHANNEL}/threads/archived/private", archived_private),
    Route("GET", _OWN_ARCHIVED, lambda call: _archived(call, PRIVATE_THREAD, only_mine=True)),
    Route("GET", _MEMBER, members),
    Route("PUT", f"{_MEMBER}/@me", lambda call: _open_thread(call).add(call.bot.id)),
    Route("DELETE", f"{_MEMBER}/@me", leave),
    Route("GET", f"{_MEMBER}/{{user_id}}", member),
    Route("PUT", f"{_MEMBER}/{{user_id}}", add),
    Route("DELETE", f"{_MEMBER}/{{user_id}}", remove),
)
