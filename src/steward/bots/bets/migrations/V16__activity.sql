-- Reason: whoever changes limits or preferences is active, though nothing moves in a wallet.
ALTER TABLE bet_limits ADD COLUMN changed_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE bet_preferences ADD COLUMN changed_at BIGINT NOT NULL DEFAULT 0;

-- Nobody knows when those were changed that are there already: they count as being as new as the newest bet.
UPDATE bet_limits SET changed_at = (SELECT COALESCE(MAX(placed_at), 0) FROM bet_bets);
UPDATE bet_preferences SET changed_at = (SELECT COALESCE(MAX(placed_at), 0) FROM bet_bets);
