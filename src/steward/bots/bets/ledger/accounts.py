"""The accounts of a guild's ledger, as values and as rows."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from steward.store import Transaction, chunks, marks

T = TypeVar("T")


class AccountKind(StrEnum):
    """What an account is for."""

    WALLET = "wallet"
    ESCROW = "escrow"
    BOOK = "book"
    POOL = "pool"
    BREAKAGE = "breakage"
    ISSUANCE = "issuance"
    RETIRED = "retired"
    SEASON = "season"


@dataclass(frozen=True, slots=True)
class Account:
    """
    An account of a guild.

    Attributes:
        owner_id: the member of a wallet, the number of a bet (escrow), of a market (pool), of a season; else 0.

    """

    kind: AccountKind
    owner_id: int = 0

    def __str__(self) -> str:
        return f"{self.kind}:{self.owner_id}" if self.owner_id else self.kind.value


BOOK = Account(AccountKind.BOOK)
"""The house: what members lose, less what they win."""
BREAKAGE = Account(AccountKind.BREAKAGE)
"""What is left of pools by rounding down."""
ISSUANCE = Account(AccountKind.ISSUANCE)
"""Where points come from: as far below zero as there are points."""
RETIRED = Account(AccountKind.RETIRED)
"""The points of members who are forgotten."""


def wallet(user_id: int) -> Account:
    return Account(AccountKind.WALLET, user_id)


def escrow(bet_id: int) -> Account:
    """Return the account that holds the stake of a bet until it is settled."""
    return Account(AccountKind.ESCROW, bet_id)


def pool(market_id: int) -> Account:
    return Account(AccountKind.POOL, market_id)


def season(number: int) -> Account:
    """Return the account that holds what all had at the end of a season."""
    return Account(AccountKind.SEASON, number)


@dataclass(frozen=True, slots=True)
class Wallet:
    """The wallet of a member: its account, what is in it, and how many entries it has had."""

    account_id: int
    balance: int
    entries: int


def find_wallet(tx: Transaction, guild_id: int, user_id: int) -> Wallet | None:
    """Return a member's wallet; None before the first claim, grant or gift."""
    found = tx.one(
        "SELECT id, balance, entries FROM bet_accounts WHERE guild_id = ? AND kind = 'wallet' AND owner_id = ?",
        (guild_id, user_id),
    )
    return None if found is None else Wallet(*found)


def account_ids(tx: Transaction, guild_id: int, accounts: Collection[Account]) -> dict[Account, int]:
    """Return the id of each account, opening those that are new."""
    found = _ids(tx, guild_id, accounts)
    if len(found) == len(accounts):
        return found
    for account in sorted(accounts, key=str):  # always in one order: two that open the same ones do not deadlock
        if account not in found:
            key = {"guild_id": guild_id, "kind": account.kind.value, "owner_id": account.owner_id}
            number = tx.insert_numbered("bet_accounts", {**key, "used_at": tx.now_ms})
            if number is not None:
                found[account] = number
    others = [account for account in accounts if account not in found]  # which another process has just opened
    return found | _ids(tx, guild_id, others) if others else found


def accounts_of(tx: Transaction, account_ids: Iterable[int]) -> dict[int, Account]:
    """Return which account each id stands for; for a wallet that is nobody's any more, `RETIRED`."""
    found: dict[int, Account] = {}
    for some in chunks(sorted(set(account_ids))):
        sql = f"SELECT id, kind, owner_id FROM bet_accounts WHERE id IN ({marks(some)})"  # noqa: S608 - marks
        for id_, kind, owner_id in tx.all(sql, some):
            gone = kind == AccountKind.WALLET and owner_id < 0
            found[id_] = RETIRED if gone else Account(AccountKind(kind), owner_id)
    return found


def _ids(tx: Transaction, guild_id: int, accounts: Iterable[Account]) -> dict[Account, int]:
    # One SELECT an account: PostgreSQL without statistics compares a list of owners with all accounts of the guild.
    one = "SELECT id, kind, owner_id FROM bet_accounts WHERE guild_id = ? AND kind = ? AND owner_id = ?"
    return {
        Account(AccountKind(kind), owner_id): id_
        for some in chunks(sorted(accounts, key=lambda account: (account.kind, account.owner_id)))
        for id_, kind, owner_id in tx.all(
            " UNION ALL ".join([one] * len(some)),
            [part for account in some for part in (guild_id, account.kind.value, account.owner_id)],
        )
    }
