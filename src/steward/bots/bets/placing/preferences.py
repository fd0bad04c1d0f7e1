"""How each member wants to bet: the format of odds, and whether a better price is taken without asking."""

from __future__ import annotations

from typing import NamedTuple

from steward.bots.bets.odds.prices import OddsFormat
from steward.store import Transaction


class BetPreferences(NamedTuple):
    """
    What a member has chosen.

    Attributes:
        takes_better: a price that got better while they looked at their slip is taken; else they are asked.

    """

    odds_format: OddsFormat = OddsFormat.DECIMAL
    takes_better: bool = True


def preferences_of(tx: Transaction, guild_id: int, user_id: int) -> BetPreferences:
    """Return what a member has chosen, or what holds for everybody else."""
    row = tx.one(
        "SELECT odds_format, takes_better FROM bet_preferences WHERE guild_id = ? AND user_id = ?", (guild_id, user_id)
    )
    return BetPreferences() if row is None else BetPreferences(OddsFormat(row[0]), bool(row[1]))


def prefer(
    tx: Transaction,
    guild_id: int,
    user_id: int,
    *,
    odds_format: OddsFormat | None = None,
    takes_better: bool | None = None,
) -> BetPreferences:
    """Change what a member has chosen, and return what holds now; None leaves one as it is."""
    before = preferences_of(tx, guild_id, user_id)
    now = BetPreferences(
        before.odds_format if odds_format is None else odds_format,
        before.takes_better if takes_better is None else takes_better,
    )
    tx.upsert(
        "bet_preferences",
        key={"guild_id": guild_id, "user_id": user_id},
        values={"odds_format": now.odds_format.value, "takes_better": int(now.takes_better)},
    )
    return now


def forget_preferences(tx: Transaction, guild_id: int, user_id: int) -> None:
    tx.execute("DELETE FROM bet_preferences WHERE guild_id = ? AND user_id = ?", (guild_id, user_id))
