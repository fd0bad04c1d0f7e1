"""The artists of a server's week: five by the taste of members who agreed, none again for eight weeks."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from steward.bots.music.picks.tastes import wanted_of_several
from steward.bots.music.recommend.recommending import recommend
from steward.store import Transaction, to_millis

if TYPE_CHECKING:
    from steward.bots.music.recommend.reasons import ArtistPick

AT_ONCE = 5
NOT_AGAIN_FOR = timedelta(weeks=8)


def weekly_picks(tx: Transaction, guild_id: int, members: list[int], week: str) -> tuple[list[ArtistPick], int]:
    """
    Choose the artists of a week and note them; return them, and by the taste of how many members they are.

    Chosen again, such as after a crash before they were posted, they take the place of those of the same week.
    """
    tx.execute("DELETE FROM music_weekly_picks WHERE guild_id = ? AND week = ?", (guild_id, week))
    since = to_millis(tx.now - NOT_AGAIN_FOR)
    sql = "SELECT artist FROM music_weekly_picks WHERE guild_id = ? AND at > ?"
    wanted, known = wanted_of_several(tx, members, {artist for (artist,) in tx.all(sql, (guild_id, since))})
    picks = recommend(tx, wanted, AT_ONCE) if known else []
    for pick in picks:
        key = {"guild_id": guild_id, "artist": pick.artist.id}
        tx.upsert("music_weekly_picks", key=key, values={"week": week, "at": tx.now_ms})
    return picks, known
