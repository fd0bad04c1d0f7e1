"""How long what music keeps about members is kept."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from steward.bots.music.picks.weekly import NOT_AGAIN_FOR
from steward.bots.music.taste.members import forget_taste
from steward.bots.music.taste.opinions import REMEMBERED, ArtistVerdict
from steward.guilds.retention import OldRows
from steward.store import Transaction
from steward.store.retention import Rows


def old_music(idle: timedelta | None) -> Iterator[OldRows]:
    """Yield what isn't needed any more, and all of who hasn't used the bot for so long; None for no such members."""
    yield OldRows(Rows("music_shown WHERE 1 = 1"), REMEMBERED)
    yield OldRows(Rows("music_weekly_picks WHERE 1 = 1"), NOT_AGAIN_FOR)
    yield OldRows(Rows("music_opinions WHERE verdict = ?", (ArtistVerdict.DISLIKE,)), REMEMBERED)
    if idle is not None:
        yield OldRows(Rows("music_members WHERE 1 = 1"), idle, "used_at", drop=_forget_some)


def _forget_some(tx: Transaction, old: Rows, most: int) -> int:
    users = tx.all(f"SELECT user_id FROM {old.sql} ORDER BY used_at LIMIT {most // 10}", old.args)  # noqa: S608 - ours
    for (user_id,) in users:
        forget_taste(tx, user_id)
    return len(users)
