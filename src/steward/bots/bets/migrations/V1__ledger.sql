-- Reason: play money, per guild: accounts with their balances, and transactions whose entries sum to zero.
-- Entries are only ever added. What is forgotten of a member is in bet_accounts.owner_id and bet_transactions.actor_id.
CREATE TABLE bet_accounts (
    id {auto_key},
    guild_id BIGINT NOT NULL,
    kind VARCHAR(10) NOT NULL CHECK (
        kind IN ('wallet', 'escrow', 'book', 'pool', 'breakage', 'issuance', 'retired', 'season')
    ),
    owner_id BIGINT NOT NULL,             -- a wallet's member, below 0: nobody any more; the number of a bet, market, season
    balance BIGINT NOT NULL DEFAULT 0,
    entries BIGINT NOT NULL DEFAULT 0,    -- how many it has
    used_at BIGINT NOT NULL,              -- by a transaction of its own, not one of a whole season
    CONSTRAINT bet_account UNIQUE (guild_id, kind, owner_id)
);

CREATE TABLE bet_transactions (
    id {auto_key},
    guild_id BIGINT NOT NULL,
    idempotency_key VARCHAR(100) NOT NULL,
    kind VARCHAR(20) NOT NULL,
    at BIGINT NOT NULL,
    actor_id BIGINT,                      -- who did it; NULL: the bot, or somebody forgotten
    reverses BIGINT,                      -- the transaction that it takes back
    body_hash VARCHAR(32) NOT NULL,       -- of kind, entries and what it reverses
    CONSTRAINT bet_transaction UNIQUE (idempotency_key, guild_id),
    CONSTRAINT bet_reversed_once UNIQUE (reverses)
);
CREATE INDEX bet_transactions_by_actor ON bet_transactions (guild_id, actor_id, at);

CREATE TABLE bet_entries (
    account_id BIGINT NOT NULL,
    number BIGINT NOT NULL,               -- 1, 2, 3 ... within the account, without a gap
    transaction_id BIGINT NOT NULL,
    amount BIGINT NOT NULL CHECK (amount <> 0),
    balance BIGINT NOT NULL,              -- of the account after it
    PRIMARY KEY (account_id, number)
) {compact};
CREATE INDEX bet_entries_by_transaction ON bet_entries (transaction_id, amount);
