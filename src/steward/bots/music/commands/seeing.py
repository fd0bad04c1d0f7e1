"""Whose taste a command shows: one's own, or that of a member who lets others here see it."""

from __future__ import annotations

from typing import NamedTuple

import discord

from steward.bots.music.errors import MusicError
from steward.bots.music.taste.links import MusicLink, ask_for_news, link_of
from steward.bots.music.taste.members import DAY_MS, listener_of, own_listener
from steward.bots.music.taste.sharing import shares_taste
from steward.store import Store, Transaction

BEGIN = "Begin with `/music link` or `/music artists`."
PRIVATE = "{member} keeps their taste to themselves here."
SWITCH = "They can show it with `/music sharing`."


class SeenTaste(NamedTuple):
    """
    A taste that may be shown.

    Attributes:
        is_shared: whether all members here may see it; else only its owner.

    """

    user_id: int
    listener: int
    link: MusicLink | None
    is_shared: bool


def seen_taste(tx: Transaction, guild_id: int, asking: int, user_id: int) -> SeenTaste:
    """
    Return the taste of a member, if whoever asks may see it.

    Raises:
        MusicError: they may not, or nothing is known of it.

    """
    is_shared = shares_taste(tx, guild_id, user_id)
    if user_id != asking and not is_shared:
        raise MusicError(PRIVATE.format(member=f"<@{user_id}>"), remedy=SWITCH)
    listener = listener_of(tx, user_id)
    if listener is None and user_id == asking:
        raise MusicError("I know nothing of your taste yet.", remedy=BEGIN)
    if listener is None:
        raise MusicError(f"I know nothing of <@{user_id}>'s taste yet.")
    return SeenTaste(user_id, listener, link_of(tx, listener), is_shared)


def person(member: discord.Member | discord.User | None, asking: int) -> int:
    """
    Return the id of the member whose taste is asked for; None is whoever asks.

    Raises:
        MusicError: they have left, or are a bot.

    """
    if member is None or member.id == asking:
        return asking
    if not isinstance(member, discord.Member):
        raise MusicError(f"{member.mention} isn't in this server.", remedy="Choose a member.")
    if member.bot:
        raise MusicError("Bots hear nothing.", remedy="Choose a person.")
    return member.id


async def note_use(store: Store, asking: int, *listeners: int) -> None:
    """Note that a member uses the bot, and have what was heard lately imported; writes nothing most times."""

    def due(tx: Transaction) -> bool:
        used: int | None = tx.value("SELECT used_at FROM music_members WHERE user_id = ?", (asking,))
        links = (link_of(tx, one) for one in listeners)
        return (used is not None and tx.now_ms - used > DAY_MS) or any(link and link.is_old(tx.now) for link in links)

    def note(tx: Transaction) -> None:
        if listener_of(tx, asking) is not None:
            own_listener(tx, asking)
        for one in listeners:
            ask_for_news(tx, one)

    if await store.read(due):
        await store.write(note)
