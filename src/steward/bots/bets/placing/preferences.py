"""How each member wants to bet: the format of odds, whether a better price is taken, whether wins mention them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NamedTuple

from steward.bots.bets.odds.prices import OddsFormat
from steward.bots.bets.section import BetsSection
from steward.store import Transaction, marks


class BetPreferences(NamedTuple):
    """
    What a member has chosen.

    Attributes:
        odds_format: how they read odds; None: as their server has them.
        takes_better: a price that got better while they looked at their slip is taken; else they are asked.
        mentioned: they're mentioned where it is told that they won.

    """

    odds_format: OddsFormat | None = None
    takes_better: bool = True
    mentioned: bool = False

    def reads(self, section: BetsSection) -> OddsFormat:
        """Return how odds are written for them."""
        return section.odds_format if self.odds_format is None else self.odds_format


def preferences_of(tx: Transaction, guild_id: int, user_id: int) -> BetPreferences:
    """Return what a member has chosen, or what holds for everybody else."""
    row = tx.one(
        "SELECT odds_format, takes_better, mentioned FROM bet_preferences WHERE guild_id = ? AND user_id = ?",
        (guild_id, user_id),
    )
    if row is None:
        return BetPreferences()
    return BetPreferences(OddsFormat(row[0]) if row[0] else None, bool(row[1]), bool(row[2]))


def who_wants_mentions(tx: Transaction, guild_id: int, users: Sequence[int]) -> tuple[int, ...]:
    """Return those of some members who want to be mentioned where it is told that they won, in their order."""
    sql = f"SELECT user_id FROM bet_preferences WHERE guild_id = ? AND mentioned = 1 AND user_id IN ({marks(users)})"  # noqa: S608
    found = {user_id for (user_id,) in tx.all(sql, (guild_id, *users))}
    return tuple(user_id for user_id in users if user_id in found)


def prefer(
    tx: Transaction,
    guild_id: int,
    user_id: int,
    *,
    odds_format: OddsFormat | Literal[""] | None = None,
    takes_better: bool | None = None,
    mentioned: bool | None = None,
) -> BetPreferences:
    """
    Change what a member has chosen, and return what holds now; None leaves one as it is.

    Args:
        odds_format: empty for the server's.

    """
    before = preferences_of(tx, guild_id, user_id)
    now = BetPreferences(
        before.odds_format if odds_format is None else odds_format or None,
        before.takes_better if takes_better is None else takes_better,
        before.mentioned if mentioned is None else mentioned,
    )
    tx.upsert(
        "bet_preferences",
        key={"guild_id": guild_id, "user_id": user_id},
        values={
            "odds_format": now.odds_format or "",
            "takes_better": int(now.takes_better),
            "mentioned": int(now.mentioned),
            "changed_at": tx.now_ms,
        },
    )
    return now


def forget_preferences(tx: Transaction, guild_id: int, user_id: int) -> None:
    tx.execute("DELETE FROM bet_preferences WHERE guild_id = ? AND user_id = ?", (guild_id, user_id))
