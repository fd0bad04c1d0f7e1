"""What becomes of wallets: daily claims, gifts between members, grants, debts forgiven, and wallets that end."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from steward.bots.bets.errors import BetsError
from steward.bots.bets.ledger.accounts import ISSUANCE, RETIRED, Account, Wallet, account_ids, find_wallet, wallet
from steward.bots.bets.ledger.posting import Movement, NotEnough, find, post
from steward.bots.bets.section import BetsMode, BetsSection
from steward.runtime.wall_time import instant_of
from steward.store import Transaction, to_millis


@dataclass(frozen=True, slots=True)
class Claimed:
    """
    What a claim gave.

    Attributes:
        balance: what is in the wallet now.
        is_first: it was the starting balance.
        again_at: when there is a next one.

    """

    amount: int
    balance: int
    is_first: bool
    again_at: datetime


class ClaimedToday(BetsError):
    """A member has claimed today; `again_at` says when there is a next claim."""

    def __init__(self, again_at: datetime) -> None:
        at = f"<t:{int(again_at.timestamp())}:R>"
        super().__init__(f"You've already claimed today. Come back {at}: the next one is ready at midnight here.")
        self.again_at = again_at


def claim(tx: Transaction, guild_id: int, user_id: int, section: BetsSection) -> Claimed:
    """
    Give a member the points of today, once a day of the guild's own clock; the starting balance the first time.

    Raises:
        ClaimedToday: they had them.
        BetsError: there is nothing to claim here.

    """
    require_house(section)
    today = _today(tx, section)
    again_at = _beginning(today + timedelta(days=1), section)
    account_id = account_ids(tx, guild_id, [wallet(user_id)])[wallet(user_id)]
    key = _claim_key(account_id, today)
    if find(tx, guild_id, key) is not None:
        raise ClaimedToday(again_at)
    is_first = not _has_begun(tx, account_id)
    amount = section.starting_balance if is_first else section.daily_claim
    if not amount:
        raise BetsError("There's no daily claim in this server.", remedy="Ask whoever runs it for points.")
    (done,) = post(tx, guild_id, [Movement(key, "claim", _issued(user_id, amount), user_id)])
    return Claimed(amount, done.balances[wallet(user_id)], is_first, again_at)


def next_claim(tx: Transaction, guild_id: int, own: Wallet | None, section: BetsSection) -> datetime | None:
    """Return when a member can claim next; None for now."""
    today = _today(tx, section)
    if own is None or find(tx, guild_id, _claim_key(own.account_id, today)) is None:
        return None
    return _beginning(today + timedelta(days=1), section)


def give(
    tx: Transaction, guild_id: int, giver: int, receiver: int, amount: int, section: BetsSection, *, key: str
) -> int:
    """
    Move points from one member to another, and return what the giver has left.

    Raises:
        BetsError: they can't give so much, or not now.

    """
    require_house(section)
    movement = Movement(key, "transfer", {wallet(giver): -amount, wallet(receiver): amount}, giver)
    if find(tx, guild_id, key) is None:
        _require_gift(tx, guild_id, giver, amount, section)
    try:
        (done,) = post(tx, guild_id, [movement])
    except NotEnough as lacking:
        raise too_little(lacking, section) from lacking
    return done.balances[wallet(giver)]


def grant(tx: Transaction, guild_id: int, user_id: int, amount: int, *, actor_id: int, key: str) -> int:
    """Give a member new points, and return what they have."""
    (done,) = post(tx, guild_id, [Movement(key, "grant", _issued(user_id, amount), actor_id)])
    return done.balances[wallet(user_id)]


def forgive(tx: Transaction, guild_id: int, user_id: int, *, actor_id: int, key: str) -> int:
    """Set a wallet that is below zero to zero, and return what was owed; 0 if nothing was."""
    found = find_wallet(tx, guild_id, user_id)
    if found is None or found.balance >= 0:
        return 0
    post(tx, guild_id, [Movement(key, "forgive", _issued(user_id, -found.balance), actor_id)])
    return -found.balance


def retire(tx: Transaction, guild_id: int, user_id: int) -> None:
    """Take what a member has out of circulation, and have the wallet be nobody's; the ledger keeps its sums."""
    found = find_wallet(tx, guild_id, user_id)
    if found is None:
        return
    if found.balance:
        entries = {wallet(user_id): -found.balance, RETIRED: found.balance}
        post(tx, guild_id, [Movement(f"retire:{found.account_id}", "retire", entries)])
    tx.execute("UPDATE bet_accounts SET owner_id = ? WHERE id = ?", (-found.account_id, found.account_id))


def require_house(section: BetsSection) -> None:
    """
    Refuse what needs a wallet where there are none.

    Raises:
        BetsError: the guild tracks units.

    """
    if section.mode is not BetsMode.HOUSE:
        raise BetsError("This server tracks units: there are no wallets here.")


def too_little(lacking: NotEnough, section: BetsSection) -> BetsError:
    """Return the sentence for a member whose wallet lacks what they want to spend."""
    if lacking.balance < 0:
        owed = section.points(-lacking.balance)
        return BetsError(f"You owe {owed}, since the result of a bet was corrected. Claims and wins pay it back.")
    return BetsError(f"You have {section.points(lacking.balance)}, and this takes {section.points(lacking.needed)}.")


def _require_gift(tx: Transaction, guild_id: int, giver: int, amount: int, section: BetsSection) -> None:
    """Refuse a gift that the guild's limits don't allow, or of a wallet that was opened today."""
    if not section.gift_limit:
        raise BetsError("Members can't give points to each other in this server.")
    if amount > section.gift_limit:
        raise BetsError(
            f"The most you can give at once is {section.points(section.gift_limit)}.", remedy="Choose less."
        )
    today = _beginning(_today(tx, section), section)
    own = find_wallet(tx, guild_id, giver)
    if own is None or not own.entries:
        raise BetsError("Your wallet is empty.", remedy="Begin with `/wallet claim`.")
    # Else whoever is forgotten, and begins anew, could give the starting balance away again and again.
    if _opened(tx, own.account_id) >= to_millis(today):
        raise BetsError("Your wallet is new: you can give from tomorrow on.")
    given: int = tx.value(
        "SELECT COALESCE(-SUM(e.amount), 0) FROM bet_transactions t"
        " JOIN bet_entries e ON e.transaction_id = t.id AND e.account_id = ?"
        " WHERE t.guild_id = ? AND t.actor_id = ? AND t.at >= ? AND t.kind = 'transfer'",
        (own.account_id, guild_id, giver, to_millis(today)),
    )
    if given + amount > section.daily_gift_limit:
        left = section.points(max(0, section.daily_gift_limit - given))
        most = section.points(section.daily_gift_limit)
        raise BetsError(f"You can give {most} a day. Left for today: {left}.", remedy="Choose less.")


def _opened(tx: Transaction, account_id: int) -> int:
    """Return when an account had its first entry, in milliseconds."""
    sql = (
        "SELECT t.at FROM bet_entries e JOIN bet_transactions t ON t.id = e.transaction_id"
        " WHERE e.account_id = ? AND e.number = 1"
    )
    at: int = tx.value(sql, (account_id,))
    return at


def _has_begun(tx: Transaction, account_id: int) -> bool:
    """Return whether a member had the starting balance, by a claim or with a season."""
    sql = (
        "SELECT 1 FROM bet_entries e JOIN bet_transactions t ON t.id = e.transaction_id"
        " WHERE e.account_id = ? AND t.kind IN ('claim', 'season_begin') LIMIT 1"
    )
    return tx.value(sql, (account_id,)) is not None


def _issued(user_id: int, amount: int) -> dict[Account, int]:
    return {ISSUANCE: -amount, wallet(user_id): amount}


def _today(tx: Transaction, section: BetsSection) -> date:
    return tx.now.astimezone(section.zone_info).date()


def _claim_key(account_id: int, day: date) -> str:
    return f"claim:{account_id}:{day.isoformat()}"


def _beginning(day: date, section: BetsSection) -> datetime:
    return instant_of(datetime.combine(day, time()), section.zone_info)
