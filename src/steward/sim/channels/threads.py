"""Creating threads. Source: discord-api-docs, developers/topics/threads.mdx."""

from __future__ import annotations

from typing import Any

from steward.sim.channels.channel import ANNOUNCEMENT, Channel
from steward.sim.channels.message import HAS_THREAD, Message
from steward.sim.channels.thread import NEWS_THREAD, PUBLIC_THREAD, Thread
from steward.sim.guilds import audit_log

USUAL_ARCHIVE_MINUTES = 1440


def open_thread(
    parent: Channel,
    name: str,
    owner_id: int,
    kind: int,
    *,
    minutes: int = USUAL_ARCHIVE_MINUTES,
    reason: str | None = None,
    **settings: Any,
) -> Thread:
    """Create a thread without a starter message; `settings` are further fields of `Thread`."""
    thread_id = parent.world.snowflakes.next()
    return _opened(parent, thread_id, name, owner_id, kind, reason, archive_minutes=minutes, **settings)


def open_at(
    parent: Channel,
    message: Message,
    name: str,
    owner_id: int,
    *,
    minutes: int = USUAL_ARCHIVE_MINUTES,
    reason: str | None = None,
    **settings: Any,
) -> Thread:
    """Create a thread from a message; it gets the message's id."""
    kind = NEWS_THREAD if parent.kind == ANNOUNCEMENT else PUBLIC_THREAD
    made = _opened(parent, message.id, name, owner_id, kind, reason, archive_minutes=minutes, **settings)
    message.flags |= HAS_THREAD
    message.thread = made
    parent.emit_message("MESSAGE_UPDATE", message)
    return made


def _opened(
    parent: Channel, thread_id: int, name: str, owner_id: int, kind: int, reason: str | None, **settings: Any
) -> Thread:
    guild, world = parent.own_guild, parent.world
    made = Thread(
        world, thread_id, kind, name, guild=guild, parent_id=parent.id, overwrites=parent.overwrites,
        parent=parent, owner_id=owner_id, made_at=world.clock.now(), **settings,
    )  # fmt: skip
    made.joined[owner_id] = made.made_at
    guild.threads[made.id] = world.channels[made.id] = made
    made.emit_change("CREATE", newly_created=True)
    guild.log_change(audit_log.THREAD_CREATE, made.id, owner_id, reason, after=made.payload())
    return made
