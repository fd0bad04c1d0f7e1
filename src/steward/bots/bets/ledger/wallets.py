"""What becomes of wallets: daily claims, gifts between members, grants, debts forgiven, and wallets that end."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from steward.bots.bets.errors import BetsError
from steward.bots.bets.ledger.accounts import ISSUANCE, RETIRED, Account, account_ids, find_wallet, wallet
from steward.bots.bets.ledger.amounts import read_points
from steward.bots.bets.ledger.former_members import former_claim, note_former_member
from steward.bots.bets.ledger.posting import Movement, NotEnough, find, moved, post
from steward.bots.bets.section import BetsMode, BetsSection
from steward.runtime.wall_time import day_begins
from steward.store import Transaction, from_millis, to_millis

HOURS_APART = 20
"""The least time between two claims, however the zone is moved."""


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


@dataclass(frozen=True, slots=True)
class NextClaim:
    """
    What a member can claim next.

    Attributes:
        amount: 0 for nothing.
        is_first: it is the starting balance.
        at: from when; None for now.

    """

    amount: int
    is_first: bool
    at: datetime | None


class ClaimedToday(BetsError):
    """A member has claimed lately; `again_at` says when there is a next claim."""

    def __init__(self, again_at: datetime) -> None:
        at = f"<t:{int(again_at.timestamp())}:R>"
        super().__init__(f"You've already claimed. Come back {at}: there's one claim a day, {HOURS_APART} hours apart.")
        self.again_at = again_at


def claim(tx: Transaction, guild_id: int, user_id: int, section: BetsSection) -> Claimed:
    """
    Give a member the points of today, once a day of the guild's own clock; the starting balance the first time.

    Raises:
        ClaimedToday: they had them, today or less than `HOURS_APART` hours ago.
        BetsError: there is nothing to claim here.

    """
    require_house(section)
    account_id = account_ids(tx, guild_id, [wallet(user_id)])[wallet(user_id)]
    due = next_claim(tx, guild_id, user_id, section)
    if due.at is not None:
        raise ClaimedToday(due.at)
    if not due.amount:
        raise BetsError("There's no daily claim in this server.", remedy="Ask whoever runs it for a grant.")
    key = _claim_key(account_id, _today(tx, section))
    (done,) = post(tx, guild_id, [Movement(key, "claim", _issued(user_id, due.amount), user_id)])
    again_at = _claimable_after(tx.now_ms, section)
    return Claimed(due.amount, done.balances[wallet(user_id)], due.is_first, again_at)


def next_claim(tx: Transaction, guild_id: int, user_id: int, section: BetsSection) -> NextClaim:
    """Return what a member can claim next, and when."""
    own = find_wallet(tx, guild_id, user_id)
    has_begun = own is not None and _has_begun(tx, own.account_id)
    claimed_ms = _last_claim(tx, guild_id, user_id)
    if not has_begun:  # of a member who was forgotten, the last claim counts on
        former = former_claim(tx, guild_id, user_id)
        has_begun, claimed_ms = former is not None, former or 0
    at = max(_claimable_after(claimed_ms, section), tx.now)
    # Where the zone was moved back, this may be a day that was claimed before.
    if own is not None and find(tx, guild_id, _claim_key(own.account_id, _day(at, section))) is not None:
        at = day_begins(_day(at, section) + timedelta(days=1), section.zone_info)
    amount = section.starting_balance if section.starting_balance and not has_begun else section.daily_claim
    return NextClaim(amount, not has_begun, at if at > tx.now else None)


def give_typed(
    tx: Transaction, guild_id: int, giver: int, receiver: int, typed: str, section: BetsSection, *, key: str
) -> int:
    """
    Move the points that a member typed, such as `half`, to another, and return how many; a replay moves no more.

    Raises:
        BetsError: it is no amount, or they can't give so much, or not now.

    """
    points = moved(tx, guild_id, key)
    if points is None:  # else the balance, of which a share is taken, is another by now
        own = find_wallet(tx, guild_id, giver)
        points = read_points(typed, 0 if own is None else own.balance)
        give(tx, guild_id, giver, receiver, points, section, key=key)
    return points


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
    """Set a wallet that is below zero to zero, and return what was owed, by a replay too; 0 if nothing was."""
    owed = moved(tx, guild_id, key)
    if owed is not None:
        return owed
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


def note_begun(tx: Transaction, guild_id: int, user_id: int) -> None:
    """Keep, without who it is, that a member who is about to be forgotten has had the starting balance."""
    own = find_wallet(tx, guild_id, user_id)
    if own is not None and _has_begun(tx, own.account_id):
        note_former_member(tx, guild_id, user_id, _last_claim(tx, guild_id, user_id))


def require_house(section: BetsSection) -> None:
    """
    Refuse what needs a wallet where there are none.

    Raises:
        BetsError: the guild tracks units.

    """
    if section.mode is not BetsMode.HOUSE:
        raise BetsError("This server tracks units: there are no wallets here.")


NO_WALLET = BetsError("You don't have a wallet here yet.", remedy="`/wallet claim` gets you started.")


def too_little(lacking: NotEnough, section: BetsSection) -> BetsError:
    """Return the sentence for a member whose wallet lacks what they want to spend."""
    if lacking.balance < 0:
        owed = section.points(-lacking.balance)
        return BetsError(f"You owe {owed}, since the result of a bet was corrected. Claims and wins pay it back.")
    return BetsError(f"You have {section.points(lacking.balance)}, and this takes {section.points(lacking.needed)}.")


def _require_gift(tx: Transaction, guild_id: int, giver: int, amount: int, section: BetsSection) -> None:
    """Refuse a gift that the guild's limits don't allow, or of a wallet that was opened today."""
    if not section.gift_limit:
        raise BetsError(f"Members can't give each other {section.currency} in this server.")
    if amount > section.gift_limit:
        raise BetsError(
            f"The most you can give at once is {section.points(section.gift_limit)}.", remedy="Choose less."
        )
    today = day_begins(_today(tx, section), section.zone_info)
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


def _last_claim(tx: Transaction, guild_id: int, user_id: int) -> int:
    """Return when a member claimed within the last two days, in milliseconds; 0 for not."""
    sql = "SELECT MAX(at) FROM bet_transactions WHERE guild_id = ? AND actor_id = ? AND at >= ? AND kind = 'claim'"
    return tx.value(sql, (guild_id, user_id, to_millis(tx.now - timedelta(days=2)))) or 0


def _claimable_after(claimed_ms: int, section: BetsSection) -> datetime:
    """Return when there is a next claim after one: on the next day, and some hours later."""
    claimed = from_millis(claimed_ms)
    tomorrow = day_begins(_day(claimed, section) + timedelta(days=1), section.zone_info)
    return max(tomorrow, claimed + timedelta(hours=HOURS_APART))


def _issued(user_id: int, amount: int) -> dict[Account, int]:
    return {ISSUANCE: -amount, wallet(user_id): amount}


def _today(tx: Transaction, section: BetsSection) -> date:
    return _day(tx.now, section)


def _day(at: datetime, section: BetsSection) -> date:
    return at.astimezone(section.zone_info).date()


def _claim_key(account_id: int, day: date) -> str:
    return f"claim:{account_id}:{day.isoformat()}"
