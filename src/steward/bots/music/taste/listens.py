"""What a member has heard, each listen once, and what that makes of their listening as a whole."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from steward.bots.music.catalogue.lookups import rows_in
from steward.bots.music.recommend.listening import keep_listening
from steward.store import Transaction
from steward.text.cutting import storable

LONGEST_TITLE = 200


class KeptListen(NamedTuple):
    """What was heard, and when, in milliseconds since 1970."""

    heard_ms: int
    artist: int
    title: str


def keep_listens(tx: Transaction, listener: int, listens: Sequence[KeptListen]) -> int:
    """Keep listens, each once however often it is told; return how many are new."""
    wanted = {one._replace(title=storable(one.title)[:LONGEST_TITLE]) for one in listens}
    if not wanted:
        return 0
    sql = "SELECT heard_at, artist, title FROM music_listens WHERE listener = ? AND heard_at IN ({})"
    known = rows_in(tx, sql, sorted({one.heard_ms for one in wanted}), listener)
    new = sorted(wanted - {KeptListen(*row) for row in known})
    tx.executemany(
        "INSERT INTO music_listens (listener, heard_at, artist, title) VALUES (?, ?, ?, ?)",
        [(listener, *one) for one in new],
    )
    return len(new)


def sum_up(tx: Transaction, listener: int) -> None:
    """Count anew how often a listener hears which artist: from listens, and once what they named."""
    sql = "SELECT artist, COUNT(*) FROM music_listens WHERE listener = ? GROUP BY artist"
    plays: dict[int, int] = dict(map(tuple, tx.all(sql, (listener,))))
    for (artist,) in tx.all("SELECT artist FROM music_favourites WHERE listener = ?", (listener,)):
        plays.setdefault(artist, 1)
    keep_listening(tx, listener, plays)


def drop_listens(tx: Transaction, listener: int, before_ms: int | None = None) -> int:
    """Delete what a listener heard, all of it or what was before an instant; return how much that was."""
    if before_ms is None:
        return tx.execute("DELETE FROM music_listens WHERE listener = ?", (listener,))
    return tx.execute("DELETE FROM music_listens WHERE listener = ? AND heard_at < ?", (listener, before_ms))
