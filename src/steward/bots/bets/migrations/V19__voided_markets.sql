-- Reason: a bet manager may void a market while it takes bets, and its post says why.
ALTER TABLE bet_markets ADD COLUMN void_reason VARCHAR(200) NOT NULL DEFAULT ''; -- empty for one that wasn't voided so
