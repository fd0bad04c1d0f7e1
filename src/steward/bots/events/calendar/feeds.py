"""Calendar feeds: a secret link for each member who asks, and the page behind it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from hashlib import sha256
from hmac import compare_digest
from secrets import token_urlsafe
from typing import TYPE_CHECKING

from steward.runtime.pages import Page
from steward.store import Store, Transaction, from_millis

if TYPE_CHECKING:
    from steward.text.ics import CalendarEntry

PREFIX = "calendar"
TOKEN_BYTES = 32
ENDING = ".ics"
CACHED = 300  # seconds for which an application need not ask again; it looks each hour or more rarely
LONGEST_PATH = 100

NOT_FOUND = Page(
    b"There is no such calendar. /events calendar gives a link.\n",
    404,
    {"Content-Type": "text/plain; charset=utf-8", "Cache-Control": "no-store"},
)


@dataclass(frozen=True, slots=True)
class FeedLink:
    """
    A member's link.

    Attributes:
        token: the secret part; None for a link that was given before: only its hash is kept.

    """

    token: str | None
    made_at: datetime


class Feeds:
    """
    Gives links, takes them back, and answers them.

    A token has 256 bits; its SHA-256 is kept, so that nobody who reads the database can read a calendar.
    """

    def __init__(self, store: Store, name_of: Callable[[int], str]) -> None:
        self._store = store
        self._name_of = name_of

    async def give(self, guild_id: int, user_id: int, *, anew: bool = False) -> FeedLink:
        """Give a member a link, or tell of the one that was given before; with `anew` that one is taken back."""
        token = token_urlsafe(TOKEN_BYTES)

        def work(tx: Transaction) -> FeedLink:
            if anew:
                forget_feeds(tx, guild_id, user_id)
            row = {"guild_id": guild_id, "user_id": user_id, "token_hash": _hash(token), "made_at": tx.now_ms}
            if tx.insert_new("event_feeds", row):
                return FeedLink(token, tx.now)
            sql = "SELECT made_at FROM event_feeds WHERE guild_id = ? AND user_id = ?"
            return FeedLink(None, from_millis(tx.value(sql, (guild_id, user_id))))

        return await self._store.write(work)

    async def revoke_all(self, guild_id: int) -> int:
        """Take back every link to a guild's calendar; return how many that were."""
        sql = "DELETE FROM event_feeds WHERE guild_id = ?"
        return await self._store.write(lambda tx: tx.execute(sql, (guild_id,)))

    async def page(self, path: str, headers: Mapping[str, str]) -> Page:
        """Answer `token.ics`; whatever is wrong with a token, the answer is the same and takes the same way."""
        from steward.text.ics import CONTENT_TYPE, calendar_file  # like `calendars`: 0.07 MiB until somebody subscribes

        token_hash = _hash(path[:LONGEST_PATH].removesuffix(ENDING))
        guild_calendar = await self._store.read(partial(_found, token_hash=token_hash))
        if guild_calendar is None:
            return NOT_FOUND
        guild_id, entries = guild_calendar
        name = self._name_of(guild_id)
        content = calendar_file(entries, name=name)
        tag = f'"{sha256(content).hexdigest()[:32]}"'
        kept = {"ETag": tag, "Cache-Control": f"private, max-age={CACHED}"}
        if _matches(headers.get("If-None-Match", ""), tag):
            return Page(status=304, headers=kept)
        return Page(
            content,
            headers={
                **kept,
                "Content-Type": CONTENT_TYPE,
                "Content-Disposition": 'inline; filename="events.ics"',
                "X-Content-Type-Options": "nosniff",
            },
        )


def forget_feeds(tx: Transaction, guild_id: int, user_id: int) -> None:
    """Take back a member's link to a guild's calendar."""
    tx.execute("DELETE FROM event_feeds WHERE guild_id = ? AND user_id = ?", (guild_id, user_id))


def _found(tx: Transaction, token_hash: str) -> tuple[int, list[CalendarEntry]] | None:
    from steward.bots.events.calendar import calendars

    row = tx.one("SELECT guild_id, token_hash FROM event_feeds WHERE token_hash = ?", (token_hash,))
    if row is None or not compare_digest(row["token_hash"], token_hash):
        return None
    return row["guild_id"], calendars.of_guild(tx, row["guild_id"])


def _hash(token: str) -> str:
    return sha256(token.encode()).hexdigest()


def _matches(header: str, tag: str) -> bool:
    """Compare weakly (RFC 9110, 13.1.2): a proxy that compresses makes weak tags of strong ones."""
    given = [one.strip().removeprefix("W/") for one in header.split(",")]
    return "*" in given or tag.removeprefix("W/") in given
