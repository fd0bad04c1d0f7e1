-- Reason: a bet counts when it was settled first: a correction moved it to another week, and changed the order of streaks.
ALTER TABLE bet_bets ADD COLUMN settled_at BIGINT; -- when it was settled first; NULL: it never was
UPDATE bet_bets SET settled_at = changed_at WHERE status = 'settled'; -- of corrected ones nobody knows it any more

DROP INDEX bet_bets_sums /*! ON bet_bets */;  -- only MariaDB and MySQL read this comment, and need it
CREATE INDEX bet_bets_sums ON bet_bets (
    guild_id, mode, status, user_id, settled_at, outcome, stake, payout, sport, closing_bps
); -- all that sums are made of, each member's together
