"""The account that a member has linked, and how far what was heard there is imported."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from steward.bots.music.catalogue.heard import NamedArtist, heard_artists
from steward.bots.music.recommend.learning.relearning import learn_soon
from steward.bots.music.taste.listens import KeptListen, drop_listens, keep_listens, sum_up
from steward.bots.music.taste.members import IMPORT, listener_of, own_listener
from steward.store import Transaction, from_millis, to_millis
from steward.store.due import due

UPDATE_EVERY = timedelta(hours=6)
FRESH = timedelta(minutes=15)
"""What was imported so lately isn't asked for anew because somebody looks at it."""
OVERLAP = timedelta(days=1)
"""Of what is known already this is asked for again: players without a network tell later."""
MOST_PAGES = 300
"""Of one import; that is 60,000 listens."""
LONGEST_PROBLEM = 400


class MusicLink(NamedTuple):
    """
    An account, and its import.

    Attributes:
        imported_ms: when the last import was complete; None if none was yet.
        known_until: all that was heard before is kept, in seconds since 1970; no listen with a wrong clock moves it.
        page: the cursor at which the import that runs goes on; empty while none does.
        seen_until: the latest listen that it has seen, in seconds since 1970.
        pages, listens, skipped: what it, or the last one, has read, kept anew and left out.
        problem: why it doesn't go on, a sentence; empty if nothing is wrong.

    """

    listener: int
    service: str
    name: str
    guild_id: int
    linked_ms: int
    imported_ms: int | None
    known_until: int
    page: str
    seen_until: int
    pages: int
    listens: int
    skipped: int
    problem: str

    @property
    def account(self) -> tuple[str, str, int]:
        """What makes it this link: the same name that is linked anew is another one."""
        return self.service, self.name, self.linked_ms

    def is_old(self, now: datetime) -> bool:
        """Whether it is worth looking for news: the last import is complete, and wasn't just now."""
        if self.imported_ms is None or self.page:
            return False
        return to_millis(now) - self.imported_ms >= FRESH // timedelta(milliseconds=1)

    def since(self, now: datetime, keep: timedelta) -> int:
        """Return from which second on listens are asked for."""
        oldest = int((now - keep).timestamp())
        return max(oldest, self.known_until - int(OVERLAP.total_seconds())) if self.known_until else oldest


class HeardPage(NamedTuple):
    """
    A page of a history: when, whom, and what was heard, and the cursor of the next page.

    Attributes:
        listens: the second since 1970, the artist and the title of each.
        skipped: what was left out.

    """

    listens: Sequence[tuple[int, NamedArtist, str]]
    cursor: str = ""
    skipped: int = 0


_LINK = (
    "SELECT listener, service, name, guild_id, linked_at, imported_at, known_until, page, seen_until, pages, listens,"
    " skipped, problem FROM music_links WHERE listener = ?"
)


def link_of(tx: Transaction, listener: int | None) -> MusicLink | None:
    """Return the account that a listener has linked."""
    row = None if listener is None else tx.one(_LINK, (listener,))
    return None if row is None else MusicLink(*row)


def link_account(tx: Transaction, user_id: int, guild_id: int, service: str, name: str) -> MusicLink:
    """Link an account, and have its history imported; what was heard under another account goes."""
    listener = own_listener(tx, user_id)
    before = link_of(tx, listener)
    if before is None or (before.service, before.name) != (service, name):
        unlink_account(tx, user_id)
        row = {"listener": listener, "service": service, "name": name, "guild_id": guild_id, "linked_at": tx.now_ms}
        tx.insert_new("music_links", row)
    due.put(tx, IMPORT, listener, tx.now, guild_id=guild_id if before is None else before.guild_id)
    found = link_of(tx, listener)
    if found is None:
        raise RuntimeError("What was linked is there.")
    return found


def unlink_account(tx: Transaction, user_id: int) -> int | None:
    """Unlink a member's account, and delete what was heard there: how many listens; None if none was linked."""
    listener = listener_of(tx, user_id)
    if listener is None or not tx.execute("DELETE FROM music_links WHERE listener = ?", (listener,)):
        return None
    due.forget(tx, (IMPORT,), listener)
    rows = drop_listens(tx, listener)
    sum_up(tx, listener)
    return rows


def ask_for_news(tx: Transaction, listener: int) -> None:
    """Have what was heard since the last import imported soon, unless that was just now."""
    link = link_of(tx, listener)
    if link is not None and link.is_old(tx.now):
        due.put(tx, IMPORT, listener, tx.now, guild_id=link.guild_id)


def take_page(tx: Transaction, asked: MusicLink, page: HeardPage, keep: timedelta) -> None:
    """
    Keep a page of a history, and have the next one read; after the last one the import is complete.

    Args:
        asked: the link as it was when the page was asked for: if it was unlinked or linked anew since, nothing is kept.
        keep: how long listens are kept.

    """
    now = link_of(tx, asked.listener)
    if now is None or now.account != asked.account or now.page != asked.page:
        return
    begins = not now.page
    artists = heard_artists(tx, {artist for _, artist, _ in page.listens})
    heard = [KeptListen(1000 * at, artists[who], title) for at, who, title in page.listens if who in artists]
    new = keep_listens(tx, now.listener, heard)
    now = now._replace(
        page=page.cursor,
        seen_until=max([now.seen_until, *(at for at, _, _ in page.listens)]),
        pages=1 if begins else now.pages + 1,
        listens=new + (0 if begins else now.listens),
        skipped=page.skipped + (0 if begins else now.skipped),
        problem="",
    )
    if page.cursor and now.pages < MOST_PAGES:
        _keep(tx, now)
        if begins and now.imported_ms is None:
            sum_up(tx, now.listener)  # enough to begin with
        due.put(tx, IMPORT, now.listener, tx.now, guild_id=now.guild_id)
        return
    known = max(now.known_until, now.seen_until)
    _keep(tx, now._replace(page="", known_until=known, imported_ms=tx.now_ms))
    drop_listens(tx, now.listener, to_millis(tx.now - keep))
    sum_up(tx, now.listener)
    if now.listens:
        learn_soon(tx)
    due.put(tx, IMPORT, now.listener, tx.now + UPDATE_EVERY, guild_id=now.guild_id)


def note_import_problem(tx: Transaction, asked: MusicLink, problem: str, again: timedelta) -> None:
    """Note why an import doesn't go on, and have it tried again at the same page."""
    now = link_of(tx, asked.listener)
    if now is not None and now.account == asked.account:
        _keep(tx, now._replace(problem=problem[:LONGEST_PROBLEM]))
        due.put(tx, IMPORT, now.listener, tx.now + again, guild_id=now.guild_id)


def imported_at(link: MusicLink) -> datetime | None:
    """Return when the last import was complete."""
    return None if link.imported_ms is None else from_millis(link.imported_ms)


def _keep(tx: Transaction, link: MusicLink) -> None:
    tx.execute(
        "UPDATE music_links SET imported_at = ?, known_until = ?, page = ?, seen_until = ?, pages = ?, listens = ?,"
        " skipped = ?, problem = ? WHERE listener = ?",
        (
            link.imported_ms,
            link.known_until,
            link.page,
            link.seen_until,
            link.pages,
            link.listens,
            link.skipped,
            link.problem,
            link.listener,
        ),
    )
