-- Reason: stakes in members' markets and slips of cappers are part of records and leaderboards, too.
CREATE INDEX bet_market_stakes_sums ON bet_market_stakes (guild_id, status, user_id, changed_at, stake, payout);

ALTER TABLE bet_manual_slips ADD COLUMN settled_at BIGINT; -- when it was graded first; NULL: it never was
UPDATE bet_manual_slips SET settled_at = changed_at WHERE status = 'settled'; -- of corrected ones nobody knows it any more
CREATE INDEX bet_manual_slips_sums ON bet_manual_slips (guild_id, status, user_id, settled_at, outcome, stake, payout);
