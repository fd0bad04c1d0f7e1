"""Markets as rows: made once, read with what stands on each outcome, locked before they change."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from steward.bots.bets.errors import BetsError
from steward.bots.bets.kinds import MARKET
from steward.bots.bets.markets.market import MarketOutcome, MarketStake, MarketStatus, MemberMarket
from steward.bots.bets.markets.written import LONGEST_ODDS
from steward.bots.bets.odds.prices import Odds
from steward.store import Row, Transaction, chunks, marks
from steward.store.desired import desired

MOST_UNSETTLED = 5
"""So many markets of one member at once."""
OFFERED = 200
GONE = BetsError("That market isn't there any more.", remedy="`/market list` shows those that are.")
_COLUMNS = (
    "id, guild_id, channel_id, creator_id, question, source, takeout_bps, closes_at, status, answer, deadline_at,"
    " void_reason"
)
PAGE = 10


def insert_market(tx: Transaction, market: MemberMarket) -> bool:
    """
    Keep a new market; False if it is kept already.

    Raises:
        BetsError: its creator has too many that aren't settled.

    """
    values = {
        "id": market.id,
        "guild_id": market.guild_id,
        "channel_id": market.channel_id,
        "creator_id": market.creator_id,
        "question": market.question,
        "source": market.source,
        "takeout_bps": market.takeout_bps,
        "made_at": tx.now_ms,
        "closes_at": market.closes_ms,
        "deadline_at": market.closes_ms,
    }
    if not tx.insert_new("bet_markets", values):
        return False
    sql = "SELECT COUNT(*) FROM bet_markets WHERE guild_id = ? AND creator_id = ? AND status <> 'settled'"
    if tx.value(sql, (market.guild_id, market.creator_id)) > MOST_UNSETTLED:
        raise BetsError(
            f"You have {MOST_UNSETTLED} markets that aren't settled yet.", remedy="Have one of them settled first."
        )
    tx.executemany(
        "INSERT INTO bet_market_outcomes (market, number, label, numerator, denominator, received)"
        " VALUES (?, ?, ?, ?, ?, ?)",
        [(market.id, one.number, one.label, *_odds_row(one.odds)) for one in market.outcomes],
    )
    return True


def locked(tx: Transaction, market_id: int, guild_id: int | None = None) -> MemberMarket:
    """
    Lock a market whose post is to show something else, and return it: whoever changes it meanwhile comes after.

    Args:
        guild_id: the guild that asks, which has no other's; None where Steward itself does.

    Raises:
        BetsError: there is none of that id.

    """
    if not tx.execute("UPDATE bet_markets SET changes = changes + 1 WHERE id = ?", (market_id,)):
        raise GONE
    desired.mark(tx, MARKET, market_id)
    return market_of(tx, market_id, guild_id)


def market_of(tx: Transaction, market_id: int, guild_id: int | None = None) -> MemberMarket:
    """Return a market; see `locked`."""
    row = tx.one(f"SELECT {_COLUMNS} FROM bet_markets WHERE id = ?", (market_id,))  # noqa: S608 - ours
    if row is None or guild_id not in {None, row["guild_id"]}:
        raise GONE
    (market,) = _read(tx, [row])
    return market


def markets_of(tx: Transaction, numbers: Collection[int]) -> dict[int, MemberMarket]:
    """Return markets by their id."""
    rows = [
        row
        for some in chunks(sorted(numbers))
        for row in tx.all(f"SELECT {_COLUMNS} FROM bet_markets WHERE id IN ({marks(some)})", some)  # noqa: S608 - ours
    ]
    return {market.id: market for market in _read(tx, rows)}


def has_market(tx: Transaction, guild_id: int, market_id: int) -> bool:
    """Whether the guild has a market of that id."""
    return tx.value("SELECT 1 FROM bet_markets WHERE guild_id = ? AND id = ?", (guild_id, market_id)) is not None


def unsettled(tx: Transaction, guild_id: int, page: int) -> tuple[list[MemberMarket], bool]:
    """Return a page of the markets that aren't settled, what is due next first, and whether there are more."""
    rows = tx.all(
        f"SELECT {_COLUMNS} FROM bet_markets WHERE guild_id = ? AND status <> 'settled'"  # noqa: S608 - ours
        f" ORDER BY deadline_at, id LIMIT {PAGE + 1} OFFSET {max(0, page) * PAGE}",
        (guild_id,),
    )
    return _read(tx, rows[:PAGE]), len(rows) > PAGE


def named_markets(tx: Transaction, guild_id: int) -> list[tuple[str, int]]:
    """Return the questions and ids of a guild's markets: what is due next first, then the newest settled ones."""
    some = "SELECT question, id FROM bet_markets WHERE guild_id = ? AND status"
    rows = tx.all(f"{some} <> 'settled' ORDER BY deadline_at, id LIMIT ?", (guild_id, OFFERED))
    rows = [*rows, *tx.all(f"{some} = 'settled' ORDER BY id DESC LIMIT ?", (guild_id, OFFERED - len(rows)))]
    return [(question, id_) for question, id_ in rows]


def open_stakes(tx: Transaction, market_id: int, user_id: int | None = None) -> list[MarketStake]:
    """Return the open stakes of a market in the order of their ids, or those of one member."""
    own, args = ("", [market_id]) if user_id is None else (" AND user_id = ?", [market_id, user_id])
    rows = tx.all(
        "SELECT id, outcome, user_id, stake, returned FROM bet_market_stakes"  # noqa: S608 - ours
        f" WHERE market = ? AND status = 'open'{own} ORDER BY id",
        args,
    )
    return [MarketStake(*row) for row in rows]


def has_stake(tx: Transaction, market_id: int, user_id: int) -> bool:
    """Whether a member has something to win or lose."""
    sql = "SELECT 1 FROM bet_market_stakes WHERE market = ? AND user_id = ? AND status = 'open' LIMIT 1"
    return tx.value(sql, (market_id, user_id)) is not None


def _read(tx: Transaction, rows: Sequence[Row]) -> list[MemberMarket]:
    kept = {row["id"]: tuple(row) for row in rows}
    outcomes: dict[int, list[MarketOutcome]] = {id_: [] for id_ in kept}
    for some in chunks(sorted(kept)):
        stands = {
            (market, outcome): (int(staked), bets, int(returned))
            for market, outcome, staked, bets, returned in tx.all(
                "SELECT market, outcome, SUM(stake), COUNT(*), SUM(returned) FROM bet_market_stakes"  # noqa: S608
                f" WHERE market IN ({marks(some)}) AND status <> 'cancelled' GROUP BY market, outcome",
                some,
            )
        }
        for market, number, label, numerator, denominator, received in tx.all(
            "SELECT market, number, label, numerator, denominator, received FROM bet_market_outcomes"  # noqa: S608
            f" WHERE market IN ({marks(some)}) ORDER BY market, number",
            some,
        ):
            odds = None if numerator is None else Odds(numerator, denominator, received)
            outcomes[market].append(MarketOutcome(number, label, odds, *stands.get((market, number), (0, 0, 0))))
    return [_market(tuple(outcomes[id_]), *row) for id_, row in kept.items()]


def _market(
    outcomes: tuple[MarketOutcome, ...], number: int, guild_id: int, channel_id: int, creator_id: int | None,
    question: str, source: str, takeout_bps: int, closes_ms: int, status: str, answer: int | None, deadline_ms: int,
    void_reason: str,
) -> MemberMarket:  # fmt: skip
    head = (number, guild_id, channel_id, creator_id, question, source, takeout_bps, closes_ms, outcomes)
    return MemberMarket(*head, MarketStatus(status), answer, deadline_ms, void_reason)


def _odds_row(odds: Odds | None) -> tuple[int | None, int | None, str]:
    return (None, None, "") if odds is None else (*odds.ratio, odds.text[:LONGEST_ODDS])
