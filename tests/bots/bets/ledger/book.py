"""A ledger for tests: one in memory for rules, and what is read of any."""

from __future__ import annotations

import sqlite3
from contextlib import closing, contextmanager

from steward.bots import bets
from steward.bots.bets.ledger.accounts import Account, AccountKind
from steward.bots.bets.ledger.audit import audit
from steward.store import Transaction
from steward.store.dialect import SqliteDialect
from steward.store.migrate import load_schema, statements

GUILD, ADA, BEN, CARLA, OLGA = 1, 11, 12, 13, 99


@contextmanager
def ledger_in_memory(clock):
    """Give a function that runs a unit of work: all of it, or nothing where it raises."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        connection.row_factory = sqlite3.Row
        for step in load_schema([("bets", bets.BOT.migrations)]).migrations:
            for sql in statements(step.sql, SqliteDialect()):
                connection.execute(sql)

        def run(work):
            connection.execute("BEGIN")
            try:
                result = work(Transaction(connection, SqliteDialect(), clock.now()))
            except BaseException:
                connection.execute("ROLLBACK")
                raise
            connection.execute("COMMIT")
            return result

        yield run


def balances(tx, guild_id=GUILD):
    """Return what is in each account that isn't empty."""
    rows = tx.all("SELECT kind, owner_id, balance FROM bet_accounts WHERE guild_id = ? AND balance <> 0", (guild_id,))
    return {Account(AccountKind(kind), owner): balance for kind, owner, balance in rows}


def flaws(tx):
    """Return what an audit finds, as sentences."""
    return [flaw.sentence for flaw in audit(tx).flaws]
