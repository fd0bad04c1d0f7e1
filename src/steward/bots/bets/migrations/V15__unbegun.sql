-- Reason: bets on a game are refunded only where a feed said after its window that it hasn't begun, not where feeds say nothing.
ALTER TABLE bet_game_refs ADD COLUMN unbegun_at BIGINT; -- when it last told, after the start, that the game hasn't begun
