-- Reason: leaderboards and records: what settled bets are summed up by, and how good their odds were against the close.
ALTER TABLE bet_bets ADD COLUMN sport VARCHAR(20) NOT NULL DEFAULT ''; -- of its games, or `several`; empty until it is settled
ALTER TABLE bet_bets ADD COLUMN closing_bps INTEGER; -- closing line value in basis points; NULL: nobody told a closing price
CREATE INDEX bet_bets_sums ON bet_bets (
    guild_id, mode, status, user_id, changed_at, outcome, stake, payout, sport, closing_bps
); -- all that sums are made of, each member's together
