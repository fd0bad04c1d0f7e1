"""An audit finds what is wrong, says where, and finds nothing in a ledger that was only used."""

from functools import partial

import pytest

from steward.bots.bets.ledger import audit as auditing
from steward.bots.bets.ledger import wallets
from steward.bots.bets.ledger.accounts import BOOK, escrow, wallet
from steward.bots.bets.ledger.audit import audit
from steward.bots.bets.ledger.posting import Movement, post
from steward.bots.bets.ledger.reversals import reversals
from steward.bots.bets.section import BetsSection
from steward.bots.installed import MIGRATIONS
from steward.store import open_store
from tests.bots.bets.ledger.book import ADA, BEN, GUILD, ledger_in_memory
from tests.runtime.hand_clock import HandClock


def used(tx):
    """Use it in each way: transactions 1 and 2 claim, 3 places, 4 settles, 5 takes that back; 6 is of another guild."""
    for user in (ADA, BEN):
        wallets.claim(tx, GUILD, user, BetsSection())
    place = Movement("p1", "place", {wallet(ADA): -100, escrow(7): 100}, ADA)
    settle = Movement("s1", "settle", {escrow(7): -100, BOOK: -150, wallet(ADA): 250})
    _, settled = post(tx, GUILD, [place, settle])
    post(tx, GUILD, list(reversals(tx, GUILD, [settled.id]).values()))
    wallets.claim(tx, 2, ADA, BetsSection())


WALLET_OF_ADA, WALLET_OF_BEN = (
    f"(SELECT id FROM bet_accounts WHERE guild_id = 1 AND owner_id = {who})" for who in (ADA, BEN)
)
ESCROW = "(SELECT id FROM bet_accounts WHERE kind = 'escrow')"
BROKEN = {
    "a balance was changed": (
        f"UPDATE bet_accounts SET balance = balance + 1 WHERE id = {WALLET_OF_ADA}",
        {"sum to +1", "its entries say"},
    ),
    "an amount was changed": (
        f"UPDATE bet_entries SET amount = amount + 1 WHERE account_id = {WALLET_OF_BEN}",
        {"transaction 2 (claim) of the guild 1 sum to +1", "0 and +1,001 make 1,001, and not 1,000"},
    ),
    "an entry was deleted": (
        f"DELETE FROM bet_entries WHERE account_id = {WALLET_OF_ADA} AND number = 2",
        {"After entry 1 of the account", "transaction 3 (place) of the guild 1 sum to +100", "In entry 3"},
    ),
    "the last entry was deleted": (
        f"DELETE FROM bet_entries WHERE account_id = {WALLET_OF_BEN}",
        {"counts 1 entries, and the last is 0", "has 1,000, and its entries say 0", "sum to -1,000"},
    ),
    "a transaction was deleted": (
        "DELETE FROM bet_transactions WHERE id = 4",
        {"entries of the transaction 4, which is not there", "The transaction 5 reverses 4"},
    ),
    "an account was deleted": (
        f"DELETE FROM bet_accounts WHERE id = {WALLET_OF_BEN}",
        {"entries of the account", "balances of the guild 1 sum to -1,000"},
    ),
    "the last account was deleted": (
        "DELETE FROM bet_accounts WHERE id = (SELECT MAX(id) FROM bet_accounts)",
        {"entries of the account", "balances of the guild 2 sum to"},
    ),
    "money went to another guild": (
        f"UPDATE bet_accounts SET guild_id = 3 WHERE id = {WALLET_OF_BEN}",
        {"has entries in accounts of another guild", "balances of the guild 3", "balances of the guild 1"},
    ),
    "a wallet was overdrawn by no reversal": (
        "UPDATE bet_transactions SET reverses = NULL WHERE id = 5",
        {"was overdrawn"},
    ),
    "a reversal takes back another transaction": (
        "UPDATE bet_transactions SET reverses = 3 WHERE id = 5",
        {"The reversal 5 leaves"},
    ),
    "an escrow was settled by halves": (
        f"UPDATE bet_entries SET amount = -40, balance = 60 WHERE account_id = {ESCROW} AND number = 2",
        {"holds 60 of a stake of 100", "transaction 4 (settle) of the guild 1 sum to +60", "In entry 3", "leaves"},
    ),
}  # fmt: skip


def overdraw(tx):
    """Spend so much that taking the settlement back goes below zero."""
    wallets.claim(tx, GUILD, ADA, BetsSection())
    place = Movement("p1", "place", {wallet(ADA): -100, escrow(7): 100}, ADA)
    settle = Movement("s1", "settle", {escrow(7): -100, BOOK: -150, wallet(ADA): 250})
    spend = Movement("p2", "place", {wallet(ADA): -1150, escrow(8): 1150}, ADA)
    *_, settled, _ = post(tx, GUILD, [place, settle, spend])
    post(tx, GUILD, list(reversals(tx, GUILD, [settled.id]).values()))


@pytest.mark.parametrize("what", BROKEN)
def test_what_is_wrong_is_found_and_said(what):
    sql, told = BROKEN[what]
    with ledger_in_memory(HandClock()) as run:
        run(overdraw if "overdrawn" in what else used)
        assert run(audit).flaws == []
        run(lambda tx: tx.execute(sql))
        found = run(audit)
        sentences = [flaw.sentence for flaw in found.flaws]
        assert {words for words in told if not any(words in one for one in sentences)} == set(), sentences
        assert [one for one in sentences if not any(words in one for words in told)] == []
        assert found.found == len(sentences)
        assert all(flaw.guild_id or flaw.account_id or flaw.transaction_id for flaw in found.flaws)


async def test_each_engine_is_audited_in_pages_and_says_how_far_it_is(clock, database, monkeypatch):
    monkeypatch.setattr(auditing, "ROWS", 2)
    monkeypatch.setattr(auditing, "TRANSACTIONS", 2)
    shares = []
    async with open_store(database, clock, migrations=MIGRATIONS) as store:
        assert await store.read(audit) == auditing.Audited()
        await store.write(used)
        found = await store.read(partial(audit, step=shares.append))
        assert (found.guilds, found.accounts, found.transactions, found.entries) == (2, 7, 6, 14)
        assert found.flaws == []
        assert shares == sorted(shares)
        assert (shares[0], shares[-1]) == (0.0, 1.0)
        await store.write(lambda tx: tx.execute("UPDATE bet_accounts SET balance = 5 WHERE kind = 'escrow'"))
        (first, second) = (await store.read(audit)).flaws
        assert (first.guild_id, second.guild_id) == (GUILD, GUILD)
        assert second.account_id is not None


def test_of_many_flaws_some_are_told_and_all_are_counted(monkeypatch):
    monkeypatch.setattr(auditing, "MOST_FLAWS", 3)
    with ledger_in_memory(HandClock()) as run:
        run(used)
        run(lambda tx: tx.execute("UPDATE bet_accounts SET balance = balance + 1"))
        found = run(audit)
        assert len(found.flaws) == 3
        assert found.found == 9  # seven accounts, two guilds
